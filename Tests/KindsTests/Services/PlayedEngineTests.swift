import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
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
        _ = try await context.parts.services.prepare(node, context)
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

    @Test func `every network is made once, before two calls of Compose can make it twice`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { await context.parts.services.makeNetworks(context) } }
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
}
