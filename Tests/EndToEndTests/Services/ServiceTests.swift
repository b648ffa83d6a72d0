import Base
import Foundation
import HostInterfaces
import Testing

/// Real containers, driven by the built program, with both generations of Compose.
@Suite(.needs(.engine)) struct ServiceTests {
    /// A project of its own in the engine, taken away at the end whatever happened.
    static func withWorkspace(
        _ compose: Lab.Compose, _ manifest: String, files: [String: String] = [:],
        _ body: (Workspace) async throws -> Void
    ) async throws {
        try require(.engine)
        if compose == .standalone { try require(.oldCompose) }
        let name = "e2e-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        let nowhere = Path("/nonexistent-docker-configuration")
        let workspace = try Workspace(
            manifest.replacing("WORKSPACE", with: name), files: files,
            environment: compose.environment(emptyFolder: nowhere))
        do { try await body(workspace) } catch {
            try? await sweep(name, workspace)
            throw error
        }
        try await sweep(name, workspace)
    }

    /// Takes away what the engine has of a project.
    static func sweep(_ name: String, _ workspace: Workspace) async throws {
        try await workspace.shell(
            """
            filter="label=com.docker.compose.project=\(name)"
            docker ps -aq --filter "$filter" | xargs -r docker rm -fv >/dev/null
            docker volume ls -q --filter "$filter" | xargs -r docker volume rm -f >/dev/null
            docker network ls -q --filter "$filter" | xargs -r docker network rm >/dev/null
            """)
    }

    static let manifest = """
        version: 1
        workspace: WORKSPACE
        secrets:
          db_password: { generate: password, length: 20 }
        services:
          postgres:
            use: postgres
            with: { image: "devinit-lab/postgres:15", databases: [app], password: "${secrets.db_password}" }
            port: auto
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
          rabbit:
            use: rabbitmq
            with: { image: "devinit-lab/rabbitmq:3-management" }
            ports: { amqp: auto, management: auto }
          # Healthy only when the migration was done: if that waited for all services, neither would ever be.
          late:
            compose:
              image: devinit-lab/base:12
              command: [sleep, infinity]
              stop_grace_period: 1s
              volumes: ["${workspace.root}:/work:ro"]
              healthcheck: { test: [CMD, test, -e, /work/migrated], interval: 1s, retries: 100 }
        env_files:
          .env: { set: { DATABASE_URL: "${services.postgres.url}", REDIS_URL: "${services.redis.url}" } }
        steps:
          migrate:
            inside: postgres
            run: [psql, -h, 127.0.0.1, -U, postgres, -d, app, -c, "create table made (id int)"]
            once: { per: postgres }
          mark: { run: touch migrated, needs: [migrate], once: true }
          use-all: { run: "echo done >all", needs: [redis, rabbit, late, migrate], once: true }
        """

    @Test(arguments: Lab.Compose.allCases)
    func `a migration waits for its own service alone, a second up does nothing, a new volume migrates again`(
        compose: Lab.Compose
    ) async throws {
        try await Self.withWorkspace(compose, Self.manifest, files: [".gitignore": ".env\n"]) { workspace in
            try await workspace.shell("git init -q .")
            let first = try await workspace.up("--json").expect(status: 0)
            #expect(Set(try first.members("nodes", "status").values) == ["done"], "\(first)")
            #expect(workspace.text(".env")?.contains("DATABASE_URL") == true)
            let password = try #require(workspace.text(".env")?.firstMatch(of: /postgres:([^@]+)@/)?.output.1)
            try await workspace.shell(
                """
                ! grep -rqF '\(password)' .devinit ../state/devinit/workspaces/*/journal-*
                test "$(stat -c %a .env)" = 600
                """)

            let again = try await workspace.up().expect(stderr: "up to date (…", status: 0)
            #expect(again.seconds < 15)
            try await workspace.devinit("plan", "--detailed-exitcode").expect(status: 0)

            let status = try await workspace.devinit("status", "--json").expect(status: 0).json()
            #expect(status["services"]?.array?.count == 4, "\(status)")
            try await workspace.devinit("logs", "redis").expect(stdout: "…eady to accept connections…", status: 0)

            try await workspace.devinit("down").expect(stderr: "…stopped: …", status: 0)
            let left = try await workspace.shell(
                "docker ps -q --filter label=com.docker.compose.project=$(sed -n 's/^workspace: //p' init.yaml)")
            #expect(left.isEmpty)
            // The data is the same, so the migration is not done again, also where the engine moves a volume's date.
            try await workspace.up("migrate").expect(status: 0)
            try await workspace.devinit("down", "--volumes").expect(stderr: "…_postgres-data…", status: 0)
            try await workspace.up("migrate").expect(stderr: "…[step:migrate]…done…", status: 0)
        }
    }

    @Test func `an engine that does not answer fails the services with the way out, and all else goes on`() async throws
    {
        let workspace = try Workspace(
            """
            version: 1
            services:
              redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
            steps:
              alone: { run: touch alone }
              with-redis: { run: touch with, needs: [redis] }
            """, environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"])
        let ended = try await workspace.up()
        #expect(ended.status == 78 || ended.status == 1, "\(ended)")
        #expect(ended.stderr.contains("✗ service:redis") && ended.stderr.contains("to do: "), "\(ended)")
        #expect(workspace.exists("alone") && !workspace.exists("with"))
    }

    @Test func `a local process is started, checked, left running, and noticed when it is gone`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            services:
              web:
                native: { run: "echo $$ >pid; exec python3 -m http.server --bind 127.0.0.1 $PORT" }
                port: auto
                health: { http: / }
            steps:
              ask: { run: "python3 -c \\"import urllib.request,os; urllib.request.urlopen(os.environ['URL'])\\"", env: { URL: "http://127.0.0.1:${services.web.port}/" } }
            """)
        defer {
            if let pid = Processes.number(in: workspace.path("pid"), workspace.host) { kill(pid, SIGKILL) }
        }
        try await workspace.up().expect(status: 0)
        let pid = try #require(Processes.number(in: workspace.path("pid"), workspace.host))
        #expect(Processes.isRunning(pid), "it ended with devinit")
        try await workspace.up().expect(status: 0)
        #expect(Processes.number(in: workspace.path("pid"), workspace.host) == pid, "it was started again")
        kill(pid, SIGKILL)
        #expect(try await workspace.eventually { !Processes.isRunning(pid) })
        let actions = try await workspace.devinit("plan", "--json").members("nodes", "action")
        #expect(actions["service:web"] != "none")
        try await workspace.up().expect(status: 0)
        #expect(Processes.number(in: workspace.path("pid"), workspace.host) != pid)
    }

    @Test func `down stops local processes on a machine without any engine`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            services:
              redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
              web:
                native: { run: "echo $$ >pid; exec python3 -m http.server --bind 127.0.0.1 $PORT" }
                port: auto
            """, environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"])
        defer {
            if let pid = Processes.number(in: workspace.path("pid"), workspace.host) { kill(pid, SIGKILL) }
        }
        _ = try await workspace.up()
        #expect(try await workspace.eventually { workspace.exists("pid") })
        try await workspace.devinit("down", "--volumes").expect(
            stderr: "note: no container engine answers…stopped: web", status: 0)
        let pid = try #require(Processes.number(in: workspace.path("pid"), workspace.host))
        #expect(!Processes.isRunning(pid))
    }
}
