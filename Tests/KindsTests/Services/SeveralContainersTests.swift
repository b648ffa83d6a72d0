import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import Synchronization
import Testing

@testable import Kinds

/// Services of which there are several containers at once.
struct SeveralContainersTests {
    private static let template = """
        description: Ours
        parameters: { things: { type: list } }
        files: { /settings: "colour: red" }
        compose: { image: "web:1", deploy: { replicas: 2 } }
        ensure: { things: "make \\"$@\\"" }
        """

    private let engine = PlayedEngine()

    /// `web` on that engine, and the program that `podman-compose` or `docker-compose` is: it does nothing.
    private func fixture(_ program: String, address: String = "unix:///played.sock") throws -> WorkspaceFixture {
        let network = engine.network
        engine.state.withLock { $0.isPodman = program == "podman-compose" }
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: shop\nservices: { web: { use: ./own.yaml, with: { things: [a] } } }\n",
            files: ["own.yaml": Self.template], environment: ["DOCKER_HOST": address]
        ) { host in
            host.network = network
            host.environment["DOCKER_CONFIG"] = (host.machine.home / ".docker").text
            host.environment["PATH"] = (host.machine.home / "bin").text
            host.environment["PODMAN_COMPOSE_PROVIDER"] = program == "podman-compose" ? program : ""
        }
        let folder = fixture.host.machine.home / "bin"
        try fixture.host.files.makeFolder(folder, mode: 0o755)
        for name in [program, "podman"] {
            try fixture.host.files.replace(
                folder / name, with: Array("#!/bin/sh\necho \"$*\" >>'\(folder)/calls'\n".utf8), mode: 0o755)
        }
        return fixture
    }

    private func web(_ fixture: WorkspaceFixture) async throws -> (ContainerService, NodeContext) {
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: "web")
        return (try #require(workspace.node("service", "web") as? ContainerService), context)
    }

    /// A container that is as the definition asks, or was made from another one.
    private func run(
        _ id: String, changed: Bool = false, state: String = "running", _ service: ContainerService,
        _ context: NodeContext
    ) throws {
        let rendering = ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
        let hash = changed ? "another" : try rendering.render(service).hash
        engine.run(
            "web", id: id, image: "web:1", state: state, labels: [ComposeRendering.hashLabel: hash], context.workspace)
    }

    private func start(_ service: ContainerService, _ context: NodeContext) async {
        let progress = StartProgress(of: "web", in: "shop")
        // What the program would have made is not there.
        try? await context.engine(of: service).start(service, context, progress: progress)
    }

    private var asked: [String] { engine.state.withLock(\.asked) }

    @Test func `a definition that changed is that of every container, not of the first one`() async throws {
        let fixture = try fixture("podman-compose")
        let (service, context) = try await web(fixture)
        for id in ["a", "b"] { try run(id, changed: true, service, context) }
        await start(service, context)
        #expect(asked.filter { $0.hasPrefix("DELETE") } == ["DELETE /containers/a", "DELETE /containers/b"])
    }

    @Test func `what is made inside a service makes no container anew, whatever Compose it is`() async throws {
        let fixture = try fixture("podman-compose")
        let (service, context) = try await web(fixture)
        for id in ["a", "b"] { try run(id, service, context) }
        #expect(await service.assess(context) == .work(.update, "to be made where missing: things: a"))
        await start(service, context)
        #expect(asked.filter { $0.hasPrefix("DELETE") } == [])
    }

    @Test
    func `what was made inside is known by the container in which it was made, in whatever order they are listed`()
        async throws
    {
        let fixture = try fixture("podman-compose")
        let (service, context) = try await web(fixture)
        for id in ["b", "a"] { try run(id, service, context) }
        let found = try await context.engine(of: service).found(context)
        let mark = try await Ensuring(service: service, context: context).perform(found, data: nil)
        #expect(asked.contains("POST /containers/a/exec"), "\(asked)")
        try context.journal.append(.done(node: "service:web", fingerprint: mark, seconds: 1))
        #expect(await service.assess(context) == .upToDate("running"))
    }

    @Test func `each container that waits for its files gets them, though another one runs`() async throws {
        let fixture = try fixture("docker-compose", address: "tcp://10.0.0.9:2375")
        let workspace = fixture.read().workspace
        let values = Values(mask: SecretMask())
        EngineHost.decide(workspace, values, host: fixture.host, settings: RunSettings(jobs: 2))
        let context = try await ServiceContext.make(fixture, workspace, values, service: "web")
        let service = try #require(workspace.node("service", "web") as? ContainerService)
        try run("a", service, context)
        for id in ["b", "c"] { try run(id, state: "created", service, context) }
        await start(service, context)
        let sent = asked.filter { $0.hasPrefix("PUT") }
        #expect(sent == ["PUT /containers/b/archive", "PUT /containers/c/archive"])
    }

    @Test func `a command goes into a container that runs, and logs are those of all`() async throws {
        let fixture = try fixture("podman-compose")
        let (service, context) = try await web(fixture)
        try run("a", state: "exited", service, context)
        try run("b", service, context)
        let found = try await context.engine(of: service).found(context)
        let programs = ContainerPrograms(service: service, engine: found, context: context)
        let words = try await programs.entering(["true"], variables: [], isTerminal: false)
        #expect(words == ["podman", "exec", "-i", "b", "true"])
        let logs = try await programs.logs(follow: false, lines: nil, prefixed: true)
        #expect(logs.suffix(2) == ["a", "b"], "\(logs)")
    }

    @Test func `a step that stops or restarts a service does so by the engine where Compose tells no failure`()
        async throws
    {
        let fixture = try fixture("podman-compose")
        let (service, context) = try await web(fixture)
        for id in ["a", "b"] { try run(id, service, context) }
        #expect(try await service.halt(context))
        #expect(asked.suffix(2) == ["POST /containers/a/stop", "POST /containers/b/stop"], "\(asked)")
        engine.state.withLock { $0.asked = [] }
        try await service.startAgain(context)
        for id in ["a", "b"] { #expect(asked.contains("POST /containers/\(id)/start"), "\(asked)") }
        #expect(fixture.host.files.text(of: fixture.host.machine.home.appending("bin/calls")) == nil)
    }

    @Test func `Podman is asked once what its images are called, not once for each container`() async throws {
        let fixture = try fixture("podman-compose")
        let (service, context) = try await web(fixture)
        engine.state.withLock { $0.images = ["web:1"] }
        let rendering = ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
        let labels = [ComposeRendering.hashLabel: try rendering.render(service).hash]
        for id in ["a", "b"] {
            engine.run("web", id: id, image: "web:1", imageID: "sha256:new", labels: labels, context.workspace)
        }
        #expect(await service.assess(context) == .work(.update, "to be made where missing: things: a"))
        #expect(asked.filter { $0.hasPrefix("GET /images") } == ["GET /images/json"])
    }

    @Test func `the file that a cleaned worktree lacks is made as its Compose reads it`() async throws {
        let fixture = try fixture("podman-compose")
        try fixture.write(
            "own.yaml",
            Self.template.replacing(
                "image: \"web:1\",", with: "image: \"web:1\", healthcheck: { test: [CMD, sh, -c, \"exit 1\"] },"))
        let (_, context) = try await web(fixture)
        let operations = ServiceOperations(
            workspace: context.workspace, host: context.host, values: context.values, journal: context.journal,
            settings: context.settings, parts: context.parts)
        _ = try await operations.compose(["up", "-d"], isAdopted: false)
        #expect(fixture.text(".devinit/compose.yaml")?.contains("CMD-SHELL") == true)
    }
}
