import Base
import Execution
public import HostInterfaces
import ManifestModel
import State

/// The container engine and Compose as the service nodes of one run share them: one look at all containers serves
/// everybody, starts that are asked for together are one call, and one watch tells everybody.
///
/// Made once for a run; it asks nothing of the machine before the first node does.
public actor ServiceEngine {
    let host: Host
    private var engine: FoundEngine?
    private var look: (at: Double, task: Task<Result<[ContainerState], NodeFailure>, Never>)?

    private var pending: [StartRequest] = []
    private var current: Set<Int> = []
    private var cancelled: Set<Int> = []
    private var call: Task<Void, Never>?
    private var networks: Task<Void, Never>?
    private var nextNumber = 0

    private var watchers: [Int: AsyncStream<[ContainerState]>.Continuation] = [:]
    private var watch: Task<Void, Never>?

    /// How long starts are gathered before Compose is called.
    private static let gathering = Duration.milliseconds(20)

    public init(host: Host) { self.host = host }

    /// A node's wish to be started, and who waits for it.
    struct StartRequest: Sendable {
        let number: Int
        let service: ContainerService
        let context: NodeContext
        let continuation: CheckedContinuation<Result<Void, NodeFailure>, Never>
    }

    // MARK: Looking

    /// The containers of the workspace's project, as they were at most `age` seconds ago.
    func containers(_ context: NodeContext, within age: Double = 1) async throws(NodeFailure) -> [ContainerState] {
        if let look, host.clock.monotonicSeconds - look.at <= age { return try await look.task.value.get() }
        let task = Task { await self.ask(context) }
        look = (host.clock.monotonicSeconds, task)
        return try await task.value.get()
    }

    /// The engine that answers; it is looked for once.
    func found(_ context: NodeContext) async throws(NodeFailure) -> FoundEngine {
        if engine == nil { _ = try await containers(context) }
        guard let engine else {
            throw FoundEngine.nothingAnswers(EngineSearch(host: host, choice: context.settings.engine), [])
        }
        return engine
    }

    private func ask(_ context: NodeContext) async -> Result<[ContainerState], NodeFailure> {
        let search = EngineSearch(host: host, choice: context.settings.engine)
        var reasons: [String] = []
        let recorded = context.journal.fact(FoundEngine.fact)?["address"]?.string
        // The one that was used before is asked first; one that stopped answering is looked for anew.
        let all = search.endpoints()
        let known = all.filter { $0.address == recorded }
        let candidates = engine.map { [$0.endpoint] } ?? known + all.filter { $0.address != recorded }
        for endpoint in candidates {
            let client = EngineClient(host: host, endpoint: endpoint)
            do throws(EngineClient.Failure) {
                let containers = try await client.containers(projects: context.workspace.projectNames)
                if engine == nil {
                    engine = FoundEngine(endpoint: endpoint, client: client, compose: search.compose())
                }
                return .success(containers)
            } catch {
                switch error {
                case .unreachable(let reason), .refused(let reason): reasons.append("\(endpoint.origin): \(reason)")
                case .needsCommandLine:
                    reasons.append("\(endpoint.origin): \(endpoint.address) is reached only with Docker's command line")
                }
            }
        }
        engine = nil
        return .failure(FoundEngine.nothingAnswers(search, reasons))
    }

    // MARK: Starting

    /// Creates and starts the service's container, or makes it anew. Returns when Compose has done so, not when it
    /// is healthy.
    func start(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        let number = nextNumber
        nextNumber += 1
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, NodeFailure>, Never>) in
                guard !Task.isCancelled else {
                    return continuation.resume(returning: .failure(NodeFailure(.cancelled, "cancelled")))
                }
                pending.append(
                    StartRequest(number: number, service: service, context: context, continuation: continuation))
                pump()
            }
        } onCancel: {
            Task { await self.cancel(number) }
        }
        look = nil
        try result.get()
    }

    private func pump() {
        guard call == nil, !pending.isEmpty else { return }
        call = Task {
            try? await self.host.clock.sleep(for: Self.gathering)
            await self.startPending()
        }
    }

    private func startPending() async {
        let batch = pending
        pending = []
        current = Set(batch.map(\.number))
        var results: [String: NodeFailure] = [:]
        if let context = batch.first?.context {
            do throws(NodeFailure) {
                let engine = try await found(context)
                let containers = try await containers(context)
                let own = ComposeUp(
                    host: host, engine: engine, containers: containers,
                    requests: batch.filter { $0.service.adopted == nil })
                let others = ComposeUp(
                    host: host, engine: engine, containers: containers,
                    requests: batch.filter { $0.service.adopted != nil })
                if !own.requests.isEmpty { await makeNetworks(context) }
                // Two projects, so neither call waits for the other.
                async let found = others.perform()
                results = await own.perform().merging(await found) { $1 }
            } catch {
                for request in batch { results[request.service.name] = error }
            }
        }
        for request in batch {
            request.continuation.resume(
                returning: results[request.service.name].map { .failure($0) } ?? .success(()))
        }
        current = []
        cancelled = []
        call = nil
        pump()
    }

    /// A call for several services is ended only when nobody waits for it any more.
    private func cancel(_ number: Int) {
        if let index = pending.firstIndex(where: { $0.number == number }) {
            let request = pending.remove(at: index)
            request.continuation.resume(returning: .failure(NodeFailure(.cancelled, "cancelled")))
        } else if current.contains(number) {
            cancelled.insert(number)
            if cancelled.isSuperset(of: current) { call?.cancel() }
        }
    }

    /// Readies all that a container beside the service takes: its data and networks as for a start, the generated
    /// file and what it mounts. Returns the secrets that Compose gets by its environment.
    func prepare(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) -> [String: String] {
        let engine = try await found(context)
        let guards = StartGuards(host: host, engine: engine, containers: try await containers(context))
        try await guards.checkData(of: service, context)
        if let adopted = service.adopted {
            try adopted.checkApproved(context.display)
            return [:]
        }
        await makeNetworks(context)
        let secrets = try ComposeUp.prepare([service], context)
        await guards.recordEngine(context)
        await ServiceVolumes.makeMissing(of: nil, context, engine.client)
        return secrets
    }

    /// Two calls of Compose at once each make a network that is missing, and then neither can name it. So all are
    /// made here, once for a run. Where the engine refuses, Compose makes them.
    func makeNetworks(_ context: NodeContext) async {
        if networks == nil {
            networks = Task {
                let names = Set(context.workspace.containerServices.flatMap(\.networkNames)).sorted()
                try? await self.found(context).client.makeNetworks(names, project: context.workspace.project)
            }
        }
        await networks?.value
    }

    // MARK: Watching

    /// The containers of the project now and whenever something happens to one, and every half second. Ends with the
    /// task that reads it.
    func updates(_ context: NodeContext) -> AsyncStream<[ContainerState]> {
        let number = nextNumber
        nextNumber += 1
        let (stream, continuation) = AsyncStream<[ContainerState]>.makeStream(bufferingPolicy: .bufferingNewest(1))
        watchers[number] = continuation
        continuation.onTermination = { _ in Task { await self.leave(number) } }
        if watch == nil {
            watch = Task { await EngineWatch(engine: self, context: context).run() }
        } else if let look {
            // Whoever comes later must not wait for the next event.
            Task { if case .success(let containers) = await look.task.value { continuation.yield(containers) } }
        }
        return stream
    }

    func publish(_ containers: [ContainerState]) {
        for watcher in watchers.values { watcher.yield(containers) }
    }

    private func leave(_ number: Int) {
        watchers[number] = nil
        guard watchers.isEmpty else { return }
        watch?.cancel()
        watch = nil
    }
}
