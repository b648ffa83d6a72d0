import HostInterfaces
import Base
import Testing

/// What is up to date is left alone, and what is stale says why.
@Suite struct UpToDateTests {
    static let manifest = """
        version: 1
        steps:
          install:
            run: "cat lock >installed; echo x >>count"
            inputs: [lock, "src/**/*.txt", "!src/skip.txt"]
            outputs: [installed]
            env: { MODE: fast }
          after: { run: "cat installed >copy", inputs: [step:install] }
        """

    func reason(_ workspace: Workspace) async throws -> String {
        let ended = try await workspace.devinit("plan", "--json").expect(status: 0)
        return try ended.members("nodes", "reason")["step:install"] ?? "?"
    }

    @Test func `a changed input, output or definition makes a step stale, and nothing else does`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["lock": "1", "src/a.txt": "a", "src/skip.txt": "s"])
        try await workspace.up().expect(status: 0)
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        #expect(workspace.text("count") == "x")
        try await workspace.devinit("plan", "--detailed-exitcode").expect(status: 0)

        try workspace.write("src/skip.txt", "changed")
        try workspace.write("elsewhere", "changed")
        #expect(try await reason(workspace) == "up to date")
        try await workspace.shell("touch lock src/a.txt")
        #expect(try await reason(workspace) == "up to date")

        try workspace.write("lock", "2")
        #expect(try await reason(workspace) == "inputs changed: lock")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("copy") == "2")
        try workspace.write("src/b.txt", "new")
        #expect(try await reason(workspace).contains("src/b.txt"))
        try await workspace.up().expect(status: 0)
        try workspace.remove("src/b.txt")
        #expect(try await reason(workspace).contains("src/b.txt"))
        try await workspace.up().expect(status: 0)
        try workspace.remove("installed")
        #expect(try await reason(workspace) == "output missing: installed")
        try await workspace.up().expect(status: 0)
        try workspace.write("init.yaml", Self.manifest.replacing("fast", with: "slow"))
        #expect(try await reason(workspace).contains("MODE"))
        try await workspace.up().expect(status: 0)
        try workspace.write(
            "init.yaml", Self.manifest.replacing("fast", with: "slow").replacing("echo x", with: "echo y"))
        #expect(try await reason(workspace) != "up to date")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("count") == "x\nx\nx\nx\nx\nx\ny")
    }

    /// What `plan --why` says below one node.
    func why(_ workspace: Workspace, _ node: String) async throws -> [String] {
        let ended = try await workspace.devinit("plan", "--why", node, "--json").expect(status: 0)
        let entry = try ended.json()["nodes"]?.array?.first { $0["id"]?.string == node }
        return entry?["why"]?.array?.compactMap(\.string) ?? []
    }

    @Test func `why explains to the file, the value and the run behind it`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["lock": "1", "src/a.txt": "a", "src/b.txt": "b"])
        #expect(try await why(workspace, "step:install") == ["no record of it here"])
        try await workspace.up().expect(status: 0)
        let same = try await why(workspace, "step:install")
        #expect(same.first?.hasPrefix("last done ") == true)
        #expect(
            same.dropFirst() == [
                "same definition: run", "same content of 3 inputs: lock, src/**/*.txt, !src/skip.txt",
                "same environment: MODE",
            ])
        try workspace.write("lock", "2")
        try workspace.remove("src/a.txt")
        try workspace.write("src/c.txt", "c")
        try workspace.write("init.yaml", Self.manifest.replacing("fast", with: "slow"))
        #expect(
            try await why(workspace, "step:install").dropFirst() == [
                "input changed: lock", "input new: src/c.txt", "input gone: src/a.txt", "environment changed: MODE",
                "same definition: run",
            ])
        // A plan that nobody asked for reasons has none, and one for people shows them below the row.
        let plain = try await workspace.devinit("plan", "--json").expect(status: 0)
        #expect(!plain.stdout.contains("\"why\""))
        let shown = try await workspace.devinit("plan", "--why").expect(status: 0)
        #expect(shown.stdout.contains("    input gone: src/a.txt\n"))
        let run = try await workspace.devinit("up", "--trust", "--why").expect(status: 0)
        #expect(run.stderr.contains("    input gone: src/a.txt\n") && run.stderr.contains("done: "))
    }

    @Test func `among thousands of inputs the changed file is still named`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: { many: { run: 'true', inputs: ['src/**'] } }",
            files: Dictionary((0..<300).map { ("src/\($0).txt", "x") }, uniquingKeysWith: { $1 }))
        try await workspace.up().expect(status: 0)
        try workspace.write("src/217.txt", "y")
        #expect(try await why(workspace, "step:many").contains("input changed: src/217.txt"))
        let reasons = try await workspace.devinit("plan", "--json").expect(status: 0).members("nodes", "reason")
        #expect(reasons["step:many"] == "inputs changed: src/217.txt")
        // Without the list, which is only a cache, the step is stale all the same.
        try workspace.remove(".devinit/cache/inputs")
        let bare = try await workspace.devinit("plan", "--json").expect(status: 0).members("nodes", "reason")
        #expect(bare["step:many"] == "inputs changed (300 files)")
    }

    @Test func `a failure is tried again first and the reason says so`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            defaults: { jobs: 1 }
            steps:
              a-long: { run: "echo long >>order", inputs: [never-there] }
              b-after: { run: "echo after >>order", needs: [a-long], inputs: [never-there] }
              z-broken: { run: "echo broken >>order; test -e mended", inputs: [lock] }
            """, files: ["lock": "1"])
        try await workspace.up().expect(status: 1)
        try workspace.write("mended", "")
        try workspace.remove("order")
        let plan = try await workspace.devinit("plan", "--json").expect(status: 0)
        #expect(try plan.members("nodes", "reason")["step:z-broken"] == "failed last time")
        try await workspace.devinit("up", "--trust", "--rerun", "a-long").expect(status: 0)
        #expect(workspace.text("order") == "broken\nlong")
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
    }

    @Test func `an input changed while its step ran is noticed by the next up`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"cat in >out; echo later >in\", inputs: [in], outputs: [out] }\n",
            files: ["in": "first"])
        try await workspace.up().expect(status: 0)
        let reasons = try await workspace.devinit("plan", "--json").members("nodes", "reason")
        #expect(reasons["step:a"] == "inputs changed: in")
    }

    @Test func `once runs once, whatever changed, and again when asked for`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: \"echo 1 >>ran\", once: true }\n")
        try await workspace.up().expect(status: 0)
        try workspace.write("init.yaml", "version: 1\nsteps:\n  a: { run: \"echo 2 >>ran\", once: true }\n")
        try await workspace.up().expect(stderr: "up to date…", status: 0)
        #expect(workspace.text("ran") == "1")
        try await workspace.up("--rerun", "a").expect(status: 0)
        #expect(workspace.text("ran") == "1\n2")
    }

    @Test func `unless decides at up, and is not run by plan`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: touch made, unless: \"echo asked >>asked; test -e made\" }\n")
        let actions = try await workspace.devinit("plan", "--json").members("nodes", "action")
        #expect(actions["step:a"] == "unknown")
        try await workspace.devinit("plan", "--detailed-exitcode").expect(status: 2)
        #expect(!workspace.exists("asked"))
        try await workspace.up().expect(stderr: "…done: 1 node…", status: 0)
        try await workspace.up().expect(stderr: "up to date…", status: 0)
        #expect(workspace.text("asked") == "asked\nasked")
    }

    @Test func `a lost workspace folder loses no record, a lost state folder only repeats work`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["lock": "1", "src/a.txt": "a"])
        try await workspace.up().expect(status: 0)
        try workspace.remove(".devinit")
        try await workspace.up().expect(stderr: "up to date…", status: 0)
        try await workspace.shell("rm -rf ../state")
        try await workspace.up().expect(stderr: "…done…", status: 0)
    }

    @Test func `a damaged journal is set aside with a message and the run goes on`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["lock": "1", "src/a.txt": "a"])
        try await workspace.up().expect(status: 0)
        try await workspace.shell("for j in ../state/devinit/workspaces/*/journal-*; do printf 'torn {' >>$j; done")
        try await workspace.up().expect(stderr: "…up to date…", status: 0)
        try await workspace.shell(
            "for j in ../state/devinit/workspaces/*/journal-*; do printf 'nonsense\\n{}\\n' >$j; done")
        try await workspace.up().expect(stderr: "note: …", status: 0)
        try await workspace.up().expect(stderr: "up to date…", status: 0)
    }
}
