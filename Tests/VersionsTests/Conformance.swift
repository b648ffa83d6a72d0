import Base
import Foundation
import Testing

/// The cases of other projects, where they stand beside the checkout; see CONTRIBUTING.md.
enum Conformance {
    /// The folder named by DEVINIT_CONFORMANCE, or `shared/conformance` beside a folder above this file.
    static let folder: URL? = {
        if let named = ProcessInfo.processInfo.environment["DEVINIT_CONFORMANCE"] { return URL(filePath: named) }
        var place = URL(filePath: #filePath).deletingLastPathComponent()
        while place.path != "/" {
            let folder = place.appending(path: "shared/conformance")
            if FileManager.default.fileExists(atPath: folder.path) { return folder }
            place.deleteLastPathComponent()
        }
        return nil
    }()

    static func text(_ path: String) throws -> String {
        guard let folder else { return "" }
        return String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
    }

    /// The cases of a node-semver file that state default options.
    static func cases(_ name: String) throws -> [JSON] {
        let document = try JSON(parsing: text("semver/\(name).json"))
        return try #require(document["cases"]?.array).filter { one in
            guard let options = one["options"]?.object else { return true }
            return options.allSatisfy { $0.value == .bool(false) }
        }
    }
}

extension JSON {
    /// The text of a member that must be there.
    func text(_ key: String) throws -> String { try #require(self[key]?.string) }
}
