import Base
import Foundation
import Testing

/// What is required comes before everything that could need it.
@Suite struct GateTests {
    @Test func `a required check that fails keeps services and steps from starting, unless it gates nothing`()
        async throws
    {
        let manifest = """
            version: 1
            requires:
              vpn: { check: test -e vpn GATE }
            services:
              web: { native: { run: "touch web; exec sleep 60" } }
            steps:
              a: { run: touch a }
            """
        let workspace = try Workspace(manifest.replacing(" GATE", with: ""))
        try await workspace.up().expect(
            stderr: "…service:web…skipped: needs tool:vpn, which was not done…", status: 78)
        #expect(!workspace.exists("web") && !workspace.exists("a"))
        let plan = try await workspace.devinit("plan", "-v").expect(status: 0)
        #expect(plan.stdout.contains("a required tool"), "\(plan)")

        try workspace.write("init.yaml", manifest.replacing(" GATE", with: ", gate: false"))
        try await workspace.up().expect(status: 78)
        #expect(workspace.exists("web") && workspace.exists("a"))
        try await workspace.devinit("down").expect(status: 0)
    }

    @Test func `Ctrl-C while a step asks whether it is done is no failure`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: touch a, unless: \"touch asked; sleep 30; false\" }\n")
        let running = workspace.start("up", "--trust", "--json")
        #expect(try await workspace.eventually { workspace.exists("asked") })
        try await running.signal(SIGINT)
        let ended = try await running.ended().expect(status: 130)
        #expect(try ended.members("nodes", "status") == ["step:a": "cancelled"])
        #expect(!workspace.exists("a"))
    }

    @Test func `the time that a stopped step gets can be set on the command line`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"trap '' TERM INT; touch ready; while :; do sleep 0.1; done\" }\n")
        let running = workspace.start("up", "--trust", "--grace", "200ms")
        #expect(try await workspace.eventually { workspace.exists("ready") })
        let begin = ContinuousClock.now
        try await running.signal(SIGINT)
        try await running.ended().expect(status: 130)
        #expect(ContinuousClock.now - begin < .seconds(8), "the standard grace is ten seconds")
    }

    @Test func `a plan with --rerun says what up with it does`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: touch a, outputs: [a] }\n")
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("plan").expect(stdout: "step:a  up to date…", status: 0)
        for words in [["plan", "--rerun", "a"], ["up", "-n", "--rerun", "a"]] {
            try await workspace.run([Programs.devinit.text] + words).expect(
                stdout: "step:a  run  asked for\n…", status: 0)
        }
    }

    @Test func `an optional secret that was not given leaves its variable out`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            secrets:
              key: { prompt: Key, optional: true }
            steps:
              a: { run: "printf '%s' \\"${KEY-absent} $OTHER\\" >a", env: { KEY: "x-${secrets.key}", OTHER: "${secrets.key:-none}" }, outputs: [a] }
            """)
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("a") == "absent none")
        try await workspace.up().expect(stderr: "…up to date (…", status: 0)
    }

    @Test func `whose values stand in an old file is no answer for edits that devinit knows of`() async throws {
        let workspace = try Workspace("version: 1\nenv_files:\n  .env: { set: { A: m1, B: m2 } }\n")
        try await workspace.up().expect(status: 0)
        try workspace.write(".env", "A=mine\nB=m2\n")
        try await workspace.up("--take", "manifest").expect(status: 0)
        #expect(workspace.text(".env") == "A=mine\nB=m2")
    }

    @Test func `a step that is run by name shows what it writes, each stream on its own, secrets masked`() async throws
    {
        let workspace = try Workspace(
            """
            version: 1
            secrets:
              key: { env: KEY }
            steps:
              needed: { run: echo quiet }
              say: { run: "echo out $K; printf 'no end'; echo err >&2", env: { K: "${secrets.key}" }, needs: [needed] }
            """, environment: ["KEY": "s3cret-value"])
        let ended = try await workspace.devinit("run", "say", "--trust").expect(status: 0)
        #expect(ended.stdout.hasPrefix("out ") && ended.stdout.hasSuffix("no end\n"), "\(ended)")
        #expect(!ended.stdout.contains("s3cret-value") && !ended.stdout.contains("quiet"))
        #expect(ended.stderr.contains("\nerr\n"), "\(ended)")
        _ = try await workspace.devinit("run", "say", "--trust", "--json").expect(status: 0).json()
    }

    @Test func `a plan does not call a step up to date whose inputs another one is about to make`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              gen: { run: cp a out, inputs: [a], outputs: [out] }
              via: { run: cp out via, inputs: [out], outputs: [via], needs: [gen] }
              other: { run: "true", inputs: [a.txt], needs: [gen] }
            """, files: ["a": "1", "a.txt": ""])
        try await workspace.up().expect(status: 0)
        try workspace.write("a", "2")
        let actions = try await workspace.devinit("plan", "--json").expect(status: 0).members("nodes", "action")
        #expect(actions == ["step:gen": "run", "step:via": "unknown", "step:other": "none"])
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("via") == "2")
    }

    @Test func `always is refused where there is no remote to approve`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: \"true\" }\n")
        try await workspace.devinit("trust", "--always").expect(stderr: "…has no remote 'origin'…", status: 64)
        try await workspace.devinit("up").expect(status: 77)
    }
}
