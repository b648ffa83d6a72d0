import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import YAML

/// Starts a service and waits until it serves, or tells why it won't. Watching begins before Compose is called: a
/// service that serves is done while Compose still works for others.
struct Readiness {
    let service: ContainerService
    let context: NodeContext
    let engine: FoundEngine

    /// Between two looks from outside: often at first, since most serve soon, then once a second.
    private static let probePauses = (first: 0.1, factor: 1.5, last: 1.0)

    private var words: ReadinessWords { ReadinessWords(service: service, context: context, engine: engine) }

    private var newProgress: StartProgress {
        StartProgress(
            of: service.name, in: service.projectName(in: context.workspace),
            hasSeveral: service.wantedContainers != 1)
    }

    /// Starts it, and waits.
    func start(_ lane: StartLane) async throws(NodeFailure) {
        let progress = newProgress
        try await follow(progress) { () throws(NodeFailure) in
            try await context.engine(of: service).start(service, context, lane: lane, progress: progress)
        }
    }

    /// Waits for one that was started by another way just now.
    func wait() async throws(NodeFailure) {
        let progress = newProgress
        progress.end(at: context.host.clock.monotonicSeconds)
        try await follow(progress) { () throws(NodeFailure) in }
    }

    private func follow(
        _ progress: StartProgress, _ start: @escaping @Sendable () async throws(NodeFailure) -> Void
    ) async throws(NodeFailure) {
        let seen = SharedValue<[ContainerState]>([])
        let prober = HealthProbe(service: service, context: context, engine: engine, isStarting: true)
        let (running, announce) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let result = await withTaskGroup(of: Result<Void, NodeFailure>?.self) { group in
            group.addTask {
                do throws(NodeFailure) {
                    try await start()
                    return nil
                } catch { return .failure(error) }
            }
            group.addTask {
                await watch(progress) { containers in
                    seen.change { $0 = containers }
                    if containers.allSatisfy(\.isRunning) { announce.yield() }
                }
            }
            if let check = service.check {
                group.addTask {
                    for await _ in running {
                        return await probe(check, prober) { seen.value }
                    }
                    return nil
                }
            }
            var result: Result<Void, NodeFailure>?
            while let next = await group.next() {
                if let next { result = next; break }
            }
            // Who is cancelled while it is not known yet how it ends has no result.
            if result != nil { progress.isSettled = true }
            group.cancelAll()
            return result
        }
        if case .failure(var late) = result, late.kind == .timedOut, !prober.seen.value.isEmpty {
            late.output.append("the last look from outside: \(prober.seen.value)")
            throw late
        }
        try (result ?? .failure(NodeFailure(.cancelled, "cancelled"))).get()
    }

    /// Follows the container's state; nil when the task was cancelled.
    private func watch(
        _ progress: StartProgress, _ onLook: @Sendable ([ContainerState]) -> Void
    ) async -> Result<Void, NodeFailure>? {
        let clock = context.host.clock
        var deadline: Double?
        var shown = ""
        var settling = Settling()
        for await news in await context.engine(of: service).updates(context) {
            guard case .look(let look) = news else { return .failure(engine.stopped(context)) }
            let now = clock.monotonicSeconds
            let containers = progress.containers(in: look)
            let container = service.worst(of: containers)
            if deadline == nil, container?.isRunning == true || progress.hasReturned(before: look.at) {
                deadline = now + service.healthTimeout.seconds
            }
            let isLate = deadline.map { now > $0 } ?? false
            guard let container else {
                if isLate { return .failure(words.gone()) }
                continue
            }
            onLook(containers)
            switch container.state {
            case "running":
                switch container.health {
                case _ where service.isAwaited: break
                case .healthy: if service.check == nil { return .success(()) }
                case .none where service.check == nil && !service.hasOwnCheck:
                    if await settling.holds(containers, engine.client, at: now) { return .success(()) }
                default: break
                }
            case "exited", "dead": return await words.ended(container)
            case "restarting":
                if let failure = await words.restarting(container) { return .failure(failure) }
            default: break
            }
            if isLate { return .failure(await words.late(container)) }
            let waiting = service.isAwaited ? "waiting until it is done" : "waiting until it serves"
            let state = container.state == "running" ? waiting : container.state
            if state != shown { context.reporter.progress(NodeProgress(state)) }
            shown = state
        }
        return nil
    }

    private func probe(
        _ check: HealthDeclaration.Check, _ prober: HealthProbe, _ containers: @Sendable () -> [ContainerState]
    ) async -> Result<Void, NodeFailure>? {
        var pause = Self.probePauses.first
        while !Task.isCancelled {
            let seen = containers()
            if seen.allSatisfy(\.isRunning), await prober.passes(check, all: seen) {
                return .success(())
            }
            try? await context.host.clock.sleep(for: .seconds(pause))
            pause = min(pause * Self.probePauses.factor, Self.probePauses.last)
        }
        return nil
    }
}

/// Without any check a container must at least survive its start. One that the engine starts over and over is seen
/// running at every look, so it is the same start that has to last.
private struct Settling {
    /// In seconds.
    static let time = 0.5
    /// By the container's id.
    private var starts: [String: (moment: String, since: Double)] = [:]

    /// Asks the engine when a container is first seen, and once more when the time is over.
    mutating func holds(_ seen: [ContainerState], _ client: EngineClient, at now: Double) async -> Bool {
        var holds = true
        for container in seen where !(await self.holds(container, client, at: now)) { holds = false }
        return holds
    }

    private mutating func holds(_ seen: ContainerState, _ client: EngineClient, at now: Double) async -> Bool {
        let known = starts[seen.id]
        if let known, now - known.since < Self.time { return false }
        let state = (try? await client.inspect(seen.id))?["State"]
        let start = state?["StartedAt"]?.string
        if let known, start == known.moment { return state?["Status"]?.string == "running" }
        starts[seen.id] = start.map { ($0, now) }
        return false
    }
}

extension ContainerService {
    /// Whether the container has a check in its definition: running alone is not enough then.
    var hasOwnCheck: Bool {
        definition["healthcheck"]?["test"] != nil && definition["healthcheck"]?["disable"]?.bool != true
    }

    /// Whether it may end well: nothing says that it is there to be reached.
    var isOneShot: Bool {
        ports.isEmpty && check == nil && !hasOwnCheck && (definition["restart"]?.text ?? "no") == "no"
    }
}
