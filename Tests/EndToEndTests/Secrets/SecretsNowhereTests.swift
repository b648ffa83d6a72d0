import Base
import Foundation
import HostInterfaces
import Testing

/// A run with real containers leaves its secrets in the env file and in the store, and nowhere else.
@Suite(.needs(.engine)) struct SecretsNowhereTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        secrets:
          db_password: { generate: password, length: 24 }
          cache_password: { generate: base64, length: 20 }
          queue_password: { generate: hex }
          api_key: { prompt: Key of the interface }
          token: { command: "printf 'of a command %s' $((40 + 2))" }
        services:
          postgres:
            use: postgres
            with: { image: "devinit-lab/postgres:15", databases: [app], password: "${secrets.db_password}" }
            port: auto
          redis:
            use: redis
            with: { image: "devinit-lab/redis:7", password: "${secrets.cache_password}" }
            port: auto
          rabbit:
            use: rabbitmq
            with: { image: "devinit-lab/rabbitmq:3-management", password: "${secrets.queue_password}" }
            ports: { amqp: auto, management: auto }
          server: { native: { run: "exec sleep 600", env: { DATABASE_URL: "${services.postgres.url.app}" } } }
        env_files:
          .env:
            set:
              DATABASE_URL: ${services.postgres.url.app}
              REDIS_URL: ${services.redis.url}
              AMQP_URL: ${services.rabbit.url}
              API_KEY: ${secrets.api_key}
              TOKEN: ${secrets.token}
        steps:
          ask:
            inside: postgres
            run: 'PGPASSWORD=$(cat /run/secrets/password) psql -h "$(hostname)" -U postgres -d app -Atqc "select current_user"; echo "key $KEY"'
            env: { KEY: "${secrets.api_key}" }
          cache: { inside: redis, run: 'REDISCLI_AUTH=$(cat /run/secrets/password) redis-cli --no-auth-warning set a b; redis-cli ping || true' }
          queue: { run: 'printf "user = guest:%s" "$PASSWORD" | curl -fsS -K - "http://127.0.0.1:$PORT/api/whoami"', env: { PASSWORD: "${secrets.queue_password}", PORT: "${services.rabbit.ports.management}" } }
          shout: { run: 'cat .env; printf "%s" "$URL" | base64; echo "$TOKEN" >&2; exit 1', env: { URL: "${services.postgres.url}", TOKEN: "${secrets.token}" } }
        message: Log in with ${secrets.api_key}
        """

    /// The env file, the store, and the files that the containers mount, which are part of it.
    private static func isHome(_ file: String) -> Bool {
        file == "work/.env" || file.hasSuffix("/secrets.json")
            || file.wholeMatch(of: #/state/devinit/workspaces/[^/]+/services/.*/#) != nil
    }

    @Test func `no secret of a run is found outside its env file and store`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest) { workspace in
            let key = "typed by a person/+1"
            // Known before the run that makes the containers.
            let handedOver = ["api_key": key, "db_password": "Handed-over.to-a-database"]
            for (name, value) in handedOver {
                try await workspace.run(
                    [Programs.devinit.text, "secrets", "set", name], input: .bytes(Array(value.utf8))
                ).expect(status: 0)
            }
            let nothing = Leaks(handedOver.merging(["token": "of a command 42"]) { $1 })
            let before = nothing.watchingArguments()
            let first = try await workspace.up("-v").expect(status: 1)
            before.cancel()
            let store = try JSON(
                parsing: await workspace.shell("cat ../state/devinit/workspaces/*/secrets.json"))
            var secrets = ["key": key, "token": "of a command 42"]
            for name in ["db_password", "cache_password", "queue_password"] {
                secrets[name] = try #require(store["values"]?[name]?["value"]?.string)
            }
            let leaks = Leaks(secrets)
            let watch = leaks.watchingArguments()
            var said = first.stdout + first.stderr
            for words in [
                ["up", "--trust"], ["up", "--trust", "--json"],
                ["up", "--trust", "--progress", "json", "--rerun", "ask"],
                ["run", "ask", "--trust"], ["run", "shout", "--trust"], ["plan", "--why"], ["status", "--json"],
                ["report"],
                ["logs", "postgres"], ["logs", "redis"], ["logs", "rabbit"], ["logs", "shout"], ["doctor"], ["config"],
                ["secrets", "--json"], ["restart", "redis"],
            ] {
                let ended = try await workspace.run([Programs.devinit.text] + words, limit: .seconds(150))
                #expect(leaks.found(in: ended.stdout + ended.stderr) == [], "\(words): \(ended)")
                said += ended.stdout + ended.stderr
            }
            watch.cancel()
            #expect(leaks.found(in: said) == [], "\(first)")
            let early = await before.value.found
            #expect(early == [], "\(early)")
            let (arguments, looks) = await watch.value
            #expect(arguments == [] && looks > 20, "\(arguments), in \(looks) looks")
            #expect(leaks.found(below: workspace.folder, except: Self.isHome) == [])
            // What the engine tells of the containers, and what a shell in them sees.
            let inspected = try await workspace.shell(
                """
                ids=$(docker ps -aq --filter "label=dev.devinit.workspace=$PWD"); docker inspect $ids
                for id in $ids; do docker exec $id env; docker logs $id; docker top $id; done 2>&1
                """)
            #expect(inspected.contains("POSTGRES_PASSWORD_FILE") && leaks.found(in: inspected) == [])
            // They do their work, and with these passwords.
            try await workspace.devinit("logs", "ask").expect(stdout: "postgres\nkey ***", status: 0)
            try await workspace.devinit("logs", "cache").expect(stdout: "OK…NOAUTH…", status: 0)
            try await workspace.devinit("logs", "queue").expect(stdout: "…guest…", status: 0)
            #expect(Set(leaks.found(in: workspace.text(".env") ?? "")).isSuperset(of: ["key", "token", "db_password"]))
            try await workspace.devinit("down", "--volumes").expect(status: 0)
        }
    }

    @Test func `a password that data was made with is not rotated until the data is given up`() async throws {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            secrets: { db_password: { generate: hex } }
            services:
              db: { use: postgres, with: { image: "devinit-lab/postgres:15", password: "${secrets.db_password}" }, port: auto }
            env_files: { .env: { set: { URL: "${services.db.url}" } } }
            """
        try await ServiceTests.withWorkspace(.plugin, manifest) { workspace in
            try await workspace.up().expect(status: 0)
            let before = workspace.text(".env")
            for words in [["rotate", "db_password"], ["forget", "db_password"]] {
                try await workspace.run([Programs.devinit.text, "secrets"] + words).expect(
                    stderr: "error: the data of db was made with db_password…devinit down --volumes", status: 1)
            }
            #expect(workspace.text(".env") == before)
            // As its words say: changed in the database first, then handed over.
            try await workspace.shell(
                """
                docker exec $(docker ps -q --filter "label=dev.devinit.workspace=$PWD") \
                  psql -h 127.0.0.1 -U postgres -c "alter user postgres password 'by-hand'" >/dev/null
                printf by-hand | '\(Programs.devinit)' secrets set db_password --despite-data 2>../said
                """)
            #expect(workspace.host.files.text(of: workspace.folder / "said")?.contains("devinit up db") == true)
            #expect(workspace.text(".env")?.contains("postgres:by-hand@") == true)
            try await workspace.up().expect(stderr: "…[service:db]…update:…", status: 0)
            try await workspace.devinit("down", "--volumes").expect(status: 0)
            try await workspace.devinit("secrets", "rotate", "db_password").expect(
                stderr: "rotated: db_password…", status: 0)
            #expect(workspace.text(".env")?.contains("by-hand") == false)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("down", "--volumes").expect(status: 0)
        }
    }
}
