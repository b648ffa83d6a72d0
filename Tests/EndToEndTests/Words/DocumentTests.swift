import HostInterfaces
import Base
import Testing

/// With `--json` standard output is one document, also on failure.
@Suite struct DocumentTests {
    @Test(arguments: [["plan"], ["up"], ["validate"], ["config"], ["trust", "--show"], ["run", "a"]])
    func `a command that fails still prints one document that names the problem`(words: [String]) async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { rnu: x }\n")
        let ended = try await workspace.run([Programs.devinit.text, "--json"] + words)
        ended.expect(status: 65)
        let document = try ended.json()
        #expect(document["schema"]?.string == "devinit.\(words[0])/1", "\(ended)")
        #expect(document["problems"]?[0]?["line"]?.integer == 3, "\(ended)")
    }

    @Test func `a run that fails prints each node, its status and reason`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              good: { run: echo loud words }
              bad: { run: exit 3, needs: [good] }
              lost: { run: echo, needs: [bad] }
            message: all is well
            """)
        let ended = try await workspace.up("--json").expect(status: 1)
        #expect(try ended.json()["schema"]?.string == "devinit.up/1")
        #expect(try ended.json()["status"]?.string == "failed")
        let statuses = try ended.members("nodes", "status")
        #expect(statuses == ["step:good": "done", "step:bad": "failed", "step:lost": "skipped"])
        #expect(!ended.stdout.contains("loud words") && !ended.stdout.contains("all is well"))
        try workspace.write("init.yaml", "version: 1\nsteps:\n  a: { run: echo out }\nmessage: all is well\n")
        #expect(try await workspace.up("--json").expect(status: 0).json()["status"]?.string == "done")
        try await workspace.up().expect(stdout: "all is well", status: 0)
    }

    @Test func `the graph has no document, and says so instead of printing text`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo }\n")
        let ended = try await workspace.devinit("trust", "--show", "--json").expect(stderr: "", status: 0)
        #expect(try ended.json()["approved"]?.bool == false)
        #expect(try ended.json()["commands"]?[0]?["text"]?.string == "echo")
    }

    @Test func `progress as JSON is one event in each line of standard error`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: \"echo one; echo two\" }\n")
        let ended = try await workspace.up("--progress", "json").expect(stdout: "", status: 0)
        let lines = ended.stderr.split(separator: "\n")
        let events = try lines.map { try JSON(parsing: String($0)) }
        #expect(events.count > 3, "\(ended)")
    }

    @Test func `nothing but text is written where nobody watches, and colour where it is forced`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo }\n  b: { rnu: x }\n")
        func escapes(_ environment: [String: String], _ words: String...) async throws -> Bool {
            let ended = try await workspace.run([Programs.devinit.text, "validate"] + words, environment: environment)
            return ended.stderr.contains("\u{1B}[")
        }
        #expect(try await !escapes([:]))
        #expect(try await escapes(["FORCE_COLOR": "1"]))
        #expect(try await escapes(["CLICOLOR_FORCE": "1"]))
        #expect(try await !escapes(["NO_COLOR": "1"]))
        #expect(try await !escapes(["FORCE_COLOR": "1"], "--no-color"))
    }

    @Test func `on GitHub a failure is annotated`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: \"echo words; exit 1\" }\n")
        let ended = try await workspace.up(environment: ["CI": "true", "GITHUB_ACTIONS": "true"]).expect(status: 1)
        #expect(ended.stderr.contains("::error title=step%3Aa::"), "\(ended)")
        #expect(ended.stderr.contains("::group::") && ended.stderr.contains("::endgroup::"), "\(ended)")
    }
}
