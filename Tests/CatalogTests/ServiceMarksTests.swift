import Foundation
import Testing

@testable import Catalog

/// `verified` of the services' templates against the tests that it speaks of.
@Suite struct ServiceMarksTests {
    /// The sources of the tests that run templates against an engine.
    private static func tests() throws -> String {
        try EmbeddingTests.files(in: "Tests/EndToEndTests/Services").sorted { $0.key < $1.key }
            .map { String(decoding: $0.value, as: UTF8.self) }.joined(separator: "\n")
    }

    @Test func `a template counts as tried only as far as a test tries it`() throws {
        let tests = try Self.tests()
        let recorded = try #require(EmbeddingTests.files(in: "Tests/Fixtures/Services")["recorded.json"])
        let played = try #require(try JSONSerialization.jsonObject(with: recorded) as? [String: Any])
        var marks = 0
        for path in EmbeddedTemplates.paths where path.hasPrefix("services/") && path.hasSuffix(".yaml") {
            let name = String(path.dropFirst("services/".count).dropLast(".yaml".count))
            let text = try #require(EmbeddedTemplates.text(path))
            let mark = try #require(text.firstMatch(of: #/(?m)^verified: (\w+)$/#)?.1)
            let isUsed = tests.contains(try Regex("use: \(name)\\b"))
            // A server under another name than its own is a stand-in for it.
            let isItself = tests.contains("devinit-lab/\(name):")
            let expected = isUsed && isItself ? "real" : isUsed || played[name] != nil ? "recorded" : "no"
            #expect(mark == expected, "\(name)")
            marks += 1
        }
        #expect(marks >= 22)
        #expect(Set(played.keys).isSubset(of: Set(EmbeddedTemplates.names)))
    }
}

extension EmbeddedTemplates {
    fileprivate static var names: [String] {
        paths.filter { $0.hasPrefix("services/") }.map { String($0.dropFirst(9).prefix { $0 != "." }) }
    }
}
