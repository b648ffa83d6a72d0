import Foundation
import Testing

@testable import Catalog

/// The embedded texts against the files that they were made from.
@Suite struct EmbeddingTests {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The regular files below a folder of the package, by path.
    static func files(in folder: String) throws -> [String: Data] {
        let root = package.appending(path: folder).path(percentEncoded: false)
        var found: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) where !path.hasSuffix(".DS_Store") {
            let full = root + "/" + path
            let kind = try FileManager.default.attributesOfItem(atPath: full)[.type] as? FileAttributeType
            if kind == .typeRegular { found[path] = try Data(contentsOf: URL(filePath: full)) }
        }
        return found
    }

    @Test func `every template is embedded byte for byte, and nothing else is`() throws {
        let files = try Self.files(in: "templates")
        #expect(!files.isEmpty)
        #expect(Set(EmbeddedTemplates.paths) == Set(files.keys))
        for (path, data) in files {
            #expect(EmbeddedTemplates.text(path).map { Data($0.utf8) } == data, "\(path)")
        }
    }

    @Test func `control characters, quotes, CR LF and byte order marks reach the program unchanged`() throws {
        let files = try Self.files(in: "Tests/Fixtures/Embedding")
        #expect(files.count >= 8)
        #expect(EmbeddedFiles.all.count == files.count)
        for file in EmbeddedFiles.all { #expect(Data(file.text.utf8) == files[file.path], "\(file.path)") }
    }

    @Test func `a path that is no template has no text`() {
        for path in ["", "tools", "tools/", "tools/git.yam", "tools/git.yaml2", "~", "zzz", "\u{0}"] {
            #expect(EmbeddedTemplates.text(path) == nil, "\(path)")
        }
    }

    @Test func `paths are in order, which the look-up relies on`() {
        #expect(EmbeddedTemplates.paths == EmbeddedTemplates.paths.sorted())
    }

    @Test func `only YAML files directly in a folder are its documents`() {
        let documents = EmbeddedTemplates.documents(in: "tools")
        #expect(documents.allSatisfy { $0.hasPrefix("tools/") && $0.hasSuffix(".yaml") })
        #expect(!EmbeddedTemplates.documents(in: "tool").contains { $0.hasPrefix("tools/") })
    }
}
