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

/// What devinit makes on an engine before Compose is called, and what it finds there.
struct PlayedEngineTests {
    private static let manifest = """
        version: 1
        workspace: shop
        services:
          db: { compose: { image: "db:1", volumes: ["data:/data"], networks: [back, default] } }
          web: { compose: { image: "web:1", networks: { front: { aliases: [www] } } } }
          host: { compose: { image: "web:1", network_mode: host } }
        """

    private func prepare(_ service: String, on engine: PlayedEngine, _ fixture: WorkspaceFixture) async throws {
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: service)
        let node = try #require(workspace.node("service", service) as? ContainerService)
        _ = try await context.parts.engines[.standard].prepare(node, context)
    }

    @Test func `data that a container of its own makes first is this workspace's`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        try await prepare("db", on: engine, fixture)
        let labels = try #require(engine.state.withLock { $0.volumes["shop_data"] })
        #expect(labels[ComposeRendering.workspaceLabel]?.string == fixture.root.text)
        #expect(labels["dev.devinit.data"]?.string?.isEmpty == false)
        // As the next start sees it.
        try await prepare("db", on: engine, fixture)
    }

    @Test func `a container of its own does not work on another folder's data`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        engine.state.withLock { $0.volumes["shop_data"] = [ComposeRendering.workspaceLabel: "/elsewhere"] }
        let failure = await #expect(throws: NodeFailure.self) { try await prepare("db", on: engine, fixture) }
        #expect(failure?.message == "the volume 'shop_data' was made from /elsewhere, not from here")
    }

    @Test func `data that lives on another engine is not begun anew, and the engine that has it is kept in mind`()
        async throws
    {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        let folder = StateFolder(host: fixture.host, workspaceRoot: fixture.root)
        func record(_ fact: JSON? = nil) throws -> JSON? {
            let journal = try Journal.open(in: folder, host: fixture.host).journal
            if let fact { try journal.append(.fact("service:db/engine", fact)) }
            return journal.fact("service:db/engine")
        }
        try await prepare("db", on: engine, fixture)
        #expect(try record()?["id"]?.string == "played")
        do {
            let journal = try Journal.open(in: folder, host: fixture.host).journal
            try journal.append(.created(LedgerEntry(kind: .volume, name: "shop_data", node: "service:db")))
        }
        _ = try record(["address": "unix:///elsewhere.sock", "id": "other"])
        let failure = await #expect(throws: NodeFailure.self) { try await prepare("db", on: engine, fixture) }
        #expect(failure?.message.hasPrefix("the data of 'db' lives on the engine at unix:///elsewhere.sock") == true)
        // The same engine by another address.
        _ = try record(["address": "unix:///elsewhere.sock", "id": "played"])
        try await prepare("db", on: engine, fixture)
        #expect(try record()?["address"]?.string == "unix:///played.sock")
        // Another engine at the same address.
        engine.state.withLock { $0.id = "replaced" }
        try await prepare("db", on: engine, fixture)
        #expect(try record()?["id"]?.string == "replaced")
    }

    @Test func `every network is made once, before two calls of Compose can make it twice`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { await context.parts.engines[.standard].makeNetworks(context) } }
        }
        #expect(engine.state.withLock { $0.networks } == ["shop_back", "shop_default", "shop_front"])
    }

    @Test func `an unhealthy container holds its own ports, another folder's does not`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        let workspace = fixture.read().workspace
        engine.run("web", image: "web:1", status: "Up 5 seconds (unhealthy)", workspace)
        engine.run("db", image: "db:1", labels: [ComposeRendering.workspaceLabel: "/elsewhere"], workspace)
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        func isRunning(_ name: String) async -> Bool? {
            await (workspace.node("service", name) as? any PortOwner)?.isRunning(context)
        }
        #expect(await [isRunning("web"), isRunning("db"), isRunning("host")] == [true, false, false])
    }

    /// What `web` is to become, when its container is listed with `listed` and its definition names `named`.
    private func assessment(
        named: String, listed: String, there: Set<String> = [], podmanID: String? = nil
    ) async throws -> (Assessment, asked: [String]) {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(
            "version: 1\nworkspace: shop\nservices:\n  web: { compose: { image: \"\(named)\" } }\n")
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        let node = try #require(workspace.node("service", "web") as? ContainerService)
        let rendering = ComposeRendering(workspace: workspace, values: context.values, host: fixture.host)
        engine.run(
            "web", image: listed, imageID: podmanID ?? "",
            labels: [ComposeRendering.hashLabel: try rendering.render(node).hash], workspace)
        engine.state.withLock { ($0.images, $0.isPodman) = (there, podmanID != nil) }
        return (await node.assess(context), engine.state.withLock { $0.asked })
    }

    @Test func `an image counts as changed only where its name leads to another one`() async throws {
        let moved = try await assessment(named: "lab/web:1", listed: "sha256:old", there: ["lab/web:1"])
        #expect(moved.0 == .work(.update, "its image changed"))
        let nameless = try await assessment(named: "lab/web:1", listed: "sha256:old")
        #expect(nameless.0 == .upToDate("running"), "nothing to make it anew from")
        #expect(nameless.asked.last == "GET /images/lab/web:1/json")
        let byId = try await assessment(named: "sha256:0a", listed: "sha256:0a", there: ["sha256:0a"])
        #expect(byId.0 == .upToDate("running"), "it would be made anew at every run")
        let same = try await assessment(named: "lab/web:1", listed: "lab/web:1", there: ["lab/web:1"])
        #expect(same.0 == .upToDate("running"))
        #expect(same.asked == ["GET /containers/json"], "the engine is asked once")
    }

    @Test func `an image that Podman lists under its old name is known to have moved by its id`() async throws {
        let name = "lab/web:1"
        let moved = try await assessment(named: name, listed: name, there: [name], podmanID: "sha256:old")
        #expect(moved.0 == .work(.update, "its image changed"))
        #expect(try await assessment(named: name, listed: name, podmanID: "sha256:old").0 == .upToDate("running"))
        let same = try await assessment(named: name, listed: name, there: [name], podmanID: "sha256:new")
        #expect(same.0 == .upToDate("running"))
    }

    @Test func `a plan does not promise to start a service on another folder's data`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        #expect(try await fixture.plan("db")["service:db"] == .work(.create, "it has no container yet"))
        engine.state.withLock { $0.volumes["shop_data"] = [ComposeRendering.workspaceLabel: "/elsewhere"] }
        guard case .blocked(let failure) = try await fixture.plan("db")["service:db"] else {
            Issue.record("it is not blocked")
            return
        }
        #expect(failure.message == "the volume 'shop_data' was made from /elsewhere, not from here")
        for way in ["--foreign adopt", "--foreign rename", "docker volume rm shop_data"] {
            #expect(failure.remedy?.contains(way) == true)
        }
    }

    @Test func `an image that could not be fetched is fetched again by who wants it next`() async throws {
        let engine = PlayedEngine()
        let asked = Mutex(0)
        engine.network.script { request throws(NetworkError) in
            guard request.target.hasPrefix("/images/create") else { return nil }
            let count = asked.withLock { count in
                count += 1
                return count
            }
            let line = count == 1 ? #"{"error": "the registry is asleep"}"# : #"{"status": "Pull complete"}"#
            return HTTPResponse(status: 200, body: Array(line.utf8))
        }
        let fixture = try engine.fixture(Self.manifest)
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: "web")
        let found = try await context.parts.engines[.standard].found(context)
        let pulls = ImagePulls(host: fixture.host)
        let logins = RegistryLogins(host: fixture.host, configuration: nil)
        let image = WantedImage(name: "web:1", platform: nil)
        func fetch() async -> ImagePull.Outcome { await pulls.fetch(image, found, logins) { _ in } }
        #expect(await fetch() == .failed("the registry is asleep"))
        #expect(await fetch() == .there)
        #expect(await fetch() == .there)
        #expect(asked.withLock { $0 } == 2)
    }

    @Test func `an engine that needs long for an answer is asked once for all services`() async throws {
        let engine = PlayedEngine()
        let asked = Mutex(0)
        let fixture = try engine.fixture(Self.manifest)
        let slow = FakeNetwork()
        slow.script { request throws(NetworkError) in
            if request.target.hasPrefix("/containers/json") {
                asked.withLock { $0 += 1 }
                try? await Task.sleep(for: .milliseconds(1200))
            }
            return engine.answer(request)
        }
        let workspace = fixture.read().workspace
        var host = fixture.host
        host.network = slow
        let folder = StateFolder(host: host, workspaceRoot: workspace.root)
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        let operations = ServiceOperations(
            workspace: workspace, host: host, values: context.values, journal: .readOnly(in: folder, host: host),
            settings: context.settings,
            parts: RunParts(
                git: context.parts.git, engines: ServiceEngines(host: host), hashes: context.parts.hashes,
                keyedHash: context.parts.keyedHash, receipts: context.parts.receipts))
        let states = await operations.status(isTrusted: true).map(\.state)
        #expect(states == ["absent", "absent", "absent"])
        let count = asked.withLock { $0 }
        #expect(count == 1)
    }

    @Test func `one engine under two names is refused, not used as two that don't know of each other`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(
            "version: 1\nworkspace: shop\nservices: { a: { compose: { image: x } }, b: { compose: { image: x }, engine: docker } }"
        )
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: "b")
        #expect(try await context.parts.engines[.standard].containers(context).isEmpty)
        for _ in 0..<2 {
            let failure = await #expect(throws: NodeFailure.self) {
                _ = try await context.parts.engines[.own("docker")].containers(context)
            }
            #expect(failure?.message.contains("by another name (unix:///played.sock)") == true)
        }
    }

    @Test func `a generated file that was changed by hand is kept aside, even one that Compose could not read`()
        async throws
    {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        try await prepare("db", on: engine, fixture)
        let made = try #require(fixture.text(".devinit/compose.yaml"))
        try fixture.write(".devinit/compose.yaml", made + "garbage: [")
        let context = try await ServiceContext.make(
            fixture, fixture.read().workspace, Values(mask: SecretMask()), service: "db")
        let node = try #require(context.workspace.node("service", "db") as? ContainerService)
        _ = try? await context.engine(of: node).found(context).composeArguments(findingContainersOf: node, context)
        #expect(fixture.text(".devinit/compose.yaml")?.contains("garbage") == false)
        #expect(fixture.text(".devinit/compose.yaml.edited-1")?.hasSuffix("garbage: [") == true)
    }

    @Test func `what a service left behind that the manifest no longer has is told, and its data goes with the rest`()
        async throws
    {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        let ours: JSON = [ComposeRendering.workspaceLabel: .string(workspace.root.text)]
        engine.state.withLock { $0.volumes = ["shop_old": ours, "shop_other": ours] }
        engine.run("old", image: "x", workspace)
        try context.journal.append(.created(LedgerEntry(kind: .volume, name: "shop_old", node: "service:old")))
        let operations = ServiceOperations(
            workspace: workspace, host: fixture.host, values: context.values, journal: context.journal,
            settings: context.settings, parts: context.parts)
        #expect(await operations.leftRunning().isEmpty, "nothing was seen yet")
        _ = await operations.status(isTrusted: true)
        #expect(await operations.leftRunning().map(\.service) == ["old"])
        let lost = try await operations.lostVolumes()
        #expect(lost.map(\.name) == ["shop_old"], "what nobody recorded is not taken")
    }
}
