import HostInterfaces
import Base
import Testing

/// Failures last: what failed, its last words, what was left out because of it, and how to go on.
@Suite struct FailureTests {
    static let manifest = """
        version: 1
        steps:
          first: { run: "echo x >>first", inputs: [in] }
          broken: { run: "echo line one; echo the reason >&2; test -e mended", needs: [first] }
          lost: { run: touch lost, needs: [broken] }
          other: { run: "touch other" }
        message: all is well
        """

    @Test func `a failure is told last, other work goes on, and the next up resumes`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["in": "1"])
        let ended = try await workspace.up().expect(
            stdout: "",
            stderr:
                "…✗ step:broken…exit status 1…the reason…    log: .devinit/runs/…skipped because of it: step:lost…1 failed, 2 done, 1 skipped\nto continue: devinit up…",
            status: 1)
        #expect(!ended.stdout.contains("all is well"))
        #expect(workspace.exists("other") && !workspace.exists("lost"))
        let reasons = try await workspace.devinit("plan", "--json").members("nodes", "reason")
        #expect(reasons["step:broken"] == "failed last time")
        #expect(reasons["step:first"] == "up to date")
        try workspace.write("mended", "")
        try await workspace.up().expect(stdout: "all is well", status: 0)
        #expect(workspace.text("first") == "x")
        #expect(workspace.exists("lost"))
    }

    @Test func `a failed step with a record runs again although nothing changed`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"echo x >>ran; test -e ok\", inputs: [in] }\n",
            files: ["in": "", "ok": ""])
        try await workspace.up().expect(status: 0)
        try workspace.remove("ok")
        try await workspace.up("--rerun", "a").expect(status: 1)
        try await workspace.up().expect(status: 1)
        #expect(workspace.text("ran") == "x\nx\nx")
    }

    @Test func `the whole output is in the log that the failure names`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"seq 1 5000; printf 'no newline at the end'; exit 7\" }\n")
        let ended = try await workspace.up("--json").expect(status: 1)
        let log = try #require(try ended.members("nodes", "log")["step:a"]).replacing("<root>/", with: "")
        let lines = (workspace.text(log) ?? "").split(separator: "\n")
        #expect(lines.count == 5001 && lines.first == "1" && lines.last == "no newline at the end")
        #expect(ended.stderr.contains("exit status 7") && ended.stderr.contains("5000"))
        #expect(!ended.stderr.contains("\n1\n"))
    }

    @Test func `fail fast starts nothing new`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              bad: { run: exit 1 }
              slow: { run: "until test -e go; do sleep 0.02; done; touch slow" }
              next: { run: touch next, needs: [slow] }
            """)
        let running = workspace.start("up", "--trust", "--fail-fast", "-j", "2")
        // Only when bad has ended may slow end.
        #expect(try await workspace.eventually { running.said.contains("[step:bad]  failed") })
        try workspace.write("go", "")
        try await running.ended().expect(status: 1)
        #expect(workspace.exists("slow") && !workspace.exists("next"))
    }

    @Test func `a step over its time ends with its children, and 124 says why`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"sleep 300 & echo $! >pid; wait\", timeout: 300ms }\n")
        let ended = try await workspace.up().expect(status: 124)
        #expect(ended.seconds < 20)
        let pid = try #require(Processes.number(in: workspace.path("pid"), workspace.host))
        #expect(try await workspace.eventually { !Processes.isRunning(pid) })
    }

    @Test func `several sorts of failure are 1, and one allowed is none`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: exit 1 }\n  b: { run: sleep 60, timeout: 100ms }\n")
        try await workspace.up().expect(status: 1)
        try workspace.write(
            "init.yaml",
            "version: 1\nsteps:\n  a: { run: exit 1, allow_failure: true }\n  b: { run: touch b, needs: [a] }\n")
        try await workspace.up().expect(status: 0)
        #expect(workspace.exists("b"))
    }

    @Test func `a step in a folder that is not there and a program that is not there say so`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: echo, in: ./nowhere }\n  b: { run: [no-such-program, x] }\n")
        let ended = try await workspace.up()
        #expect(ended.status == 1 || ended.status == 78, "\(ended)")
        #expect(ended.stderr.contains("nowhere") && ended.stderr.contains("no-such-program"), "\(ended)")
    }

    @Test func `a step that retries says so and stops when it succeeds`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              a:
                run: "echo x >>tries; test $(wc -l <tries) -ge 3"
                retry: { attempts: 5, delay: 10ms }
            """)
        let ended = try await workspace.up("--json").expect(status: 0)
        #expect(workspace.text("tries") == "x\nx\nx")
        #expect(try ended.json()["nodes"]?[0]?["attempts"]?.integer == 3)
    }

    @Test func `a path that leaves the workspace is refused before anything is written`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: touch ran, in: ../outside }\n")
        let ended = try await workspace.up()
        #expect(ended.status != 0, "\(ended)")
        #expect(!workspace.host.files.exists(workspace.folder / "outside"))
    }
}
