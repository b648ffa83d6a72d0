import Base
import Execution
import HostInterfaces
import ManifestModel
import Testing

@testable import Kinds

/// Existing Compose files on a real engine, with both generations of Compose.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct AdoptionLabTests {
    private static let files = [
        "docker-compose.yml": """
        x-base: &base { image: "devinit-lab/base:12", init: true }
        services:
          db:
            image: "devinit-lab/redis:7"
            ports: ["127.0.0.1:${DB_PORT:-1}:6379"]
            volumes: ["data:/data"]
            healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s, retries: 30 }
          migrate:
            <<: *base
            env_file: app.env
            command: ["sh", "-c", "sleep 1; test -n \\"$$URL\\""]
            depends_on: { db: { condition: service_healthy } }
          web:
            extends: { file: base.yml, service: sleeper }
            depends_on: { migrate: { condition: service_completed_successfully } }
          debug: { <<: *base, command: [sleep, "600"], profiles: [debug] }
        volumes: { data: {} }
        """,
        "more.yml": "services: { web: { labels: [a=b] } }\n",
        "base.yml":
            "services: { sleeper: { image: \"devinit-lab/base:12\", init: true, command: [sleep, \"600\"] } }\n",
        "app.env.example": "X=1\n",
    ]

    private static func fixture(
        _ generation: ServiceLab.Generation = .plugin, port: Int = 16390, services: String = "", more: String = ""
    ) throws -> ServiceFixture {
        let fixture = try ServiceFixture(
            services,
            more: """
                env_files:
                  app.env: { from: app.env.example, set: { URL: "redis://${services.db.host}:${services.db.port}" } }
                  .env: { set: { DB_PORT: "\(port)" } }
                \(more)
                """, generation: generation, files: Self.files)
        let manifest = fixture.workspace.text("init.yaml") ?? ""
        let empty = services.isEmpty ? manifest.replacing("services:\n  \n", with: "") : manifest
        try fixture.workspace.write(
            "init.yaml",
            empty + "\ncompose: { files: [docker-compose.yml, more.yml], project: \(fixture.project) }\n")
        return fixture
    }

    @Test(arguments: ServiceLab.Generation.allCases)
    func `env files, the database, its migration and what needs it come up in that order, and then nothing is to do`(
        _ generation: ServiceLab.Generation
    ) async throws {
        let fixture = try Self.fixture(generation, port: generation == .plugin ? 16391 : 16392)
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        let order = fixture.events.finished.map(\.id)
        #expect(order == ["env:.env", "env:app.env", "service:db", "service:migrate", "service:web"])
        let port = generation == .plugin ? "16391" : "16392"
        #expect(fixture.workspace.text("app.env")?.contains("URL=redis://127.0.0.1:\(port)") == true)
        let web = fixture.container("web")
        #expect(ServiceLab.docker("inspect", "-f", "{{index .Config.Labels \"a\"}}", web) == "b")

        let plan = try await fixture.plan()
        #expect(plan["service:db"] == .upToDate("running, healthy"))
        #expect(plan["service:migrate"] == .upToDate("done, exit status 0"))
        #expect(plan["service:web"] == .upToDate("running"))
        // Without any program: whatever PATH has, it is not asked.
        let again = try await fixture.up(path: "/nowhere")
        #expect(again.nodes.allSatisfy { $0.result.status == .upToDate }, "\(again.words)")
        #expect(fixture.container("web") == web)

        // What `git clean` takes along is not needed to stop.
        try fixture.workspace.remove("app.env")
        var stopped: [String] = []
        try await fixture.open().services.removeContainers(volumes: false, stopped: &stopped)
        #expect(Set(stopped) == ["db", "migrate", "web"])
        #expect(fixture.container("db").isEmpty)
        #expect(ServiceLab.docker("network", "ls", "-q", "--filter", "name=\(fixture.project)_default").isEmpty)
        #expect(ServiceLab.docker("volume", "ls", "-q", "--filter", "name=\(fixture.project)_data").isEmpty == false)
    }

    @Test func `a changed file, env file or container is seen, each for its own services alone`() async throws {
        let fixture = try Self.fixture(port: 16393)
        #expect(try await fixture.up().status == .done)
        try fixture.workspace.write("app.env", (fixture.workspace.text("app.env") ?? "") + "Y=2\n")
        var plan = try await fixture.plan()
        #expect(plan["service:migrate"] == .work(.update, "an env file or an input of it changed"))
        #expect(plan["service:db"] == .upToDate("running, healthy"))

        let files = fixture.workspace.text("base.yml") ?? ""
        try fixture.workspace.write("base.yml", files.replacing("\"600\"", with: "\"601\""))
        plan = try await fixture.plan()
        #expect(plan["service:web"] == .work(.update, "its definition changed"))
        let before = fixture.container("web")
        #expect(try await fixture.up().status == .done)
        #expect(fixture.container("web") != before)

        // Somebody else made it anew, with something of their own.
        try fixture.workspace.write("other.yml", "services: { web: { labels: [c=d] } }\n")
        let root = fixture.workspace.root.text
        ServiceLab.output(
            ["docker", "compose", "-p", fixture.project, "-f", root + "/docker-compose.yml", "-f", root + "/other.yml"]
                + ["up", "-d", "--no-deps", "web"], ServiceLab.environment ?? [:])
        plan = try await fixture.plan()
        #expect(plan["service:web"] == .work(.update, "its container was made from another definition"))
    }

    @Test(arguments: ServiceLab.Generation.allCases)
    func `a service with several containers serves when all do, and every command reaches all of them`(
        _ generation: ServiceLab.Generation
    ) async throws {
        let fixture = try ServiceFixture(
            "", generation: generation,
            files: [
                "docker-compose.yml": """
                version: "3.9"
                services:
                  pool:
                    image: "devinit-lab/base:12"
                    init: true
                    env_file: app.env
                    command: ["sh", "-c", "echo begun; exec sleep 600"]
                    deploy: { replicas: 2 }
                    healthcheck: { test: "test -e /tmp/ready", interval: 1s, retries: 60 }

                """, "app.env": "A=1\n",
            ])
        try fixture.workspace.write(
            "init.yaml",
            "version: 1\nworkspace: w\ncompose: { files: [docker-compose.yml], project: \(fixture.project) }\n")
        async let up = fixture.up()
        var containers: [String] = []
        while containers.count < 2 {
            try await Task.sleep(for: .milliseconds(200))
            containers = fixture.container("pool").split(separator: "\n").map(String.init)
        }
        // One alone is not the service.
        ServiceLab.docker("exec", containers[0], "touch", "/tmp/ready")
        try await Task.sleep(for: .seconds(3))
        #expect(fixture.events.finished.isEmpty)
        ServiceLab.docker("exec", containers[1], "touch", "/tmp/ready")
        let summary = try await up
        #expect(summary.status == .done, "\(summary.words)")
        #expect(try await fixture.plan()["service:pool"] == .upToDate("running, healthy"))

        // None of these needs what the file needs.
        try fixture.workspace.remove("app.env")
        let run = try await fixture.open()
        let operations = run.services
        var logs = try await operations.logs("pool", follow: false)
        logs.output = .captured(limit: 1 << 16)
        let said = try await run.host.processes.run(logs, onOutput: nil)
        #expect(said.text.split(separator: "\n").count { $0.contains("begun") } == 2, "\(said)")
        #expect(try await operations.restart(["pool"]) == ["pool"])
        try fixture.workspace.write("app.env", "A=1\n")
        ServiceLab.docker("rm", "-f", containers[1])
        #expect(try await fixture.plan()["service:pool"] == .work(.run, "1 of 2 containers are there"))
        let status = try await fixture.open().services.status(isTrusted: true)
        #expect(status.first?.note == "1 of 2 containers are there" && status.first?.containers == 1)
        var stopped: [String] = []
        try await operations.removeContainers(volumes: false, stopped: &stopped)
        #expect(stopped == ["pool"])
    }

    @Test func `a project of that name from another folder is left alone, with the ways out`() async throws {
        let fixture = try Self.fixture(port: 16394)
        let other = try ComposeCases(
            ["docker-compose.yml": "services: { web: { image: \"devinit-lab/base:12\", command: [sleep, \"60\"] } }\n"],
            files: ["docker-compose.yml"])
        ServiceLab.output(
            ["docker", "compose", "-p", fixture.project, "-f", "\(other.folder)/docker-compose.yml", "up", "-d"],
            ServiceLab.environment ?? [:])
        let summary = try await fixture.up()
        #expect(summary["service:db"]?.failure?.message.contains("was made from \(other.folder)") == true)
        #expect(summary["service:db"]?.failure?.remedy?.contains("--foreign rename") == true)
        #expect(!fixture.container("web").isEmpty)
    }

    @Test func `a compose file that changes after it was approved starts nothing`() async throws {
        let fixture = try Self.fixture(
            port: 16395, services: "db: { needs: [edit] }",
            more: "steps: { edit: { run: \"sed -i s/redis:7/redis:7/ more.yml; echo '# x' >> more.yml\" } }")
        let summary = try await fixture.up()
        #expect(summary["service:db"]?.failure?.message == "more.yml has changed since devinit read it")
        #expect(fixture.container("db").isEmpty)
    }

    @Test func `a command of an entry beside the files is asked inside the container`() async throws {
        let fixture = try Self.fixture(
            port: 16396,
            services: "web: { health: { command: \"test -e /tmp/ready\", timeout: 1s }, description: The site }")
        let failed = try await fixture.up()
        #expect(failed["service:web"]?.failure?.kind == .timedOut)
        ServiceLab.docker("exec", fixture.container("web"), "touch", "/tmp/ready")
        #expect(try await fixture.up().status == .done)
        #expect(try await fixture.plan()["service:web"] == .upToDate("running, healthy"))
    }

    @Test func `a migration that fails is the failure, and what waits for it is not started`() async throws {
        let fixture = try Self.fixture(port: 16397)
        let text = fixture.workspace.text("docker-compose.yml") ?? ""
        try fixture.workspace.write("docker-compose.yml", text.replacing("test -n", with: "test -z"))
        let summary = try await fixture.up()
        #expect(summary["service:migrate"]?.failure?.message == "'migrate' ended with exit status 1")
        #expect(fixture.container("web").isEmpty)
    }

    @Test func `words for Compose get the files, the project and the engine, and its exit status comes back`()
        async throws
    {
        let fixture = try Self.fixture(port: 16398)
        #expect(try await fixture.up("db").status == .done)
        let run = try await fixture.open()
        var request = try await run.services.compose(["ps", "--services"], isAdopted: false)
        request.output = .captured(limit: 1 << 16)
        let result = try await run.host.processes.run(request, onOutput: nil)
        #expect(result.text == "db\n")
        request = try await run.services.compose(["exec", "-T", "db", "sh", "-c", "exit 7"], isAdopted: true)
        request.output = .captured(limit: 1 << 16)
        #expect(try await run.host.processes.run(request, onOutput: nil).end == .exited(7))
    }
}
