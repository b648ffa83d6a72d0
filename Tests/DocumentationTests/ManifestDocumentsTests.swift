import Base
import Foundation
import HostInterfaces
import Kinds
import ManifestModel
import POSIXHost
import Testing
import YAML

/// What we show people is what devinit reads.
@Suite struct ManifestDocumentsTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func path(_ path: String) -> String { root.appending(path: path).path(percentEncoded: false) }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func problems(_ file: String) -> (errors: [String], nodes: Int) {
        let host = POSIXHost.host()
        let manifest = ManifestLoader(host: host, shape: Registry.shape, programVersion: "0.1.0").load(Path(path(file)))
        let (workspace, diagnostics) = WorkspaceReader.read(manifest, host: host)
        let errors = diagnostics.sorted.filter { $0.severity == .error }
        return (
            errors.map { "\(file):\($0.location?.line ?? 0): \($0.message)\($0.suggestion.map { " (\($0))" } ?? "")" },
            workspace.order.count
        )
    }

    @Test(arguments: ["init.yaml.example", "Tests/Fixtures/manifests/example.yaml"])
    func `a manifest that we show is valid`(file: String) {
        let (errors, nodes) = Self.problems(file)
        #expect(errors == [])
        #expect(nodes > 15)
    }

    @Test func `init.yaml.example shows every key that there is`() throws {
        let text = try Self.text("init.yaml.example")
        let root = try #require(YAMLReader.examine(Array(text.utf8), file: "init.yaml.example").root)
        var used: Set<String> = []
        Self.collect(root, Registry.shape.object.keys, "", &used)
        // A key that can't be shown with the others stands there behind a '#'.
        let commented = Set(text.matches(of: #/# +([a-z_]+):/#).map { String($0.1) })
        let missing = Self.declared(Registry.shape.object.keys, "").filter { key in
            !used.contains(key) && !commented.contains(String(key.split(separator: ".").last ?? ""))
        }
        #expect(missing == [])
    }

    @Test func `docs manifest.md is what the declarations say`() throws {
        let url = Self.root.appending(path: "docs/manifest.md")
        if ProcessInfo.processInfo.environment["DEVINIT_UPDATE_DOCS"] != nil {
            try Data(ReferencePage.text.utf8).write(to: url)
        }
        let stands = try String(contentsOf: url, encoding: .utf8)
        #expect(
            stands == ReferencePage.text, "make it anew: DEVINIT_UPDATE_DOCS=1 swift test --filter DocumentationTests")
    }

    // MARK: Keys in declarations and in a file

    /// Keys that mean the same wherever they stand need to be shown once.
    static let common: Set = ["needs", "profiles", "when", "description"]
    /// Objects that are shown once, under their own key.
    static let shared: Set = [
        "retry", "health", "repo", "wait", "install", "apt", "brew", "dnf", "pacman", "apk", "winget",
    ]

    static func declared(_ keys: [KeySpec], _ path: String) -> [String] {
        keys.flatMap { key -> [String] in
            if !path.isEmpty, common.contains(key.name) { return [] }
            let name = path + key.name
            if shared.contains(key.name) { return [name] }
            return [name] + children(key.shape).flatMap { declared($0, name + ".") }
        }
    }

    static func children(_ shape: Shape) -> [[KeySpec]] {
        switch shape {
        case .object(let object): [object.keys]
        case .map(let value, _, let special): [special] + children(value)
        case .list(let item): children(item)
        case .either(let shapes): shapes.flatMap(children)
        default: []
        }
    }

    static func collect(_ node: YAMLNode, _ keys: [KeySpec], _ path: String, _ used: inout Set<String>) {
        for entry in node.entries ?? [] {
            guard let key = keys.first(where: { $0.name == entry.key }) else { continue }
            used.insert(path + key.name)
            descend(entry.value, key.shape, path + key.name + ".", &used)
        }
    }

    static func descend(_ node: YAMLNode, _ shape: Shape, _ path: String, _ used: inout Set<String>) {
        switch shape {
        case .object(let object): collect(object.expand?(node) ?? node, object.keys, path, &used)
        case .map(let value, _, let special):
            collect(node, special, path, &used)
            for entry in node.entries ?? [] { descend(entry.value, value, path, &used) }
        case .list(let item): for element in node.items ?? [node] { descend(element, item, path, &used) }
        case .either(let shapes): for shape in shapes { descend(node, shape, path, &used) }
        default: break
        }
    }
}
