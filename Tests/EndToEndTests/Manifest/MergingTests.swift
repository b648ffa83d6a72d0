import HostInterfaces
import Base
import Testing

@Suite struct MergingTests {
    @Test func `later files win key by key, lists are replaced, and reset removes`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            include: [base.yaml, extra/more.yaml]
            steps:
              a: { env: { THREE: main }, needs: [c] }
              d: { run: echo d }
            """,
            files: [
                "base.yaml": """
                steps:
                  a: { run: echo base, env: { ONE: base, TWO: base }, needs: [b] }
                  b: { run: echo b }
                  c: { run: echo c }
                """,
                "extra/more.yaml": "steps:\n  a: { env: { TWO: more } }\n",
                "init.local.yaml": "steps:\n  a: { run: [echo, local], env: { ONE: !reset } }\n  d: !reset\n",
            ])
        let steps = try #require(
            try await workspace.devinit("config", "--json").expect(stderr: "", status: 0).json()["steps"])
        #expect(steps["a"]?["env"] == ["TWO": "more", "THREE": "main"])
        #expect(steps["a"]?["needs"] == ["c"])
        #expect(steps["a"]?["run"] == ["echo", "local"])
        #expect(steps["d"] == nil)
        #expect(steps["b"]?["run"] == "echo b")
    }

    @Test func `an alternative is one slot that the later file replaces`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: echo a }\n",
            files: ["init.local.yaml": "steps:\n  a: { wait: { tcp: \"localhost:9\" } }\n"])
        let step = try await workspace.devinit("config", "--json").expect(stderr: "", status: 0).json()["steps"]?["a"]
        #expect(step?["run"] == nil)
        #expect(step?["wait"] != nil)
    }

    @Test func `files that include each other are an error that prints the circle`() async throws {
        let workspace = try Workspace(
            "version: 1\ninclude: [a.yaml]\nsteps: {}\n",
            files: ["a.yaml": "include: [b.yaml]\n", "b.yaml": "include: [a.yaml]\n"])
        try await workspace.devinit("up").expect(
            stdout: "", stderr: "b.yaml:1:11: error: files include each other: a.yaml → b.yaml → a.yaml…", status: 65)
    }

    @Test func `an included file that is not there is an error at the line that names it`() async throws {
        let workspace = try Workspace("version: 1\ninclude:\n  - none.yaml\nsteps: {}\n")
        try await workspace.devinit("up").expect(
            stdout: "", stderr: "init.yaml:3:5: error: none.yaml can't be read: …", status: 65)
    }

    @Test func `values are interpolated with defaults, errors and vars; commands are not`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            vars: { region: eu }
            steps:
              a:
                run: printf '%s' "$A|${B}|$C" >out
                env: { A: "${region}", B: "${NOT_SET:-x-${region}}", C: "$${region} ${FROM_OUTSIDE}" }
            """)
        try await workspace.up(environment: ["FROM_OUTSIDE": "there"]).expect(status: 0)
        #expect(workspace.text("out") == "eu|x-eu|${region} there")
        try workspace.write("init.yaml", "version: 1\nsteps:\n  a: { run: x, env: { A: \"${NEEDED:?say it}\" } }\n")
        try await workspace.devinit("plan").expect(stderr: "init.yaml:3:26: error: …say it…", status: 65)
    }
}
