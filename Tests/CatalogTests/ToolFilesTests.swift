import Base
import Foundation
import Testing
import Versions
import YAML

@testable import Catalog

/// The files under `templates/tools/` against their own examples, and against outputs of real tools.
@Suite struct ToolFilesTests {
    /// A tool file as far as these tests need it.
    struct Tool {
        let name: String
        let node: YAMLNode
        var patterns: [String?] { node["probes"]?.items?.map { $0["pattern"]?.text } ?? [] }
        var names: [String] { [name] + (node["aliases"]?.items?.compactMap(\.text) ?? []) }

        /// What the first pattern that matches tells.
        func version(in output: String) -> String? {
            patterns.lazy.compactMap { ToolVersion.extract(from: output, pattern: $0) }.first
        }
    }

    static func tools() throws -> [Tool] {
        try EmbeddedTemplates.documents(in: "tools").map { path in
            let text = try #require(EmbeddedTemplates.text(path))
            let document = try YAMLReader.read(Array(text.utf8), file: path)
            #expect(document.diagnostics.isEmpty, "\(path): \(document.diagnostics.all)")
            return Tool(name: String(path.dropFirst(6).dropLast(5)), node: try #require(document.root))
        }
    }

    static let managers = ["brew", "apt", "dnf", "pacman", "apk", "winget", "mise"]
    static let keys: Set<String> = [
        "description", "aliases", "probes", "choose", "optional_prefix", "stubs", "stub_unless", "install", "homepage",
        "version_files", "examples",
    ]

    @Test func `every tool file has the form that its README states`() throws {
        let tools = try Self.tools()
        #expect(tools.count >= 30)
        for tool in tools {
            let node = tool.node
            let unknown = Set(node.entries?.map(\.key) ?? []).subtracting(Self.keys)
            #expect(unknown.isEmpty, "\(tool.name): \(unknown)")
            #expect(node["description"]?.text?.isEmpty == false, "\(tool.name)")
            #expect(node["homepage"]?.text?.hasPrefix("https://") == true, "\(tool.name)")
            #expect([nil, "newest"].contains(node["choose"]?.text), "\(tool.name)")
            #expect(node["install"]?.entries?.map(\.key) == Self.managers, "\(tool.name)")
            #expect(!tool.patterns.isEmpty, "\(tool.name)")
            for pattern in tool.patterns.compactMap({ $0 }) {
                #expect(ToolVersion.isPattern(pattern), "\(tool.name): \(pattern)")
            }
            for probe in node["probes"]?.items ?? [] {
                #expect(probe["command"]?.items?.allSatisfy { $0.text?.isEmpty == false } == true, "\(tool.name)")
            }
            #expect((node["stubs"] == nil) == (node["stub_unless"] == nil), "\(tool.name)")
        }
    }

    @Test func `a package is a name, a series with its range, or a cask`() throws {
        for tool in try Self.tools() {
            for manager in tool.node["install"]?.entries ?? [] where !manager.value.isNull {
                for package in manager.value.items ?? [manager.value] {
                    if package.text?.isEmpty == false { continue }
                    let keys = package.entries?.map(\.key)
                    if keys == ["cask"] { #expect(manager.key == "brew"); continue }
                    #expect(keys == ["package", "series"], "\(tool.name) \(manager.key)")
                    #expect(throws: Never.self) { try VersionRange(parsing: package["series"]?.text ?? "none") }
                }
            }
        }
    }

    @Test func `no two tools share a name`() throws {
        let names = try Self.tools().flatMap(\.names)
        #expect(Set(names).count == names.count)
    }

    @Test func `patterns find the version in the file's own examples`() throws {
        for tool in try Self.tools() {
            let examples = tool.node["examples"]?.items ?? []
            #expect(!examples.isEmpty, "\(tool.name)")
            for example in examples {
                let output = try #require(example["output"]?.text)
                #expect(tool.version(in: output) == example["version"]?.text, "\(tool.name): \(output)")
            }
        }
    }

    /// Where the catalog answers otherwise on purpose: the output's beginning and the reason.
    static let exceptions: [String: String] = [:]

    @Test(.enabled(if: outputs != nil, "shared/conformance does not stand beside the checkout"))
    func `real outputs give the versions that people read in them`() throws {
        let tools = try Self.tools()
        var count = 0
        for line in try #require(Self.outputs).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let output = fields[1].replacing("\\n", with: "\n").replacing("\\u001b", with: "\u{1B}")
            let expected = fields[2].isEmpty ? nil : fields[2]
            let found: String?
            if let tool = tools.first(where: { $0.names.contains(fields[0]) }) {
                found = tool.version(in: output)
            } else {
                found = ToolVersion.extract(from: output, pattern: nil)
            }
            count += 1
            #expect(found == expected || Self.exceptions[output] != nil, "\(fields[0]): \(output)")
            // The search without a pattern must at least never fail to end, whatever the output.
            _ = ToolVersion.extract(from: output, pattern: nil)
        }
        #expect(count > 50)
    }

    /// The table of real outputs: below DEVINIT_CONFORMANCE, or `shared/conformance` beside a folder above this file.
    static let outputs: String? = {
        var places: [URL] = []
        if let named = ProcessInfo.processInfo.environment["DEVINIT_CONFORMANCE"] { places = [URL(filePath: named)] }
        var place = EmbeddingTests.package
        while place.path != "/" {
            places.append(place.appending(path: "shared/conformance"))
            place.deleteLastPathComponent()
        }
        return places.lazy.compactMap { try? Data(contentsOf: $0.appending(path: "versions/versions.tsv")) }.first
            .map { String(decoding: $0, as: UTF8.self) }
    }()
}
