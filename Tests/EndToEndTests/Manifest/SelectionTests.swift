import HostInterfaces
import Base
import Testing

/// Which nodes a command is about.
@Suite struct SelectionTests {
    static let manifest = """
        version: 1
        profiles: { full: [events, dev], default: [] }
        steps:
          base: { run: echo }
          kafka: { run: echo, profiles: [events] }
          web: { run: echo, profiles: [dev], needs: [base] }
          topics: { run: echo, profiles: [events], needs: [kafka, schema] }
          schema: { run: echo, profiles: [other] }
          never: { run: echo, when: { env: NOT_SET_ANYWHERE } }
          after-never: { run: echo, needs: [never] }
          by-hand: { run: "echo by hand >>hand", manual: true, needs: [base] }
        """

    func nodes(_ words: String..., environment: [String: String] = [:]) async throws -> Set<String> {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.run(
            [Programs.devinit.text, "plan", "--json"] + words, environment: environment
        ).expect(stderr: "", status: 0)
        return Set(
            (try ended.json()["nodes"]?.array ?? []).compactMap { $0["id"]?.string?.replacing("step:", with: "") })
    }

    @Test func `profiles add the nodes with their labels, and written needs pull others in`() async throws {
        let always: Set = ["base", "never", "after-never"]
        #expect(try await nodes() == always)
        #expect(try await nodes("--profile", "events") == always.union(["kafka", "topics", "schema"]))
        #expect(try await nodes("--profile", "full") == always.union(["kafka", "topics", "schema", "web"]))
        #expect(
            try await nodes("--profile", "dev", "--profile", "other") == always.union(["web", "schema"]))
        #expect(try await nodes(environment: ["DEVINIT_PROFILE": "dev"]) == always.union(["web"]))
    }

    @Test func `targets bring what they need; only and skip choose by kind and name`() async throws {
        #expect(try await nodes("web") == ["web", "base"])
        #expect(try await nodes("step:topics") == ["topics", "kafka", "schema"])
        #expect(try await nodes("--only", "after-never") == ["after-never"])
        #expect(try await nodes("--skip", "base") == ["never", "after-never"])
        #expect(try await nodes("--skip", "steps") == [])
    }

    @Test func `a node whose condition does not hold is shown as skip and counts as satisfied`() async throws {
        let workspace = try Workspace(Self.manifest)
        let actions = try await workspace.devinit("plan", "--json").members("nodes", "action")
        #expect(actions["step:never"] == "skip")
        #expect(actions["step:after-never"] == "run")
        try await workspace.up("after-never").expect(stderr: "…done: 1 node…", status: 0)
    }

    @Test(arguments: [
        (["plan", "bse"], "…'bse'…did you mean 'base'?…"),
        (["plan", "--profile", "evnts"], "…'evnts'…did you mean 'events'?…"),
        (["plan", "--only", "stepp"], "…'stepp'…did you mean 'step'?…"),
        (["up", "--rerun", "bas"], "…'bas'…did you mean 'base'?…"),
        (["run", "by-hnd"], "…by-hnd…did you mean…by-hand…"),
    ])
    func `a name that is not there is wrong usage and suggests the nearest`(words: [String], stderr: String)
        async throws
    {
        let workspace = try Workspace(Self.manifest)
        try await workspace.run([Programs.devinit.text] + words).expect(stdout: "", stderr: stderr, status: 64)
    }

    @Test func `a manual step runs only when it is named, with the words behind the dashes`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up().expect(status: 0)
        #expect(!workspace.exists("hand"))
        try await workspace.devinit("run", "by-hand", "--trust").expect(status: 0)
        try await workspace.devinit("run", "by-hand", "--trust").expect(status: 0)
        #expect(workspace.text("hand") == "by hand\nby hand")
    }

    @Test func `a step that needs a manual one, an ambiguous name and a cycle are errors with the way out`()
        async throws
    {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: x, manual: true }\n  b: { run: x, needs: [a] }\n")
        try await workspace.devinit("validate").expect(stderr: "init.yaml:4:24: error: …manual…", status: 65)
        try workspace.write(
            "init.yaml",
            "version: 1\nsteps:\n  a: { run: x, needs: [c] }\n  b: { run: x, needs: [a] }\n  c: { run: x, needs: [b] }\n"
        )
        let ended = try await workspace.devinit("plan").expect(
            stdout: "", stderr: "init.yaml:…error: these wait for each other: …", status: 65)
        for name in ["step:a", "step:b", "step:c"] { #expect(ended.stderr.contains(name)) }
    }

    @Test func `a repository beside the manifest's own folder belongs to its workspace`() async throws {
        let workspace = try Workspace(
            nil, files: ["setup/init.yaml": "version: 1\nroot: ..\nsteps:\n  a: { run: touch a }\n", "api/x": ""])
        try await workspace.devinit("plan", in: "api").expect(stderr: "error: no devinit.yaml…", status: 65)
        try await workspace.devinit("up", "--trust", in: "setup").expect(status: 0)
        try await workspace.devinit("plan", in: "api").expect(stdout: "step:a  run…", status: 0)
        try workspace.remove("setup/init.yaml")
        try await workspace.devinit("plan", in: "api").expect(stderr: "error: no devinit.yaml…", status: 65)
    }

    @Test func `two circles are two problems`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              a: { run: x, needs: [b] }
              b: { run: x, needs: [a] }
              c: { run: x, needs: [d] }
              d: { run: x, needs: [c] }
            """)
        try await workspace.devinit("validate").expect(
            stderr: "…step:a → step:b → step:a…step:c → step:d → step:c…2 errors", status: 65)
    }

    @Test func `a wrong service of a template is shown where the manifest names it`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { use: prisma-migrate, with: { service: nope } }\n")
        try await workspace.devinit("validate").expect(
            stderr: "init.yaml:3:46: error: with.service: there is no service 'nope'…", status: 65)
    }

    @Test func `the graph is drawn in both languages, needs before what waits`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.devinit("graph", "web").expect(
            stdout: """
                flowchart LR
                  n0["step:base"]
                  n1["step:web"]
                  n0 --> n1
                """, stderr: "", status: 0)
        try await workspace.devinit("graph", "web", "--format", "dot").expect(
            stdout: "digraph devinit {…\"step:base\" -> \"step:web\"…}", stderr: "", status: 0)
    }

    @Test func `planning changes nothing and says why and in what order`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.devinit("plan", "web").expect(
            stdout: """
                step:base  run  runs at every up
                step:web   run  runs at every up
                2 to do
                """, stderr: "", status: 0)
        try await workspace.devinit("plan", "--detailed-exitcode").expect(status: 2)
        try await workspace.devinit("up", "-n", "web").expect(stdout: "step:base…2 to do", status: 0)
        #expect(!workspace.exists(".devinit"))
        #expect(!workspace.host.files.exists(workspace.folder / "state"))
    }
}
