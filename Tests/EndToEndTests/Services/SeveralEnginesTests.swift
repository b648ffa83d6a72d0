import Base
import Foundation
import Testing

/// A light service here, a heavy one on another machine behind a Docker context.
@Suite(.needs(.engine)) struct SeveralEnginesTests {
    private static let manifest = """
        version: 1
        workspace: WORKSPACE
        secrets: { password: { generate: password } }
        services:
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
          postgres:
            use: postgres
            with: { image: "devinit-lab/postgres:15", databases: [app], password: "${secrets.password}" }
            port: auto
            host_ip: 127.0.0.2
            engine: heavy
            needs: [redis]
        env_files:
          .env: { set: { DATABASE_URL: "${services.postgres.url.app}", REDIS_URL: "${services.redis.url}" } }
        steps:
          talk:
            shell: bash
            # An SSLRequest (PostgreSQL, "Message Formats"), which a server answers with one letter.
            run: |
              exec 3<>"/dev/tcp/$REDIS" 4<>"/dev/tcp/$POSTGRES"
              printf 'PING\\r\\n' >&3; head -n 1 <&3
              printf '\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f' >&4; echo "postgres says $(head -c 1 <&4)"
            env:
              REDIS: "${services.redis.host}/${services.redis.port}"
              POSTGRES: "${services.postgres.host}/${services.postgres.port}"
          inside:
            inside: postgres
            run: 'PGPASSWORD=$(cat /run/secrets/password) psql -h "$(hostname)" -U postgres -d app -Atqc "select 6 * 7"'
        """

    /// A configuration of Docker's programs with the context `heavy`, which leads to that engine.
    private func configuration(_ engine: RemoteEngine, _ workspace: Workspace) async throws -> [String: String] {
        let folder = (workspace.folder / "docker").text
        let plugins = Lab.environment["DOCKER_CONFIG"] ?? ""
        let address = engine.environment(.tcp)["DOCKER_HOST"] ?? ""
        try await workspace.shell(
            """
            mkdir -p '\(folder)' && ln -s '\(plugins)/cli-plugins' '\(folder)/cli-plugins'
            DOCKER_CONFIG='\(folder)' docker context create heavy --docker 'host=\(address)'
            """)
        return ["DOCKER_CONFIG": folder]
    }

    @Test func `a heavy service lives on another machine, and every command finds it there`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest) { workspace in
            let engine = try RemoteEngine(in: (workspace.folder / "remote").text)
            let environment = try await configuration(engine, workspace)
            func devinit(_ words: String...) async throws -> Ended {
                try await workspace.run([Programs.devinit.text] + words, environment: environment)
            }
            try await workspace.shell("git init -q . && echo .env >.gitignore")
            try await workspace.up(environment: environment).expect(status: 0)
            let text = try #require(workspace.text(".env"))
            #expect(text.contains("REDIS_URL=redis://127.0.0.1:") && text.contains("@127.0.0.2:"), "\(text)")
            let near = try #require(workspace.text(".devinit/compose.yaml"))
            let far = try #require(workspace.text(".devinit/compose.heavy.yaml"))
            #expect(near.contains("  redis:") && !near.contains("  postgres:"), "\(near)")
            #expect(far.contains("  postgres:") && !far.contains("  redis:"), "\(far)")
            // What it mounts was put into it: the other machine has no such path.
            #expect(!far.contains("bind"), "\(far)")
            let talk = try await devinit("logs", "step:talk")
            #expect(talk.stdout.contains("+PONG") && talk.stdout.contains("postgres says N"), "\(talk.stdout)")
            #expect(try await devinit("logs", "step:inside").stdout.contains("42"))

            let status = try JSON(parsing: try await devinit("status", "--json").expect(status: 0).stdout)
            let services = status["services"]?.array ?? []
            #expect(services.map { $0["state"] } == ["running", "running"])
            #expect(services.map { $0["engine"] } == [.null, "heavy"])
            #expect(services.map { $0["host"] } == ["127.0.0.1", "127.0.0.2"])
            let plan = try JSON(parsing: try await devinit("plan", "--json").expect(status: 0).stdout)
            let work = (plan["nodes"]?.array ?? []).filter { $0["id"]?.string?.hasPrefix("service:") == true }
            #expect(work.map { $0["action"] } == ["none", "none"], "\(work)")
            let doctor = try await devinit("doctor", "containers", "--json")
            #expect(doctor.stdout.contains("engine:heavy"), "\(doctor.stdout)")

            try await devinit("trust").expect(status: 0)
            #expect(try await devinit("exec", "postgres", "--", "echo", "there").expect(status: 0).stdout == "there\n")
            #expect(
                try await devinit("compose", "--engine", "heavy", "--", "config", "--services").stdout == "postgres\n")
            #expect(try await devinit("logs", "postgres").expect(status: 0).stdout.contains("ready to accept"))
            try await devinit("restart", "postgres").expect(status: 0)
            try await devinit("data", "save", "one").expect(status: 0)
            let saved = try JSON(parsing: try await devinit("data", "list", "--json").expect(status: 0).stdout)
            #expect(
                Set((saved["snapshots"]?.array ?? []).compactMap { $0["service"]?.string }) == ["redis", "postgres"])
            try await devinit("data", "load", "one", "postgres", "--replace").expect(status: 0)
            try await devinit("data", "delete", "one").expect(status: 0)

            let down = try await devinit("down", "--volumes").expect(status: 0)
            #expect(down.stderr.contains("redis") && down.stderr.contains("postgres"), "\(down.stderr)")
            let left = try await workspace.shell(
                "docker ps -aq --filter label=dev.devinit.workspace=\(workspace.root); "
                    + "docker volume ls -q --filter label=dev.devinit.workspace=\(workspace.root)")
            #expect(left == "", "\(left)")
        }
    }
}
