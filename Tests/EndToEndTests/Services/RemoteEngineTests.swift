import Base
import Foundation
import Testing

/// An engine on another machine, reached as people reach one.
@Suite(.needs(.engine)) struct RemoteEngineTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        services:
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto, host_ip: 127.0.0.2 }
          here: { native: { run: exec sleep 600 }, port: auto }
        env_files:
          .env: { set: { REDIS_URL: "${services.redis.url}", HERE: "${services.here.host}" } }
        steps:
          ask:
            shell: bash
            run: 'exec 3<>"/dev/tcp/$HOST/$PORT"; printf "PING\\r\\n" >&3; head -n 1 <&3'
            env: { HOST: "${services.redis.host}", PORT: "${services.redis.port}" }
        """

    @Test(arguments: RemoteEngine.Way.allCases) func `addresses follow an engine on another machine, and it is reached`(
        _ way: RemoteEngine.Way
    ) async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest) { workspace in
            let engine = try RemoteEngine(in: (workspace.folder / "remote").text)
            let environment = engine.environment(way)
            try await workspace.up(environment: environment).expect(status: 0)
            let text = try #require(workspace.text(".env"))
            #expect(text.contains("REDIS_URL=redis://\(RemoteEngine.host):"), "\(text)")
            #expect(text.contains("HERE=127.0.0.1"), "a local process is not where the engine is: \(text)")
            let again = try await workspace.devinit("plan", "--json", environment: environment).expect(status: 0)
            #expect(
                try JSON(parsing: again.stdout)["nodes"]?.array?.first { $0["id"] == "service:redis" }?["action"]
                    == "none")
            let log = try await workspace.devinit("logs", "step:ask", environment: environment)
            #expect(log.stdout.contains("+PONG"), "\(log.stdout)\(log.stderr)")
            try await workspace.devinit("down", environment: environment).expect(status: 0)
        }
    }

    @Test func `a password reaches a container on another machine, where no path of this one means anything`()
        async throws
    {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            secrets: { password: { generate: password } }
            services:
              postgres:
                use: postgres
                with: { image: "devinit-lab/postgres:15", databases: [app], password: "${secrets.password}" }
                port: auto
            steps:
              ask: { inside: postgres, run: 'stat -c %a /run/secrets/password; PGPASSWORD=$(cat /run/secrets/password) psql -h "$(hostname)" -U postgres -d app -Atqc "select current_database()"' }
              alone:
                inside: { service: postgres, start: false }
                run: 'echo "alone $(stat -c %a /run/secrets/password) $(wc -c </run/secrets/password) left $(env | grep -c DEVINIT_FILE)"'
            """
        try await ServiceTests.withWorkspace(.plugin, manifest) { workspace in
            let engine = try RemoteEngine(in: (workspace.folder / "remote").text)
            let environment = engine.environment(.tcp)
            try await workspace.up(environment: environment).expect(status: 0)
            let log = try await workspace.devinit("logs", "step:ask", environment: environment)
            #expect(log.stdout.contains("600") && log.stdout.contains("app"), "\(log.stdout)")
            // A container of its own has it too, and its command no variable of it.
            let alone = try await workspace.devinit("logs", "step:alone", environment: environment)
            #expect(alone.stdout.contains("alone 600 32 left 0"), "\(alone.stdout)")
            let mounts = try await workspace.shell(
                "docker inspect $(docker ps -q --filter label=dev.devinit.workspace=\(workspace.root)) --format '{{json .Mounts}}'"
            )
            #expect(!mounts.contains("\"bind\""), "\(mounts)")
            // Nothing is made anew by the next look, and a restart finds the file again.
            try await workspace.up(environment: environment).expect(stderr: "…2 up to date…", status: 0)
            try await workspace.devinit("trust", environment: environment).expect(status: 0)
            try await workspace.devinit("restart", "postgres", environment: environment).expect(status: 0)
            try await workspace.devinit("down", "--volumes", environment: environment).expect(status: 0)
        }
    }

    @Test func `a port that nobody can reach from here is told, with what to do`() async throws {
        let manifest = Self.manifest.replacing(", host_ip: 127.0.0.2", with: "").replacing("steps:", with: "profiles:")
            .split(separator: "\n").prefix { !$0.hasPrefix("profiles") }.joined(separator: "\n")
        try await ServiceTests.withWorkspace(.plugin, manifest) { workspace in
            let engine = try RemoteEngine(in: (workspace.folder / "remote").text)
            let up = try await workspace.up(environment: engine.environment(.tcp)).expect(status: 0)
            #expect(up.stderr.contains("is published for 127.0.0.2 alone"), "\(up.stderr)")
            try await workspace.devinit("down", environment: engine.environment(.tcp)).expect(status: 0)
        }
    }

    @Test func `an engine that can't be reached through ssh says why and asks nobody`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest) { workspace in
            let engine = try RemoteEngine(in: (workspace.folder / "remote").text)
            var environment = engine.environment(.ssh)
            // The real ssh, which has neither the key nor the host's.
            environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"
            let up = try await workspace.up(environment: environment)
            #expect(up.status == 78 || up.status == 1)
            #expect(
                up.stderr.contains("Host key verification failed") || up.stderr.contains("Permission denied"),
                "\(up.stderr)")
        }
    }
}
