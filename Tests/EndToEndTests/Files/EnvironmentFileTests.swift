import Base
import HostInterfaces
import Testing

/// Env files, other files and secrets, as a developer meets them.
@Suite struct EnvironmentFileTests {
    static let manifest = """
        version: 1
        secrets:
          key: { generate: hex, length: 24 }
        env_files:
          api/.env:
            from: api/.env.example
            set: { URL: "http://localhost:${PORT_OF_API}", KEY: "${secrets.key}" }
        steps:
          tell: { run: "echo the key is $KEY", env: { KEY: "${secrets.key}" } }
        """

    func workspace() async throws -> Workspace {
        let workspace = try Workspace(
            Self.manifest,
            files: ["api/.env.example": "# About\nURL=\nMODE=dev # words\nKEY=\n", ".gitignore": ".env\n"],
            environment: ["PORT_OF_API": "3000"])
        try await workspace.shell("git init -q .")
        return workspace
    }

    @Test func `a developer's own value stays, the manifest's follows, and comments are kept`() async throws {
        let workspace = try await workspace()
        try await workspace.up().expect(status: 0)
        let first = try #require(workspace.text("api/.env"))
        #expect(first.contains("# About\n") && first.contains("URL=http://localhost:3000\n"))
        #expect(first.contains("MODE=dev # words\n"), "\(first)")
        try workspace.write("api/.env", first.replacing("MODE=dev # words", with: "MODE='mine'") + "\nOWN=1\n")
        try await workspace.up(environment: ["PORT_OF_API": "4000"]).expect(status: 0)
        let second = try #require(workspace.text("api/.env"))
        #expect(second.contains("URL=http://localhost:4000\n"))
        #expect(second.contains("MODE='mine'\n") && second.contains("\nOWN=1"), "\(second)")
    }

    @Test func `a secret is in its file and in no log, plan, record or error`() async throws {
        let workspace = try await workspace()
        let ended = try await workspace.up("-v", "--json").expect(status: 0)
        let secret = String(try #require(workspace.text("api/.env")?.firstMatch(of: /KEY=([0-9a-f]{24})/)?.output.1))
        #expect(!ended.stderr.contains(secret) && !ended.stdout.contains(secret))
        #expect(ended.stderr.contains("the key is ***"), "\(ended)")
        #expect(try await !workspace.devinit("config").expect(status: 0).stdout.contains(secret))
        try await workspace.shell(
            """
            test "$(stat -c %a api/.env)" = 600
            ! grep -rqF \(secret) .devinit ../state/devinit/workspaces/*/journal-*
            """)
        // What can be made again may be lost; the secret is not.
        try await workspace.shell("git clean -qfdx -e init.yaml -e api/.env.example -e .gitignore")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("api/.env")?.contains(secret) == true)
    }

    @Test func `a secret that only a person can give is listed, and nothing runs without it`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            secrets: { stripe: { prompt: Stripe test key, hint: "https://dashboard.example" } }
            steps:
              a: { run: touch ran, env: { S: "${secrets.stripe}" } }
            """)
        try await workspace.up().expect(stderr: "…stripe…Stripe test key…", status: 78)
        #expect(!workspace.exists("ran"))
        try await workspace.devinit("plan").expect(status: 0)
    }

    @Test func `copies, links, folders and replaced texts are made, and changes stay`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            files:
              conf/app.json: { copy: templates/app.json, if: absent }
              current: { symlink: conf }
              data/cache: { dir: true }
            """, files: ["templates/app.json": "{}"])
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("current/app.json") == "{}" && workspace.exists("data/cache"))
        try workspace.write("conf/app.json", "mine")
        try await workspace.up().expect(stderr: "up to date…", status: 0)
        #expect(workspace.text("conf/app.json") == "mine")
    }
}
