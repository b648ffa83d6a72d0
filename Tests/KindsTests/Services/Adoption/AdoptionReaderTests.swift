import Base
import Execution
import ManifestModel
import Secrets
import Testing
import Trust

@testable import Kinds

/// From `compose` in the manifest to nodes, without an engine.
@Suite struct AdoptionReaderTests {
    private static let files = [
        "app/docker-compose.yml": """
        services:
          db: { image: pg, ports: ["5433:5432"], env_file: db.env }
          web: { image: web, depends_on: [db, queue], ports: ["${WEB_PORT:-8080}:80"] }
          queue: { image: q, expose: ["5672"] }
          debug: { image: d, profiles: [debug, all], depends_on: [db] }
        """
    ]

    private func workspace(_ manifest: String, files: [String: String] = files) throws -> WorkspaceFixture {
        try WorkspaceFixture("version: 1\nworkspace: w\n" + manifest, files: files)
    }

    private func names(_ fixture: WorkspaceFixture, profiles: [String] = [], targets: [String] = []) throws -> [String]
    {
        var selection = Selection()
        selection.profiles = profiles
        selection.targets = targets
        return try selection.graph(of: fixture.read().workspace) { ($0.defaultSeconds, false) }.nodes.keys
            .filter { $0.kind == "service" }.map(\.name).sorted()
    }

    @Test func `services without a profile are in, the others by their labels`() throws {
        let fixture = try workspace("compose: { files: app/docker-compose.yml }\n")
        #expect(fixture.problems.isEmpty)
        #expect(try names(fixture) == ["db", "queue", "web"])
        #expect(try names(fixture, profiles: ["debug"]) == ["db", "debug", "queue", "web"])
        #expect(fixture.read().workspace.adoptedProject?.name == "app")
    }

    @Test
    func `a step's own Compose never gets the main checkout's files in an instance, nor a file that nobody writes`()
        throws
    {
        let adopted = "compose: { files: app/docker-compose.yml, project: acme }\n"
        func variables(_ manifest: String, instance: String? = nil) throws -> [String: String] {
            let fixture = try workspace(manifest)
            let found = fixture.read(instance: instance).workspace.composeVariables
            return found.mapValues { $0.replacing(fixture.root.text, with: "") }
        }
        let stated = ["COMPOSE_FILE": "/app/docker-compose.yml", "COMPOSE_PROJECT_NAME": "acme"]
        #expect(try variables(adopted) == stated)
        #expect(
            try variables(adopted, instance: "two") == [
                "COMPOSE_FILE": "/.devinit/instances/two/adopted.yaml", "COMPOSE_PROJECT_NAME": "acme-two",
            ])
        let far = "services: { far: { use: redis, engine: heavy } }\n"
        #expect(try variables(adopted + far) == stated)
        #expect(try variables(far) == [:])
        #expect(try variables("services: { job: { native: { run: x } } }\n") == [:])
        #expect(
            try variables("services: { near: { use: redis } }\n" + adopted)["COMPOSE_FILE"] == "/.devinit/compose.yaml")
    }

    @Test func `stated services bring what they depend on, and stated profiles are on`() throws {
        let one = try workspace("compose: { files: app/docker-compose.yml, services: [debug] }\n")
        #expect(try names(one) == ["db", "debug"])
        let all = try workspace("compose: { files: app/docker-compose.yml, profiles: [all] }\n")
        #expect(try names(all) == ["db", "debug", "queue", "web"])
    }

    @Test func `references to an adopted service have its ports and its name inside`() throws {
        let fixture = try workspace(
            """
            compose: { files: app/docker-compose.yml }
            message: "${services.db.host} ${services.db.port} ${services.db.internal.host} ${services.db.internal.port} ${services.web.url}"
            """)
        #expect(fixture.problems.isEmpty)
        let workspace = fixture.read().workspace
        let text = try #require(workspace.manifest.message)
        let values = Values(mask: SecretMask())
        #expect(try workspace.resolve(text, values).text == "127.0.0.1 5433 db 5432 http://127.0.0.1:8080")
        // The number is the file's as it stands at the time.
        try fixture.write("app/.env", "WEB_PORT=8090\n")
        #expect(try workspace.resolve(text, values).text.hasSuffix("http://127.0.0.1:8090"))
    }

    @Test func `an address begins as the container's port asks, and there is none where nothing is known`() throws {
        let fixture = try workspace(
            """
            compose: { files: c.yml }
            message: "${services.pg.url} ${services.mq.url} ${services.web.url} ${services.dns.port} ${services.dns.ports.53-udp}"
            """,
            files: [
                "c.yml": """
                services:
                  pg: { image: a, ports: ["5433:5432"] }
                  mq: { image: b, ports: ["5673:5672"] }
                  web: { image: c, ports: ["8080:80"] }
                  dns: { image: d, ports: ["5353:53/udp", "8053:8053"] }
                  kafka: { image: e, ports: ["9092:9092"] }
                  log: { image: f, ports: ["514:514/udp"] }
                """
            ])
        #expect(fixture.problems.isEmpty)
        let workspace = fixture.read().workspace
        let text = try #require(workspace.manifest.message)
        let host = "127.0.0.1"
        #expect(
            try workspace.resolve(text, Values(mask: SecretMask())).text
                == "postgresql://\(host):5433 amqp://\(host):5673 http://\(host):8080 8053 5353")
        for name in ["kafka", "log"] {
            let node = try #require(workspace.node("service", name) as? ContainerService)
            #expect(node.exports.isEmpty, "\(name)")
        }
    }

    @Test func `what decides a port is written before it is referred to`() throws {
        let fixture = try workspace(
            """
            compose: { files: app/docker-compose.yml }
            env_files:
              app/.env: { set: { WEB_PORT: "8090" } }
              app/db.env: { set: { A: "1" } }
              front.env: { set: { URL: "${services.web.url}" } }
            """)
        #expect(fixture.problems.isEmpty)
        let workspace = fixture.read().workspace
        #expect(workspace.edges(of: NodeID("env", "front.env")).map(\.need) == [NodeID("env", "app/.env")])
        let needs = workspace.edges(of: NodeID("service", "queue")).map(\.need.description)
        #expect(needs == ["env:app/.env", "env:app/db.env"])
    }

    @Test func `the files are approved as they stand, and an entry adds labels, needs and words`() throws {
        let fixture = try workspace(
            """
            compose: { files: app/docker-compose.yml }
            services:
              db: { needs: [hello], profiles: [mine], description: The data }
            steps: { hello: { run: echo } }
            """)
        #expect(fixture.problems.isEmpty)
        let workspace = fixture.read().workspace
        let items = workspace.order.compactMap { workspace.nodes[$0] }.flatMap { $0.executables(in: workspace) }
        let item = try #require(items.first { $0.node == "compose" })
        #expect(item.what == "file app/docker-compose.yml" && item.text == Self.files["app/docker-compose.yml"])
        #expect(items.count { $0.node == "compose" } == 1)
        let db = try #require(workspace.node("service", "db"))
        #expect(db.common.labels.map(\.source) == ["mine"] && db.common.description?.source == "The data")
        #expect(workspace.edges(of: db.id).contains { $0.need == NodeID("step", "hello") && $0.isWritten })
    }

    @Test func `what is wrong is said at its place`() throws {
        let fixture = try workspace(
            """
            compose: { files: [app/docker-compose.yml], services: [dbb, db] }
            services:
              wob: { needs: [db] }
              db: { port: 5, health: { tcp: "9" } }
              web: { needs: [db] }
            """)
        #expect(
            fixture.problems == [
                "3: the compose files have no service 'dbb'", "5: the compose files have no service 'wob'",
                "6: 'db' comes from a compose file, which says its 'port'",
                "6: 'db' publishes no port '9' to be asked",
                "7: 'web' is not among 'compose.services', nor does one of them need it",
            ])
        let none = try workspace("compose: { files: gone.yml }\n", files: [:])
        #expect(none.problems == ["3: the compose file gone.yml is not there"])
    }

    @Test func `an own definition takes the place of the file's`() throws {
        let fixture = try workspace(
            """
            compose: { files: app/docker-compose.yml }
            services:
              db: { compose: { image: mine }, port: "5433:5432" }
            """)
        #expect(fixture.problems.isEmpty)
        let workspace = fixture.read().workspace
        #expect(workspace.containerServices.map(\.name) == ["db"])
        #expect(workspace.adoptedServices.map(\.name) == ["web", "queue", "debug"])
    }

    @Test func `files that a repository brings are awaited, and a name stands for each service until then`() throws {
        let fixture = try workspace(
            """
            repos: { app: { url: "github:acme/app" } }
            compose: { files: app/docker-compose.yml, services: [db] }
            message: "${services.db.port}"
            """, files: [:])
        #expect(fixture.problems == ["4: the services of 'compose.files' are known once app is cloned"])
        let workspace = fixture.read().workspace
        #expect(workspace.edges(of: NodeID("service", "db")).map(\.need) == [NodeID("repo", "app")])
        #expect(workspace.repositoriesToKnow(for: workspace.nodes.keys) == [NodeID("repo", "app")])
        try fixture.write("app/docker-compose.yml", Self.files["app/docker-compose.yml"] ?? "")
        #expect(fixture.read().workspace.repositoriesToKnow(for: workspace.nodes.keys).isEmpty)
        try fixture.remove("app/docker-compose.yml")
        #expect(fixture.problems.first == "4: the compose file app/docker-compose.yml is not there")
    }
}
