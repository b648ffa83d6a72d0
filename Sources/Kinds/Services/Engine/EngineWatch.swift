import Base
import HostInterfaces

/// One watch over all containers of a project: the engine's events say when to look, and every few seconds it is
/// looked anyway, because an event stream can break without a word. What a container's check says stands in the event
/// itself, so that nobody waits for a look.
struct EngineWatch {
    let engine: ServiceEngine
    let context: NodeContext

    /// Looks no sooner than this after the last look: twenty services that start make a hundred events.
    private static let pause = 0.2
    private static let beat = Duration.milliseconds(500)
    /// Seconds between looks while events come in, while none do, and for a while after the last event: what
    /// happened before the stream was open has no event.
    private static let secondsBetweenLooks = (listening: 5.0, deaf: 1.0, watchful: 1.0)
    /// How long after an event it is looked more often, in seconds.
    private static let watchfulness = 2.0

    /// What has come in and was not seen to yet.
    private struct Incoming {
        var healths: [(container: String, health: ContainerState.Health)] = []
        var needsLook = true
        var isListening = false
        var isGone = false
        var lastEvent = 0.0
    }

    /// Runs until the task is cancelled.
    func run() async {
        let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let incoming = SharedValue(Incoming(lastEvent: context.host.clock.monotonicSeconds))
        signal.yield()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await listen(incoming, signal) }
            group.addTask {
                while !Task.isCancelled {
                    try? await context.host.clock.sleep(for: Self.beat)
                    signal.yield()
                }
            }
            group.addTask { await tell(signals, incoming, signal) }
            group.addTask { await runChecks() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Where Podman has nobody to run them, the checks of all that is not healthy yet are run from here.
    private func runChecks() async {
        guard let client = try? await engine.found(context).client, client.isPodman else {
            // The watch goes on for the others.
            while !Task.isCancelled { try? await context.host.clock.sleep(for: .seconds(3600)) }
            return
        }
        await PodmanChecks(client: client).run {
            (try? await engine.containers(context, within: Self.secondsBetweenLooks.deaf)) ?? []
        }
    }

    private func listen(_ incoming: SharedValue<Incoming>, _ signal: AsyncStream<Void>.Continuation) async {
        let clock = context.host.clock
        while !Task.isCancelled {
            if let client = try? await engine.found(context).client {
                incoming.change { ($0.isListening, $0.isGone) = (true, false) }
                await client.watch(projects: context.workspace.projectNames(on: engine.name)) { event in
                    incoming.change { state in
                        if let event, let health = event.health {
                            state.healths.append((event.container, health))
                        } else {
                            state.needsLook = true
                        }
                        state.lastEvent = clock.monotonicSeconds
                    }
                    signal.yield()
                    return !Task.isCancelled
                }
                if Task.isCancelled { return }
                let isGone = await client.isGone()
                incoming.change { ($0.isListening, $0.isGone, $0.needsLook) = (false, isGone, true) }
                signal.yield()
            }
            try? await clock.sleep(for: Self.beat)
        }
    }

    private func tell(
        _ signals: AsyncStream<Void>, _ incoming: SharedValue<Incoming>, _ signal: AsyncStream<Void>.Continuation
    ) async {
        let clock = context.host.clock
        var last: ContainerLook?
        await withTaskGroup(of: Void.self) { group in
            for await _ in signals {
                var found = incoming.change { state in
                    defer { state.healths = [] }
                    return state
                }
                if found.isGone {
                    await engine.publish(.gone)
                    continue
                }
                if var look = last, !found.healths.isEmpty {
                    for (container, health) in found.healths where !look.set(health, of: container) {
                        found.needsLook = true
                    }
                    last = look
                    await engine.publish(.look(look))
                }
                let now = clock.monotonicSeconds
                let age = last.map { now - $0.at } ?? .infinity
                if found.needsLook, age < Self.pause {
                    group.addTask {
                        try? await clock.sleep(for: .seconds(Self.pause - age))
                        signal.yield()
                    }
                } else if found.needsLook || age >= limit(found, now) {
                    incoming.change { $0.needsLook = false }
                    if let containers = try? await engine.containers(context, within: 0) {
                        last = ContainerLook(at: now, containers: containers)
                    }
                }
                if let last { await engine.publish(.look(last)) }
            }
            group.cancelAll()
        }
    }

    private func limit(_ found: Incoming, _ now: Double) -> Double {
        if !found.isListening { return Self.secondsBetweenLooks.deaf }
        return now - found.lastEvent < Self.watchfulness
            ? Self.secondsBetweenLooks.watchful : Self.secondsBetweenLooks.listening
    }
}

extension ContainerLook {
    /// What an event told of a container's check, put where the engine's list has it. False when it is not there.
    mutating func set(_ health: ContainerState.Health, of container: String) -> Bool {
        guard let index = containers.firstIndex(where: { $0.id == container }) else { return false }
        containers[index].state = "running"
        containers[index].health = health
        return true
    }
}
