import Base
import Execution
import HostFakes
import HostInterfaces
import ManifestModel
import Secrets
import State
import Synchronization
import Testing

@testable import Kinds

/// Services on two engines, both played: that of DOCKER_HOST, and one on another machine behind a Docker context.
struct SeveralEnginesTests {
    private let near = PlayedEngine()
    private let far = PlayedEngine()
    private static let farHost = "10.0.0.9"

    private static let manifest = """
        version: 1
        workspace: shop
        services:
          cache: { compose: { image: "cache:1", volumes: [cache:/data] }, port: 6379 }
          db: { compose: { image: "db:1", volumes: [data:/data] }, port: 5432, engine: heavy }
          web: { compose: { image: "web:1", depends_on: [cache, db] }, port: 8080 }
        """

    private func fixture(_ manifest: String = Self.manifest) throws -> WorkspaceFixture {
        let (network, far) = (near.network, far)
        network.script { request throws(NetworkError) in
            guard case .tcp(Self.farHost, _) = request.endpoint else { return nil }
            return far.answer(request)
        }
        far.state.withLock { $0.id = "far" }
        let fixture = try WorkspaceFixture(manifest, environment: ["DOCKER_HOST": "unix:///played.sock"]) { host in
            host.network = network
            host.environment["DOCKER_CONFIG"] = (host.machine.home / ".docker").text
            host.environment["PATH"] = (host.machine.home / "bin").text
        }
        let host = fixture.host
        try host.files.makeFolder(host.machine.home / "bin", mode: 0o755)
        try host.files.replace(host.machine.home.appending("bin/docker-compose"), with: [], mode: 0o755)
        // Two names for one engine.
        for name in ["heavy", "twin"] {
            let folder = host.digests.sha256(Array(name.utf8))
            let meta = (host.machine.home / ".docker").appending(Path("contexts/meta/\(folder)/meta.json"))
            try host.files.makeFolder(meta.parent, mode: 0o755)
            let json: JSON = ["Endpoints": ["docker": ["Host": .string("tcp://\(Self.farHost):2375")]]]
            try host.files.replace(meta, with: json.bytes(), mode: 0o644)
        }
        return fixture
    }

    private func context(_ fixture: WorkspaceFixture, _ service: String = "x") async throws -> NodeContext {
        let workspace = fixture.read().workspace
        let values = Values(mask: SecretMask())
        EngineHost.decide(workspace, values, host: fixture.host, settings: RunSettings(jobs: 2))
        return try await ServiceContext.make(fixture, workspace, values, service: service)
    }

    private func prepare(_ name: String, _ fixture: WorkspaceFixture) async throws {
        let context = try await context(fixture, name)
        let service = try #require(context.workspace.node("service", name) as? ContainerService)
        _ = try await context.engine(of: service).prepare(service, context)
    }

    private func operations(_ context: NodeContext) -> ServiceOperations {
        ServiceOperations(
            workspace: context.workspace, host: context.host, values: context.values, journal: context.journal,
            settings: context.settings, parts: context.parts)
    }

    @Test func `each service is looked for on its own engine, and each engine is asked once`() async throws {
        let fixture = try fixture()
        let context = try await context(fixture)
        near.run("cache", image: "cache:1", context.workspace)
        far.run("db", image: "db:1", context.workspace)
        let status = await operations(context).status(isTrusted: true)
        #expect(status.map(\.state) == ["running", "running", "absent"])
        #expect(status.map(\.engine) == [nil, "heavy", nil])
        #expect(status.map(\.host) == ["127.0.0.1", Self.farHost, "127.0.0.1"])
        for engine in [near, far] { #expect(engine.state.withLock { $0.asked } == ["GET /containers/json"]) }
    }

    @Test func `each engine has a file of its own, and waits for nothing that is not in it`() async throws {
        let fixture = try fixture()
        try await prepare("web", fixture)
        try await prepare("db", fixture)
        let standard = try #require(fixture.text(".devinit/compose.yaml"))
        let heavy = try #require(fixture.text(".devinit/compose.heavy.yaml"))
        #expect(standard.contains("  cache:") && standard.contains("  web:") && !standard.contains("  db:"))
        #expect(heavy.contains("  db:") && !heavy.contains("  cache:") && !heavy.contains("  web:"))
        #expect(standard.contains("- cache") && !standard.contains("- db"), "\(standard)")
        #expect(near.state.withLock { Array($0.volumes.keys) } == ["shop_cache"])
        #expect(far.state.withLock { Array($0.volumes.keys) } == ["shop_data"])
        let context = try await context(fixture)
        let edges = context.workspace.edges(of: NodeID("service", "web")).map(\.need)
        #expect(edges.contains(NodeID("service", "db")), "the order holds over both")
        let endpoint = EngineEndpoint(address: "tcp://x:1", origin: "the context heavy", context: "heavy")
        let engine = FoundEngine(
            name: .own("heavy"), endpoint: endpoint, client: EngineClient(host: fixture.host, endpoint: endpoint),
            compose: ComposeProgram(words: ["docker", "compose"], generation: .plugin))
        #expect(try engine.composeArguments(context.workspace).last?.hasSuffix(".devinit/compose.heavy.yaml") == true)
        let environment = engine.environment(fixture.host)
        #expect(environment["DOCKER_CONTEXT"] == "heavy" && environment["DOCKER_HOST"] == nil)
    }

    @Test func `a step inside a service runs on that service's engine, whatever DOCKER_HOST says`() async throws {
        let fixture = try fixture(Self.manifest + "\nsteps: { ask: { inside: db, run: x } }\n")
        let context = try await context(fixture)
        far.run("db", image: "db:1", context.workspace)
        let node = try #require(context.workspace.node("step", "ask") as? StepNode)
        let look = StepLook(node: node, declaration: node.declaration, place: fixture.root, context: context)
        let request = try await StepCommand(look).request(for: .shell("x"))
        #expect(request.environment["DOCKER_CONTEXT"] == "heavy" && request.environment["DOCKER_HOST"] == nil)
        #expect(request.arguments.contains((fixture.root / ".devinit/compose.heavy.yaml").text))
    }

    @Test func `data stays where it was made, whatever other services do on other engines`() async throws {
        let fixture = try fixture()
        try await prepare("db", fixture)
        do {
            let folder = StateFolder(host: fixture.host, workspaceRoot: fixture.root)
            let journal = try Journal.open(in: folder, host: fixture.host).journal
            try journal.append(.created(LedgerEntry(kind: .volume, name: "shop_data", node: "service:db")))
        }
        try await prepare("cache", fixture)
        try fixture.write("init.yaml", Self.manifest.replacing(", engine: heavy", with: ""))
        let failure = await #expect(throws: NodeFailure.self) { try await prepare("db", fixture) }
        #expect(
            failure?.message.hasPrefix("the data of 'db' lives on the engine at tcp://\(Self.farHost):2375") == true,
            "\(failure?.message ?? "")")
    }

    @Test func `what is left on an engine that no service names any more is taken away by the next down`() async throws
    {
        let fixture = try fixture()
        try await prepare("db", fixture)
        try fixture.write("init.yaml", Self.manifest.replacing(", engine: heavy", with: ""))
        let context = try await context(fixture)
        far.run("db", image: "db:1", context.workspace)
        var stopped: [String] = []
        try await operations(context).removeContainers(volumes: false, stopped: &stopped)
        #expect(stopped == ["db"])
        #expect(far.state.withLock { $0.asked.contains("DELETE /containers/db") })
        #expect(EngineName.used(context.journal) == [])
    }

    /// Draws one number for ever.
    private struct Stubborn: Randomness {
        func bytes(_ count: Int) -> [UInt8] { Array(repeating: 7, count: count) }
    }

    @Test func `a port that another project's container publishes over there is not chosen`() async throws {
        let fixture = try fixture(
            "version: 1\nworkspace: shop\nservices:\n  db: { use: redis, port: auto, engine: heavy }\n")
        let context = try await context(fixture)
        func chosen() async throws -> Int? {
            var host = fixture.host
            host.randomness = Stubborn()
            let values = Values(mask: SecretMask())
            EngineHost.decide(context.workspace, values, host: host, settings: context.settings)
            let nothing = Journal.readOnly(in: StateFolder(host: host, workspaceRoot: "/nowhere"), host: host)
            try await ServicePorts.decide(
                context.workspace, values, host: host, journal: nothing, writing: false,
                portsThere: operations(context).publishedPorts)
            return values.port("db", "redis")
        }
        let first = try #require(try await chosen())
        #expect(try await chosen() == first)
        let elsewhere = [ContainerState.projectLabel: "other", ComposeRendering.workspaceLabel: "/elsewhere"]
        far.run("stranger", image: "x", labels: elsewhere, port: first, context.workspace)
        #expect(try await chosen() != first)
    }

    @Test func `a chosen port that a stranger took over there is chosen anew, and its own container keeps it`()
        async throws
    {
        let fixture = try fixture(
            "version: 1\nworkspace: shop\nservices:\n  db: { use: redis, port: auto, engine: heavy }\n")
        let context = try await context(fixture)
        let number = try #require(context.values.port("db", "redis"))
        let db = NodeID("service", "db")
        #expect(try await operations(context).replaceTakenPorts(of: [db]) == [])
        let elsewhere = [ContainerState.projectLabel: "other", ComposeRendering.workspaceLabel: "/elsewhere"]
        far.run("stranger", image: "x", labels: elsewhere, port: number, context.workspace)
        let sentences = try await operations(context).replaceTakenPorts(of: [db])
        #expect(
            sentences.first?.hasPrefix(
                "port \(number), chosen earlier for 'db', is taken by the container stranger; it has ") == true,
            "\(sentences)")
        let other = try #require(context.values.port("db", "redis"))
        far.run("db", image: "x", port: other, context.workspace)
        await context.parts.engines[.own("heavy")].forgetLook()
        #expect(try await operations(context).replaceTakenPorts(of: [db]) == [])
    }

    @Test func `an engine that is gone hides no instance of the others, and one with two names counts once`()
        async throws
    {
        let fixture = try fixture()
        let context = try await context(fixture)
        near.run("cache", image: "cache:1", context.workspace)
        far.run("db", image: "db:1", context.workspace)
        for name in ["twin", "removed"] {
            try context.journal.append(.fact(EngineName.own(name).fact, ["address": "tcp://x:1"]))
        }
        let survey = await operations(context).instances()
        #expect(survey.instances.map(\.project) == ["shop"] && survey.instances.first?.containers == 2, "\(survey)")
        #expect(
            survey.notes == [
                "the engine 'removed' is left out: there is no Docker context 'removed' on this machine"
            ])
        #expect(survey.failure == nil)
    }

    @Test func `an engine whose context is not there is named, with what to do`() async throws {
        let fixture = try fixture(Self.manifest.replacing("heavy", with: "hevy"))
        let context = try await context(fixture)
        let service = try #require(context.workspace.node("service", "db") as? ContainerService)
        let failure = await #expect(throws: NodeFailure.self) { try await context.engine(of: service).found(context) }
        #expect(failure?.message == "there is no Docker context 'hevy' on this machine")
        #expect(failure?.remedy?.contains("docker context create hevy") == true)
    }

    @Test(arguments: [
        (
            "cache: { compose: { image: x, environment: { A: \"${services.db.internal.host}\" } } }",
            "'cache' lives on the engine of 'defaults.engine' and 'db' on the engine 'heavy': "
                + "'services.db.internal.host' leads nowhere from there"
        ),
        (
            "cache: { compose: { image: x, network_mode: \"service:db\" } }",
            "'cache' lives on the engine of 'defaults.engine' and 'db' on the engine 'heavy': 'network_mode' can't join them"
        ),
        (
            "cache: { compose: { image: x, volumes: [\"data:/d\"] } }",
            "'db' and 'cache' both use the volume 'data', and live on two engines"
        ),
        (
            "cache: { native: { run: x }, port: 2 }\n  far: { compose: { image: x, environment: "
                + "{ A: \"${services.cache.internal.host}\" } }, engine: heavy }",
            "'far' lives on the engine 'heavy' and 'cache' on this machine: 'services.cache.internal.host' leads nowhere"
        ),
        (
            "far: { compose: { image: x, environment: { A: \"${services.api.internal.host}\" } }, engine: heavy }\n"
                + "compose: compose.yaml",
            "'far' lives on the engine 'heavy' and 'api' on the engine of 'defaults.engine': "
                + "'services.api.internal.host' leads nowhere from there"
        ),
        ("cache: { use: redis, engine: \"../x\" }", "'../x' names no engine"),
        ("cache: { native: { run: x }, engine: heavy }", "a native service has no 'engine'"),
    ])
    func `what can't be on two engines is told where it stands`(_ service: String, _ message: String) throws {
        let text = """
            version: 1
            workspace: shop
            services:
              db: { compose: { image: "db:1", volumes: ["data:/d"] }, port: 1, engine: heavy }
              \(service)
            """
        let files = ["compose.yaml": "services: { api: { image: a } }\n"]
        let found = try WorkspaceFixture(text, files: files).problems
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
        let line = service.contains("\n  far") ? 6 : 5
        #expect(found.first?.hasPrefix("\(line): ") == true, "\(found)")
    }

    @Test func `an engine that is named as the standard one is the standard one`() throws {
        let text = Self.manifest.replacing("engine: heavy", with: "engine: podman") + "\ndefaults: { engine: podman }"
        #expect(try WorkspaceFixture(text).read().workspace.engines == [.standard])
        // Two machines have two ports of one number.
        let clash = "version: 1\nservices:\n  a: { use: redis }\n  b: { use: redis, engine: heavy }\n"
        #expect(try WorkspaceFixture(clash).problems == [])
    }
}
