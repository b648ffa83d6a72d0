import Base
import Foundation
import HostInterfaces
import Testing

/// Work that is done once is done once, whatever happens to devinit meanwhile.
@Suite struct OnceTests {
    static let manifest = """
        version: 1
        steps:
          seed: { run: "echo begin >>log; until test -e go; do sleep 0.02; done; echo end >>log", once: true }
          after: { run: "echo x >>after", needs: [seed], inputs: [in] }
        """

    @Test func `a killed run's work that goes on is waited for and not done again`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["in": ""])
        try await workspace.upKilled(onceThereIs: "log")
        let next = workspace.start("up", "--trust", "--json")
        #expect(try await workspace.eventually { next.said.contains("waiting for step:seed") })
        try workspace.write("go", "")
        let ended = try await next.ended().expect(status: 0)
        #expect(try ended.members("nodes", "status") == ["step:seed": "up-to-date", "step:after": "done"])
        #expect(workspace.text("log") == "begin\nend")
    }

    @Test func `work that ended after its run was killed counts, also in a plan`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["in": ""])
        try await workspace.upKilled(onceThereIs: "log")
        try workspace.write("go", "")
        #expect(try await workspace.eventually { workspace.text("log") == "begin\nend" })
        try await Task.sleep(for: .milliseconds(200))
        let reasons = try await workspace.devinit("plan", "--json").members("nodes", "reason")
        #expect(reasons["step:seed"] == "done once")
        try await workspace.up().expect(status: 0)
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        #expect(workspace.text("log") == "begin\nend")
    }

    @Test func `an output file of such work is in its place when the work counts, and no shell comes between`()
        async throws
    {
        let workspace = try Workspace(
            #"""
            version: 1
            steps:
              dump: { run: "echo x >>log; echo begun; until test -e go; do sleep 0.02; done; echo whole", once: true, stdout: out.sql }
              plain: { run: [printf, '%s', 'a\tb'], stdout: plain, inputs: [in] }
            """#, files: ["in": "", "out.sql": "old"])
        try await workspace.upKilled(onceThereIs: "log")
        #expect(workspace.text("out.sql") == "old")
        try workspace.write("go", "")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("out.sql") == "begun\nwhole" && workspace.text("log") == "x")
        #expect(workspace.text("plain") == #"a\tb"#)
    }

    @Test func `work that a killed run had only just started does not begin beside its repetition`() async throws {
        // The child is held back between its start and its first word, as on a busy machine.
        let workspace = try Workspace(
            "version: 1\nsteps: { seed: { run: \"echo x >>log\", once: true } }\n")
        let running = workspace.start("up", "--trust")
        _ = try await running.ended()
        let folder = try #require(
            try await workspace.shell("ls -d ../state/devinit/workspaces/*/once-*").split(separator: "\n").first)
        // What such a child finds when it goes on: its pending receipt, called off by the next run.
        try await workspace.shell(
            """
            printf 'step:seed\n' >\(folder)/0000.pending; : >\(folder)/0000.pending.go
            """)
        try await workspace.up().expect(status: 0)
        #expect(try await workspace.shell("ls \(folder)").contains("0000.pending.go") == false)
    }

    @Test func `work that failed or was ended is no proof, and a rerun is done`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: { seed: { run: \"echo x >>log; test -e ok\", once: true } }\n")
        try await workspace.up().expect(status: 1)
        try await workspace.up().expect(status: 1)
        try workspace.write("ok", "")
        try await workspace.up().expect(status: 0)
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        #expect(workspace.text("log") == "x\nx\nx")
        try await workspace.up("--rerun", "seed").expect(status: 0)
        #expect(workspace.text("log") == "x\nx\nx\nx")
    }

    @Test func `a missing program is still named as such`() async throws {
        let workspace = try Workspace("version: 1\nsteps: { seed: { run: [no-such-program], once: true } }\n")
        try await workspace.up().expect(stderr: "…no-such-program: no such program on PATH…", status: 78)
    }

    @Test func `arguments reach the command as they are`() async throws {
        let workspace = try Workspace(
            #"""
            version: 1
            steps:
              seed: { run: [sh, -c, 'printf "<%s>" "$0" "$@" >out', "a b", "", "$HOME", "*"], once: true }
            """#)
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("out") == "<a b><><$HOME><*>")
    }

    @Test func `a program is not taken for one of the shell's own, and the environment reaches it as it is`()
        async throws
    {
        let workspace = try Workspace(
            #"""
            version: 1
            steps:
              words: { run: [echo, 'a\tb'], once: true }
              values: { run: 'echo "$done $status" >out', once: true, env: { done: mine, status: too } }
            """#)
        try await workspace.up().expect(status: 0)
        let log = try await workspace.shell("cat .devinit/runs/*/step:words.log")
        #expect(log.hasSuffix(#"a\tb"# + "\n"))
        #expect(workspace.text("out") == "mine too")
    }
}
