import Foundation
import Testing

/// What is there is registered, documented and tested: nothing is half added.
@Suite struct RegistrationTests {
    /// Types below a folder that conform to a protocol, with their files.
    static func conforming(to name: String, in folder: String) throws -> [SourceTree.Hit] {
        let files = SourceTree.sources.filter { $0.path.hasPrefix(folder) }
        return try SourceTree.hits(of: #"\b(?:enum|struct|final class) (\w+): "# + name + #"\b"#, in: files)
    }

    /// The types that a registry lists as `X.self`.
    static func listed(_ path: String) throws -> [String] {
        try SourceTree.hits(of: #"(\w+)\.self"#, in: [SourceTree.file(path)]).map { $0.groups[0] }
    }

    @Test func `every kind of node is a folder, a line of the registry, and tests`() throws {
        let kinds = try Self.conforming(to: "NodeKind", in: "Sources/Kinds/")
        #expect(kinds.count >= 8)
        #expect(Set(kinds.map { $0.groups[0] }) == Set(try Self.listed("Sources/Kinds/Registry.swift")))
        let folders = kinds.map { String($0.file.path.split(separator: "/")[2]) }
        #expect(Set(folders).count == folders.count)
        let tests = SourceTree.paths(in: "Tests/KindsTests").filter { $0.hasSuffix("Tests.swift") }
        for folder in folders {
            // `Tests/KindsTests/Tools/PackageTests.swift` is as good as a folder of its own.
            #expect(tests.contains { $0.contains(folder.dropLast()) }, "no tests of \(folder)")
        }
    }

    @Test func `every kind's section is in the reference and in the example`() throws {
        let reference = SourceTree.text("docs/manifest.md")
        let example = SourceTree.text("init.yaml.example")
        for section in ["requires", "packages", "repos", "secrets", "services", "env_files", "files", "steps"] {
            #expect(reference.contains("\n## \(section)\n"), "\(section)")
            #expect(example.contains("\n\(section):"), "\(section)")
        }
    }

    @Test func `every command is a line of the table, and a row of the README`() throws {
        let commands = try Self.conforming(to: "Command", in: "Sources/CLI/")
        let listed = try Self.listed("Sources/CLI/CommandTable.swift")
        #expect(Set(commands.map { $0.groups[0] }) == Set(listed))
        let readme = SourceTree.text("README.md")
        for command in commands {
            let source = command.file.lines[command.line...].joined(separator: "\n")
            let name = try #require(source.firstMatch(of: #/CommandSpec\(\s*name: "([^"]+)"/#)).1
            // What begins with '__' is asked by the shell's completion, not by people.
            if name.hasPrefix("__") { continue }
            #expect(readme.contains(try Regex(#"\| `"# + name + #"[ `]"#)), "README has no row for '\(name)'")
        }
    }

    @Test func `every check of doctor is a line of its registry`() throws {
        let checks = try Self.conforming(to: "DoctorCheck", in: "Sources/Doctor/")
        #expect(Set(checks.map { $0.groups[0] }) == Set(try Self.listed("Sources/Doctor/Registry.swift")))
    }

    @Test func `every folder of templates says how to add one, and every template describes itself`() throws {
        let paths = SourceTree.paths(in: "templates")
        let folders = Set(paths.map { $0.split(separator: "/") }.filter { $0.count > 2 }.map { String($0[1]) })
        #expect(folders.contains("tools"))
        let overview = SourceTree.text("templates/README.md")
        for folder in folders.sorted() {
            #expect(overview.contains("`\(folder)/`"), "templates/README.md does not name \(folder)/")
        }
        for path in paths where path.hasSuffix(".yaml") {
            #expect(SourceTree.text(path).contains(/(?m)^description: \S/), "\(path)")
        }
    }

    @Test func `every tool has examples of its output, every service and step template says how far it was tried`() {
        for path in SourceTree.paths(in: "templates") where path.hasSuffix(".yaml") {
            let text = SourceTree.text(path)
            if path.hasPrefix("templates/tools/") {
                #expect(text.contains("\nexamples:"), "\(path)")
            } else {
                #expect(text.contains(/(?m)^verified: (real|recorded|no)\b/), "\(path)")
            }
        }
    }
}
