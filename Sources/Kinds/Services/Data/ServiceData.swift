import Base
public import Execution
import HostInterfaces
import State
import YAML

/// What the commands about snapshots share: which services, on which engines, with which images. A snapshot is on the engine
/// of its service.
public struct ServiceData: Sendable {
    let operations: ServiceOperations
    /// Told what is being done, a line each.
    let tell: @Sendable (String) -> Void

    public init(_ operations: ServiceOperations, tell: @escaping @Sendable (String) -> Void = { _ in }) {
        self.operations = operations
        self.tell = tell
    }

    var workspace: Workspace { operations.workspace }

    func context(_ service: any ServiceNode) -> NodeContext { operations.make(service.id, .silent) }

    private var anyContext: NodeContext { operations.make(NodeID(ServiceKind.name, ""), .silent) }

    func engine(_ name: EngineName) async throws(NodeFailure) -> FoundEngine {
        try await anyContext.parts.engines[name].found(anyContext)
    }

    /// Those of services that may keep data; the standard one where there is none. A workspace whose services all run
    /// without a container needs none.
    private var engines: [EngineName] {
        if workspace.containerServices.isEmpty, !workspace.nodes(of: ServiceKind.name).isEmpty { return [] }
        let engines = workspace.engines.filter { !workspace.containerServices(on: $0).isEmpty }
        return engines.isEmpty ? [.standard] : engines
    }

    func shelf(_ engine: FoundEngine) -> SnapshotShelf {
        SnapshotShelf(
            client: engine.client, workspace: workspace.name, root: workspace.root.text,
            now: anyContext.host.clock.wallSeconds)
    }

    /// Those of services without a container.
    var folders: FolderShelf { FolderShelf(host: anyContext.host, workspace: workspace.name) }

    /// All that there are, oldest first.
    public func list() async throws(NodeFailure) -> [Snapshot] {
        try await all().map(\.snapshot).sorted { ($0.at, $0.name, $0.service) < ($1.at, $1.name, $1.service) }
    }

    /// All that there are, with where each is; nil for a folder. One engine may have two names; then a snapshot is where
    /// its service lives. Without `wanted` also those on engines that were used before; one that does not answer is told
    /// of, and is a failure only where nothing else is known.
    func all(
        on wanted: Set<EngineName>? = nil
    ) async throws(NodeFailure) -> [(engine: FoundEngine?, snapshot: Snapshot)] {
        var all: [(engine: FoundEngine?, snapshot: Snapshot)] = folders.all().map { (nil, $0) }
        var failures: [(engine: EngineName, failure: NodeFailure)] = []
        for name in wanted.map(Array.init) ?? engines + EngineName.used(anyContext.journal, besides: engines) {
            do throws(NodeFailure) {
                let engine = try await engine(name)
                for snapshot in try await shelf(engine).all() {
                    guard let known = all.firstIndex(where: { $0.snapshot.mark == snapshot.mark }) else {
                        all.append((engine, snapshot))
                        continue
                    }
                    if isAtHome(snapshot, engine) { all[known].engine = engine }
                }
            } catch { failures.append((name, error)) }
        }
        if let first = failures.first, wanted != nil || all.isEmpty { throw first.failure }
        for (engine, failure) in failures {
            tell("note: what \(engine.words) keeps is not known: \(failure.message)")
        }
        return all
    }

    /// Whether it is where its service lives now, as far as there is such a service.
    func isAtHome(_ snapshot: Snapshot, _ engine: FoundEngine?) -> Bool {
        switch workspace.node(ServiceKind.name, snapshot.service) {
        case is NativeService: engine == nil
        case let service as ContainerService: service.engine == engine?.name
        default: true
        }
    }

    /// Takes a snapshot away for good, of all its services. Fails where there is none of that name.
    public func delete(_ name: String) async throws(NodeFailure) -> [Snapshot] {
        let all = try await all()
        let found = all.filter { $0.snapshot.name == name }
        guard !found.isEmpty else { throw unknown(name, all.map(\.snapshot)) }
        for (engine, snapshot) in found {
            if let engine {
                try await shelf(engine).remove(snapshot)
                await shelf(engine).clearLeftovers()
                continue
            }
            do throws(SystemError) { try folders.remove(snapshot) } catch {
                throw NodeFailure(.failed, "the snapshot can't be removed: \(error)")
            }
        }
        return found.map(\.snapshot)
    }

    func unknown(_ name: String, _ all: [Snapshot]) -> NodeFailure {
        let names = Set(all.map(\.name)).sorted()
        return NodeFailure(
            .failed, "there is no snapshot '\(name)'",
            remedy: names.isEmpty
                ? "make one with: devinit data save \(name)" : "there are: \(names.joined(separator: ", "))")
    }

    // MARK: Services

    /// The service of that name, which must have a volume.
    func service(_ name: String) throws(NodeFailure) -> ContainerService {
        guard let service = workspace.containerServices.first(where: { $0.name == name }) else {
            throw NodeFailure(.failed, "there is no service '\(name)'")
        }
        guard service.keepsData else { throw NodeFailure(.failed, "'\(name)' keeps no data: it has no volume") }
        return service
    }

    /// The service without a container of that name; nil where it is none. It must keep data.
    func native(_ name: String) throws(NodeFailure) -> NativeService? {
        guard let service = workspace.node(ServiceKind.name, name) as? NativeService else { return nil }
        guard service.keepsData else {
            throw NodeFailure(.failed, "'\(name)' keeps no data that devinit knows of: it is no template's process")
        }
        return service
    }

    /// Images by which a volume of the service can be copied: that of its container, its own, then those of the others.
    func images(for service: ContainerService, _ containers: [ContainerState]) -> [String] {
        let first = containers.filter { $0.service == service.name }.map(\.image)
        let own = image(of: service).map { [$0] } ?? []
        // What Compose calls an image that it builds: 2.x and 1.29.
        let built =
            service.definition["build"] == nil
            ? [] : ["-", "_"].map { "\(workspace.project)\($0)\(service.name)" }
        let others = containers.map(\.image) + workspace.containerServices.compactMap { image(of: $0) }
        return (first + own + built + others).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The image that the definition names.
    func image(of service: ContainerService) -> String? {
        let context = context(service)
        let rendering = ComposeRendering(workspace: workspace, values: context.values, host: context.host)
        return (try? rendering.render(service))?.node["image"]?.text
    }

    /// Containers that use the volumes. Fails where one is not of this workspace: nobody asked whether it may be stopped.
    func users(of volumes: [String], _ engine: FoundEngine) async throws(NodeFailure) -> [ContainerState] {
        let users = try await asking { () async throws(EngineClient.Failure) in
            try await engine.client.containers(using: volumes)
        }
        let context = anyContext
        if let other = users.first(where: {
            $0.labels[ContainerState.projectLabel] != workspace.project || StartGuards.isForeign($0, context)
        }) {
            throw NodeFailure(
                .failed,
                "the container \(other.names.first ?? other.id) uses that data too and is not of this workspace",
                remedy: "stop and remove it first")
        }
        return users
    }

    func asking<Value>(
        _ body: () async throws(EngineClient.Failure) -> Value
    ) async throws(NodeFailure) -> Value {
        do throws(EngineClient.Failure) { return try await body() } catch {
            if Task.isCancelled { throw NodeFailure(.cancelled, "cancelled") }
            let words =
                switch error {
                case .refused(let words): "the engine refuses: \(words)"
                case .unreachable(let words): "the engine does not answer: \(words)"
                case .needsCommandLine: "this engine can't be asked"
                }
            throw NodeFailure(.failed, words)
        }
    }
}

/// That a service's data is being replaced: should devinit be killed meanwhile, what is there then is not whole.
enum DataLoading {
    static func fact(_ service: String) -> String { "service:\(service)/loading" }

    /// Data that is not whole is not started with.
    static func check(_ service: String, _ context: NodeContext) throws(NodeFailure) {
        guard let snapshot = context.journal.fact(fact(service))?.string else { return }
        throw NodeFailure(
            .failed, "the data of '\(service)' is not whole: loading the snapshot '\(snapshot)' was cut short",
            remedy: "load it again: devinit data load \(snapshot) \(service) --replace; "
                + "or begin with empty data: devinit down --volumes")
    }
}
