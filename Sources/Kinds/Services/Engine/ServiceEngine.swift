import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// The container engine and Compose as the service nodes of one run share them: one look at all containers serves
/// everybody, starts that are asked for together are one call, and one watch tells everybody.
///
/// Made once for a run; it asks nothing of the machine before the first node does.
actor ServiceEngine {
    nonisolated let host: Host
    nonisolated let name: EngineName
    private var engine: FoundEngine?
    /// The last look, and when its answer came; nil while it is asked for.
    private var look: (at: Double?, task: Task<Result<[ContainerState], NodeFailure>, Never>)?

    private var names: (at: Double, task: Task<[String: [String]]?, Never>)?

    private let pulls: ImagePulls
    private var queues: [StartLane: StartQueue] = [:]
    private var networks: Task<Void, Never>?
    /// Whether it is known that no other name of this workspace stands for the same engine.
    private var hasOneName = false
    private var nextNumber = 0

    private var watchers: [Int: AsyncStream<EngineNews>.Continuation] = [:]
    private var watch: Task<Void, Never>?
    private var news: EngineNews?

    init(host: Host, name: EngineName) {
        self.host = host
        self.name = name
        pulls = ImagePulls(host: host)
    }

    // MARK: Looking

    /// The containers of the workspace's project, as they were at most `age` seconds ago.
    func containers(_ context: NodeContext, within age: Double = 1) async throws(NodeFailure) -> [ContainerState] {
        let containers = try await look(context, within: age)
        try await refuseSecondName(context)
        return containers
    }

    private func look(_ context: NodeContext, within age: Double) async throws(NodeFailure) -> [ContainerState] {
        if age > 0, let look, look.at.map({ host.clock.monotonicSeconds - $0 <= age }) ?? true {
            return try await look.task.value.get()
        }
        let task = Task { await self.ask(context) }
        look = (nil, task)
        let result = await task.value
        // What is counted is the age of the answer: an engine that needs long for one is not asked anew for each service.
        if look?.task == task { look?.at = host.clock.monotonicSeconds }
        return try result.get()
    }

    /// One engine under two names would have two Compose files of one project that don't know of each other.
    private func refuseSecondName(_ context: NodeContext) async throws(NodeFailure) {
        guard !hasOneName, context.workspace.engines.contains(name), let address = engine?.endpoint.address else {
            return
        }
        for other in context.workspace.engines.prefix(while: { $0 != name }) {
            guard let found = try? await context.parts.engines[other].found(context) else { continue }
            if found.endpoint.address == address {
                throw NodeFailure(
                    .prerequisite, "\(name.words) is \(other.words) by another name (\(address))",
                    remedy: "write the same word for both, or drop 'engine' from the service")
            }
        }
        hasOneName = true
    }

    /// The names that images have, by their id, as they were at the last look; nil where the engine does not tell.
    func imageNames(_ context: NodeContext) async -> [String: [String]]? {
        guard let client = try? await found(context).client else { return nil }
        let moment = look?.at ?? host.clock.monotonicSeconds
        if let names, names.at == moment { return await names.task.value }
        let task = Task { try? await client.imageNames() }
        names = (moment, task)
        return await task.value
    }

    /// What was seen last, without asking; nil where nothing was.
    func lastSeen() async -> [ContainerState]? {
        guard let look, look.at != nil else { return nil }
        return try? await look.task.value.get()
    }

    /// Containers came or went by another way than a start: what was seen before counts no more.
    func forgetLook() { look = nil }

    /// The engine that answers; it is looked for once.
    func found(_ context: NodeContext) async throws(NodeFailure) -> FoundEngine {
        if engine == nil { _ = try await containers(context) }
        guard let engine else {
            throw FoundEngine.nothingAnswers(search(context), [])
        }
        return engine
    }

    private func ask(_ context: NodeContext) async -> Result<[ContainerState], NodeFailure> {
        let search = search(context)
        var reasons: [String] = []
        let recorded = context.journal.fact(name.fact)?["address"]?.string
        // The one that was used before is asked first; one that stopped answering is looked for anew.
        let all = search.endpoints()
        let known = all.filter { $0.address == recorded }
        let candidates = engine.map { [$0.endpoint] } ?? known + all.filter { $0.address != recorded }
        for endpoint in candidates {
            if let fault = endpoint.fault {
                reasons.append("\(endpoint.origin): \(fault)")
                continue
            }
            let client = EngineClient(host: host, endpoint: endpoint)
            do throws(EngineClient.Failure) {
                let containers = try await client.containers(projects: context.workspace.projectNames(on: name))
                if engine == nil {
                    engine = FoundEngine(
                        name: name, endpoint: endpoint, client: client,
                        compose: search.compose(forPodman: client.isPodman))
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

    private func search(_ context: NodeContext) -> EngineSearch {
        name.search(host, context.settings)
    }

    // MARK: Starting

    /// Begins to fetch the images that these services will want and the engine does not have. A service whose container
    /// is there as its image's name says has its image; so nothing is asked where nothing is missing.
    func fetchImages(_ wanted: [(service: ContainerService, context: NodeContext)]) async {
        guard let first = wanted.first, !first.context.settings.offline,
            let containers = try? await containers(first.context), let engine = try? await found(first.context)
        else { return }
        for (service, context) in wanted where !service.hasImage(of: containers, in: context.workspace) {
            await ServiceImage(service: service, context: context, pulls: pulls).begin(engine)
        }
    }

    /// Waits until the service's image is there, if it is one that can be fetched before.
    func readyImage(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) -> StartLane {
        try await ServiceImage(service: service, context: context, pulls: pulls).ready(try await found(context))
    }

    /// Creates and starts the service's container, or makes it anew. Returns when Compose has done so, not when it
    /// is healthy. `progress` tells, while Compose works, which container is the one that it made.
    func start(
        _ service: ContainerService, _ context: NodeContext, lane: StartLane = .ready,
        progress: StartProgress
    ) async throws(NodeFailure) {
        let result = await queue(lane).start(service, context, progress)
        look = nil
        progress.end(at: host.clock.monotonicSeconds)
        try result.get()
    }

    /// The end of a run: waits for calls of Compose that nobody else waits for any more, or ends them where the run was
    /// cancelled. No image is fetched any longer.
    func finish(isCancelled: Bool) async {
        await pulls.stop()
        for queue in queues.values { await queue.settle(isCancelled: isCancelled) }
    }

    private func queue(_ lane: StartLane) -> StartQueue {
        if let queue = queues[lane] { return queue }
        let queue = StartQueue(clock: host.clock) { await self.start($0) }
        queues[lane] = queue
        return queue
    }

    private func start(_ requests: [StartQueue.Request]) async -> [String: NodeFailure] {
        guard let context = requests.first?.context else { return [:] }
        do throws(NodeFailure) {
            let engine = try await found(context)
            let containers = try await containers(context)
            let own = ComposeUp(
                host: host, engine: engine, containers: containers,
                requests: requests.filter { $0.service.adopted == nil })
            let others = ComposeUp(
                host: host, engine: engine, containers: containers,
                requests: requests.filter { $0.service.adopted != nil })
            if !own.requests.isEmpty { await makeNetworks(context) }
            // Two projects, so neither call waits for the other.
            async let found = others.perform()
            return await own.perform().merging(await found) { $1 }
        } catch {
            return Dictionary(requests.map { ($0.service.name, error) }, uniquingKeysWith: { $1 })
        }
    }

    /// Readies all that a container beside the service takes: its data and networks as for a start, the generated
    /// file and what it mounts. Returns the secrets that Compose gets by its environment.
    func prepare(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) -> [String: String] {
        let engine = try await found(context)
        let guards = StartGuards(host: host, engine: engine, containers: try await containers(context))
        try await guards.checkData(of: service, context)
        var secrets: [String: String] = [:]
        if let adopted = service.adopted {
            try adopted.checkApproved(context.display)
            try await ComposeConfiguration(adopted: adopted, engine: engine, context: context).settle(for: [
                service.name
            ])
        } else {
            await makeNetworks(context)
            secrets = try ComposeUp.prepare([service], on: name, context, form: engine.form)
        }
        await guards.recordEngine([service], context)
        await ServiceVolumes.makeMissing(of: service.adopted, context, engine)
        return secrets
    }

    /// Two calls of Compose at once each make a network that is missing, and then neither can name it. So all are
    /// made here, once for a run. Where the engine refuses, Compose makes them.
    func makeNetworks(_ context: NodeContext) async {
        if networks == nil {
            networks = Task {
                let names = Set(context.workspace.containerServices(on: self.name).flatMap(\.networkNames)).sorted()
                try? await self.found(context).client.makeNetworks(names, project: context.workspace.project)
            }
        }
        await networks?.value
    }

    // MARK: Watching

    /// The containers of the project now and whenever something happens to one, and every half second; or that the
    /// engine is gone. Ends with the task that reads it.
    func updates(_ context: NodeContext) -> AsyncStream<EngineNews> {
        let number = nextNumber
        nextNumber += 1
        let (stream, continuation) = AsyncStream<EngineNews>.makeStream(bufferingPolicy: .bufferingNewest(1))
        watchers[number] = continuation
        continuation.onTermination = { _ in Task { await self.leave(number) } }
        if watch == nil {
            watch = Task { await EngineWatch(engine: self, context: context).run() }
        } else if let news {
            // Whoever comes later must not wait for the next event.
            continuation.yield(news)
        }
        return stream
    }

    func publish(_ news: EngineNews) {
        self.news = news
        for watcher in watchers.values { watcher.yield(news) }
    }

    private func leave(_ number: Int) {
        watchers[number] = nil
        guard watchers.isEmpty else { return }
        watch?.cancel()
        watch = nil
        news = nil
    }
}
