import Base
import Foundation
import Testing

/// With `--json` standard output is one document and nothing else, whatever the command and however it ends.
@Suite struct JSONTests {
    static let manifest = """
        version: 1
        steps:
          a: { run: echo hello }
          b: { run: "true", needs: [a] }
        """

    @Test(
        arguments: [
            ["plan"], ["status"], ["validate"], ["config"], ["graph"], ["logs"], ["logs", "a"], ["doctor"], ["schema"],
            ["trust"], ["trust", "--show"], ["trust", "--revoke"], ["help"], ["help", "up"], ["version"],
            ["completions", "bash"], ["sync"], ["down"],
        ])
    func `every command answers with one document`(_ words: [String]) async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up().expect(status: 0)
        let ended = try await workspace.run([Programs.devinit.text] + words + ["--json"]).expect(status: 0)
        _ = try ended.json()
    }

    @Test(
        arguments: [
            (["plan", "--bad"], "devinit.plan/1"), (["plna"], "devinit.usage/1"),
            (["plan", "-C", "/nonexistent-folder"], "devinit.plan/1"), (["logs", "-f", "a"], "devinit.logs/1"),
            (["up", "nothing"], "devinit.up/1"), (["run"], "devinit.run/1"), (["help", "nothing"], "devinit.help/1"),
        ] as [([String], String)])
    func `wrong words answer with a document too`(_ words: [String], schema: String) async throws {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.run([Programs.devinit.text] + words + ["--json"]).expect(status: 64)
        #expect(try ended.json()["schema"]?.string == schema)
        #expect(try ended.json()["problems"]?.array?.count == 1)
    }

    @Test func `the graph as a document names each edge with its reason`() async throws {
        let workspace = try Workspace(Self.manifest)
        let graph = try await workspace.devinit("graph", "--json").expect(status: 0).json()
        #expect(graph["nodes"]?.array?.compactMap(\.string) == ["step:a", "step:b"])
        #expect(graph["edges"]?.array?.first?["needs"]?.string == "step:a")
        #expect(graph["edges"]?.array?.first?["reason"]?.string == "written in needs")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "no /dev/full on this machine"))
    func `an answer that can't be written is no success`() async throws {
        let workspace = try Workspace(Self.manifest)
        for words in ["plan", "config --json"] {
            let line = "\(Programs.devinit.text) \(words) >/dev/full"
            try await workspace.run(["sh", "-c", line]).expect(stderr: "…the answer is not whole: …", status: 1)
        }
    }
}
