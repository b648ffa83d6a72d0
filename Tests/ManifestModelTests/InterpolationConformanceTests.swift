import Base
import Foundation
import ManifestModel
import Testing

/// Cases of the Compose specification's reference implementation; see the folder's own README for their source.
enum ConformanceFolder {
    static let path: String? = {
        if let given = ProcessInfo.processInfo.environment["DEVINIT_CONFORMANCE"] { return given }
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        for _ in 0..<8 {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("shared/conformance").path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
        }
        return nil
    }()

    static func json(_ name: String) throws -> JSON {
        let data = try Data(contentsOf: URL(fileURLWithPath: (path ?? "") + "/" + name))
        return try JSON(parsing: Array(data))
    }
}

@Suite(.enabled(if: ConformanceFolder.path != nil, "the conformance folder is not there"))
struct InterpolationConformanceTests {
    /// An unset variable without a default is an error for us and an empty text for Compose: the manifest's page
    /// says so. These cases are read with Compose's rule.
    @Test func `every case of the Compose reference is substituted the same`() throws {
        let cases = try #require(ConformanceFolder.json("interpolation/template.json")["cases"]?.array)
        #expect(cases.count > 40)
        for entry in cases {
            let text = try #require(entry["template"]?.string)
            var environment: [String: String] = [:]
            for member in entry["env"]?.object ?? [] { environment[member.key] = member.value.string }
            let values = environment
            let scope = Scope(
                variable: { .value(values[$0] ?? "") }, reference: { _ in .missing })
            let strict = Scope(
                variable: { values[$0].map { .value($0) } ?? .missing }, reference: { _ in .missing })
            do {
                let template = try Template(parsing: text)
                // With operators the difference between unset and empty matters; without one only Compose has a value.
                let result = (try? template.substituting(strict).text) ?? (try? template.substituting(scope).text)
                if let expected = entry["expected"]?.string {
                    #expect(result == expected, "\(text)")
                } else {
                    do {
                        _ = try template.substituting(strict)
                        Issue.record("\(text) must fail")
                    } catch {
                        let wanted = try #require(entry["error"]?.string)
                        #expect(error.message.contains(wanted), "\(text): \(error.message)")
                    }
                }
            } catch {
                #expect(entry["error_kind"]?.string == "invalid_template", "\(text): \(error)")
            }
        }
    }
}
