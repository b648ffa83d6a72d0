import Base
import Foundation
import HostInterfaces
import Testing

/// Two instances on the real engine, and what stands in their way.
@Suite(.needs(.engine)) struct InstanceEngineTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        secrets:
          db_password: { generate: password, length: 20 }
        services:
          postgres:
            use: postgres
            with: { image: "devinit-lab/postgres:15", databases: [app], password: "${secrets.db_password}" }
            port: PORT
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
        env_files:
          .env: { set: { DATABASE_URL: "${services.postgres.url}", REDIS_URL: "${services.redis.url}" } }
        steps:
          seed:
            inside: postgres
            run: 'psql -h 127.0.0.1 -U postgres -d app -c "create table made (name text); insert into made values (''$DEVINIT_INSTANCE'')"'
            once: { per: postgres }
        """

    /// Two folders, the second a worktree of the first; everything of both is taken away at the end.
    private func withWorktrees(_ body: (Workspace, Workspace) async throws -> Void) async throws {
        let port = try #require(try Workspace().host.network.freePort(address: "127.0.0.1"))
        try await ServiceTests.withWorkspace(
            .plugin, Self.manifest.replacing("PORT", with: "\(port)"), files: [".gitignore": ".env\n"]
        ) { first in
            try await first.shell(
                """
                git init -q . && git add -A && git -c user.email=a@b.c -c user.name=x commit -qm x
                git worktree add -q ../two
                """)
            let second = try Workspace(environment: first.environment, root: first.folder / "two")
            do { try await body(first, second) } catch {
                _ = try? await second.devinit("down", "--volumes")
                throw error
            }
            _ = try await second.devinit("down", "--volumes")
        }
    }

    @Test func `two worktrees come up at the same time, again and again, each with its own data`() async throws {
        try await withWorktrees { first, second in
            for round in 1...3 {
                async let one = first.up()
                async let two = second.up()
                _ = (try await one.expect(status: 0), try await two.expect(status: 0))
                for (workspace, name) in [(first, ""), (second, "two")] {
                    let database = try #require(
                        workspace.text(".env")?.firstMatch(of: /DATABASE_URL=(\S+)/)?.output.1, "round \(round)")
                    let project = try await workspace.devinit("status", "--json").json()["project"]?.string ?? ""
                    // By the address that the env file gives, from outside.
                    let made = try await workspace.shell(
                        "docker run --rm --network host devinit-lab/postgres:15 psql '\(database)' -Atc 'select name from made'"
                    )
                    #expect(made.trimmingCharacters(in: .whitespacesAndNewlines) == name, "round \(round)")
                    let container = "\(project)-redis-1"
                    let before = try await workspace.shell("docker exec \(container) redis-cli get who")
                    #expect(before.trimmingCharacters(in: .whitespacesAndNewlines) == (round == 1 ? "" : "i\(name)"))
                    try await workspace.shell("docker exec \(container) redis-cli set who i\(name)")
                }
                async let third = first.devinit("down")
                async let fourth = second.devinit("down")
                _ = (try await third.expect(status: 0), try await fourth.expect(status: 0))
            }
        }
    }

    @Test func `data that one worktree saved is there for another, with its password and its seed`() async throws {
        try await withWorktrees { first, second in
            for workspace in [first, second] { _ = try await workspace.devinit("trust") }
            try await first.up().expect(status: 0)
            try await second.up("env:.env").expect(status: 0)
            let before = second.text(".env")
            try await first.devinit("data", "save", "seeded", "postgres").expect(status: 0)
            try await second.devinit("data", "load", "seeded").expect(
                stderr: "…taken over with the data: db_password…", status: 0)
            #expect(second.text(".env") != before)
            let database = try #require(second.text(".env")?.firstMatch(of: /DATABASE_URL=(\S+)/)?.output.1)
            let made = try await second.shell(
                "docker run --rm --network host devinit-lab/postgres:15 psql '\(database)' -Atc 'select count(*) from made'"
            )
            #expect(made == "1\n")
            try await second.devinit("plan", "seed").expect(stdout: "…step:seed…up to date…done once…", status: 0)
            try await first.devinit("data", "delete", "seeded").expect(status: 0)
        }
    }

    @Test func `what was made elsewhere stops up with the choice, and each of the choices works`() async throws {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            services: { redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto } }
            """
        try await ServiceTests.withWorkspace(.plugin, manifest) { first in
            let name = try #require(first.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1)
            try await first.up().expect(status: 0)
            try await first.shell("docker exec \(name)-redis-1 redis-cli set k v")
            let second = try Workspace(first.text("init.yaml"), environment: first.environment)
            try await second.up().expect(
                stderr: "…container \(name)-redis-1, made from \(first.root)…volume \(name)_redis-data…"
                    + "--foreign adopt…--foreign rename…", status: 78)
            #expect(try await first.shell("docker exec \(name)-redis-1 redis-cli get k") == "v\n")
            _ = try await second.devinit("trust")
            try await second.terminal("up", typing: "l\n").expect(
                stdout: "…adopt…rename…leave…left as it is…", status: 78)

            try second.write("init.local.yaml", "# mine\nvars: { a: b }\n")
            try await second.up("--foreign", "rename").expect(stderr: "…'\(name)-2'…", status: 0)
            #expect(second.text("init.local.yaml") == "# mine\nvars: { a: b }\nworkspace: \(name)-2")
            try await second.up().expect(stderr: "up to date…", status: 0)
            try await second.devinit("down", "--volumes").expect(status: 0)
            #expect(try await first.shell("docker exec \(name)-redis-1 redis-cli get k") == "v\n")

            try second.remove("init.local.yaml")
            try await second.terminal("up", typing: "a\n").expect(stdout: "…taken over: \(name)-redis-1…", status: 0)
            #expect(try await second.shell("docker exec \(name)-redis-1 redis-cli get k") == "v\n")
            try await second.up().expect(stderr: "up to date…", status: 0)
            try await first.up().expect(stderr: "…made from \(second.root)…", status: 78)
            try await second.devinit("down", "--volumes").expect(stderr: "…\(name)_redis-data…", status: 0)
            try await first.up().expect(status: 0)
            #expect(try await first.shell("docker exec \(name)-redis-1 redis-cli get k") == "\n")
        }
    }
}
