import Base
import Foundation

/// Cases of the projects that define the dialects, in a folder beside the checkout or named by DEVINIT_CONFORMANCE.
enum Conformance {
    static let folder: String? = {
        if let named = ProcessInfo.processInfo.environment["DEVINIT_CONFORMANCE"] { return named }
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("shared/conformance").path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    static var isPresent: Bool { folder != nil }

    static func cases(_ name: String) throws -> [JSON] {
        guard let folder else { return [] }
        let text = try String(contentsOfFile: folder + "/dotenv/" + name, encoding: .utf8)
        return try JSON(parsing: text)["cases"]?.array ?? []
    }
}

extension JSON {
    /// The members that are text.
    var texts: [String: String] {
        Dictionary((object ?? []).compactMap { member in member.value.string.map { (member.key, $0) } }) { $1 }
    }
}

extension OrderedMap where Key == String, Value == String {
    var dictionary: [String: String] { Dictionary(map { ($0.key, $0.value) }) { $1 } }
}
