import Base
import Foundation
import HostInterfaces
import Testing

/// Templates with the servers that Debian has, in stand-ins for their images (Tests/Lab): used by clients through the
/// addresses that they export. All in one workspace, so that one start serves every look.
@Suite(.needs(.engine)) struct TemplateTests {
    private static let checked = [
        "adminer", "clickhouse", "mailpit", "mariadb", "memcached", "mysql", "nats", "postgres", "prometheus",
        "rabbitmq", "valkey",
    ]

    private static let manifest = """
        version: 1
        workspace: WORKSPACE
        services:
          memcached: { use: memcached, with: { image: "devinit-lab/memcached:1" }, port: auto }
          valkey: { use: valkey, with: { image: "devinit-lab/valkey:8", password: 'p"a\\s w/rd' }, port: auto }
          mariadb:
            use: mariadb
            with: { image: "devinit-lab/mariadb:10", databases: [app, audit-log], password: "it's \\\\ `me` %" }
            port: auto
          # No MySQL is to be had. MariaDB's image takes the same variables, and its server speaks the same protocol.
          mysql: { use: mysql, with: { image: "devinit-lab/mariadb:10", databases: [app, two] }, port: auto }
          nats: { use: nats, with: { image: "devinit-lab/nats:2" }, ports: { nats: auto, monitor: auto } }
          prometheus: { use: prometheus, with: { image: "devinit-lab/prometheus:2" }, port: auto }
          adminer:
            use: adminer
            with: { image: "devinit-lab/adminer:4", server: "${services.mariadb.internal.host}" }
            port: auto
          mailpit: { use: mailpit, with: { image: "devinit-lab/smtp:1" }, ports: { smtp: auto, web: auto } }
          clickhouse:
            use: clickhouse
            with: { image: "devinit-lab/clickhouse:18", databases: [app, audit], password: "p@ss/w rd" }
            ports: { http: auto, native: auto }
          postgres: { use: postgres, with: { image: "devinit-lab/postgres:15", databases: [app] }, port: auto }
          rabbitmq:
            use: rabbitmq
            with: { image: "devinit-lab/rabbitmq:3-management", vhosts: [/] }
            ports: { amqp: auto, management: auto }
          page:
            compose: { image: "devinit-lab/nginx:1", volumes: ["./page:/usr/share/nginx/html:ro"] }
            port: PAGE_PORT:80
            health: { http: /there.html }
        env_files:
          .env:
            set:
              MEMCACHED_URL: ${services.memcached.url}
              VALKEY_URL: ${services.valkey.url}
              MARIADB_URL: ${services.mariadb.url}
              MARIADB_URL_2: ${services.mariadb.url.audit-log}
              MYSQL_URL: ${services.mysql.url}
              MYSQL_URL_2: ${services.mysql.url.two}
              NATS_URL: ${services.nats.url}
              NATS_MONITOR_URL: ${services.nats.monitor_url}
              PROMETHEUS_URL: ${services.prometheus.url}
              ADMINER_URL: ${services.adminer.url}
              SMTP_URL: ${services.mailpit.url}
              MAIL_PAGE: ${services.mailpit.web_url}
              CLICKHOUSE_URL: ${services.clickhouse.url}
              CLICKHOUSE_URL_2: ${services.clickhouse.url.audit}
              POSTGRES_URL: ${services.postgres.url}
              AMQP_URL: ${services.rabbitmq.url}
              PAGE_URL: http://127.0.0.1:${services.page.port}/there.html
        """

    private static let lab = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Lab").path

    /// What clients got, with the addresses of the env file.
    private func use(_ names: String, _ workspace: Workspace) async throws -> [String] {
        try await workspace.shell("set -a; . ./.env; exec python3 '\(Self.lab)/clients.py' \(names)")
            .split(separator: "\n").map { String($0) }
    }

    private func container(_ service: String, _ workspace: Workspace) async throws -> String {
        try await workspace.shell(
            """
            docker ps -q --no-trunc --filter label=com.docker.compose.project=$(sed -n 's/^workspace: //p' init.yaml) \
              --filter label=com.docker.compose.service=\(service)
            """
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `clients reach what the templates promise, lists may grow, and a check sees a server that hangs`()
        async throws
    {
        let manifest = Self.manifest.replacing("PAGE_PORT", with: "\(Int.random(in: 20000..<30000))")
        try await ServiceTests.withWorkspace(.plugin, manifest, files: ["page/there.html": "a page\n"]) { workspace in
            let first = try await workspace.up("--json").expect(status: 0)
            #expect(Set(try first.members("nodes", "status").values) == ["done"], "\(first)")
            let all =
                "memcached valkey mariadb mysql nats prometheus adminer mailpit clickhouse postgres rabbitmq nginx"
            let used = try await use(all, workspace)
            #expect(
                used == [
                    "memcached: value", "valkey: +OK +OK $5 value server_name:valkey", "mariadb: app, audit-log",
                    "mysql: app, two",
                    "nats: MSG made 1 5 hello, jetstream True, ok", "prometheus: 42", "adminer: True mariadb",
                    "mailpit: hello", "clickhouse: app, audit", "postgres: app", "rabbitmq: /", "nginx: a page",
                ])
            try await listsGrow(workspace)
            try await checksSeeWhatHangs(workspace)
        }
    }

    /// The volumes are there already, so the images make nothing of what was added.
    private func listsGrow(_ workspace: Workspace) async throws {
        let names = ["mariadb", "postgres", "rabbitmq"]
        var before: [String] = []
        for name in names { before.append(try await container(name, workspace)) }
        let grown = try #require(workspace.text("init.yaml"))
            .replacing("databases: [app, audit-log]", with: "databases: [app, audit-log, a_b]")
            .replacing("databases: [app] }", with: "databases: [app, 'Odd \"name'] }")
            .replacing("vhosts: [/]", with: "vhosts: [/, orders]")
            .replacing(
                "      PAGE_URL",
                with: """
                          MARIADB_URL_3: ${services.mariadb.url.a_b}
                          AMQP_URL_2: ${services.rabbitmq.url.orders}
                          PAGE_URL
                    """)
        try workspace.write("init.yaml", grown)
        try await workspace.devinit("plan", "--detailed-exitcode").expect(
            stdout: "…to be made where missing: databases: app, Odd \"name…", status: 2)
        try await workspace.up().expect(status: 0)
        for (name, old) in zip(names, before) {
            #expect(try await container(name, workspace) == old, "\(name) was made anew")
        }
        #expect(
            try await use("mariadb rabbitmq", workspace)
                == ["mariadb: app, audit-log, a_b", "rabbitmq: /, orders"])
        let databases = try await workspace.shell(
            "docker exec \(before[1]) psql -h 127.0.0.1 -U postgres -Atqc 'select datname from pg_database'")
        #expect(databases.split(separator: "\n").contains("Odd \"name"), "\(databases)")
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
    }

    /// The kernel goes on taking connections for a process that was stopped.
    private func checksSeeWhatHangs(_ workspace: Workspace) async throws {
        let names = Self.checked
        var words = ""
        var containers = ""
        for name in names {
            let container = try await container(name, workspace)
            words += " \(name)=\(container)"
            containers += " \(container)"
        }
        func checks() async throws -> Set<Substring> {
            let told = try await workspace.shell("python3 '\(Self.lab)/health.py'\(words)")
            return Set(told.split(separator: "\n"))
        }
        try await workspace.shell(
            "for c in\(containers); do docker top $c -o pid | sed 1d; done >stopped; kill -STOP $(cat stopped)")
        let hanging = try await checks()
        try await workspace.shell("kill -CONT $(cat stopped)")
        #expect(hanging == Set(names.map { "\($0): not healthy" }))
        // What the engine asked meanwhile is answered first.
        var again = try await checks()
        for _ in 0..<5 where again.contains(where: { $0.hasSuffix("not healthy") }) { again = try await checks() }
        #expect(again == Set(names.map { "\($0): healthy" }))

        let (mariadb, valkey) = (try await container("mariadb", workspace), try await container("valkey", workspace))
        try await workspace.shell(
            """
            docker exec -e MYSQL_PWD=root \(mariadb) mariadb -uroot -e "set password for app@'%' = password('other')"
            docker exec -e REDISCLI_AUTH='p"a\\s w/rd' \(valkey) valkey-cli config set requirepass other >/dev/null
            """)
        let refused = try await checks()
        #expect(refused.contains("mariadb: not healthy") && refused.contains("valkey: not healthy"), "\(refused)")
    }
}
