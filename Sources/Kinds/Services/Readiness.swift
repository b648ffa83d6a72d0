import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import YAML

/// Waits until a started container serves, or tells why it won't.
struct Readiness {
    let service: ContainerService
    let context: NodeContext
    let engine: FoundEngine

    private static let probePause = Duration.milliseconds(200)
    private static let shownLines = 20
    /// A container that was started again so often does not get up any more.
    private static let restarts = 3

    func wait() async throws(NodeFailure) {
        let result = await withTaskGroup(of: Result<Void, NodeFailure>?.self) { group in
            group.addTask { await watch() }
            if let check = service.check { group.addTask { await probe(check) } }
            var result: Result<Void, NodeFailure>?
            while let next = await group.next() {
                if let next { result = next; break }
            }
            group.cancelAll()
            return result
        }
        try (result ?? .failure(NodeFailure(.cancelled, "cancelled"))).get()
    }

    /// Follows the container's state; nil when the task was cancelled.
    private func watch() async -> Result<Void, NodeFailure>? {
        let clock = context.host.clock
        let deadline = clock.monotonicSeconds + service.healthTimeout.seconds
        var words = ""
        var settled = Settling()
        for await containers in await context.parts.services.updates(context) {
            guard let container = containers.first(where: { $0.belongs(to: service, in: context.workspace) }) else {
                if clock.monotonicSeconds > deadline { return .failure(gone()) }
                continue
            }
            switch container.state {
            case "running":
                switch container.health {
                case _ where service.isAwaited: break
                case .healthy: if service.check == nil { return .success(()) }
                case .none where service.check == nil && !service.hasOwnCheck:
                    let start = (try? await engine.client.inspect(container.id))?["State"]?["StartedAt"]?.string
                    if settled.holds(start: start, at: clock.monotonicSeconds) { return .success(()) }
                default: break
                }
            case "exited", "dead": return await ended(container)
            case "restarting":
                if let failure = await restarting(container) { return .failure(failure) }
            default: break
            }
            if clock.monotonicSeconds > deadline { return .failure(await late(container)) }
            let waiting = service.isAwaited ? "waiting until it is done" : "waiting until it serves"
            let now = container.state == "running" ? waiting : container.state
            if now != words { context.reporter.progress(NodeProgress(now)) }
            words = now
        }
        return nil
    }

    private func probe(_ check: HealthDeclaration.Check) async -> Result<Void, NodeFailure>? {
        let prober = HealthProbe(service: service, context: context, engine: engine)
        while !Task.isCancelled {
            if await prober.passes(check) { return .success(()) }
            try? await context.host.clock.sleep(for: Self.probePause)
        }
        return nil
    }

    private func gone() -> NodeFailure {
        NodeFailure(
            .failed, "the container of '\(service.name)' was removed while it started",
            remedy: "somebody else may work with the project '\(context.workspace.project)'; run devinit up again")
    }

    private func ended(_ container: ContainerState) async -> Result<Void, NodeFailure> {
        let status = container.exitStatus ?? -1
        if status == 0, service.isOneShot { return .success(()) }
        let lines = await lastLines(container)
        let state = await endState(container, status: status)
        if state?["OOMKilled"]?.bool == true {
            return .failure(
                NodeFailure(
                    .failed, "'\(service.name)' ran out of memory and was killed",
                    remedy: "raise its 'mem_limit', or give the engine more memory", output: lines))
        }
        if lines.contains(where: { $0.contains("exec format error") }) {
            return .failure(wrongArchitecture(lines))
        }
        let reason = state?["Error"]?.string.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return .failure(
            NodeFailure(
                .failed, "'\(service.name)' ended with exit status \(status)\(reason)",
                remedy: "its last lines say why; all of them: devinit logs \(service.name)", output: lines))
    }

    /// Why it ended, as the engine knows it. That the kernel killed it for its memory is told by an event of its own,
    /// which may come after the end.
    private func endState(_ container: ContainerState, status: Int) async -> JSON? {
        var state: JSON?
        for _ in 0..<8 {
            state = (try? await engine.client.inspect(container.id))?["State"]
            guard status == 128 + 9, state?["OOMKilled"]?.bool != true else { break }
            try? await context.host.clock.sleep(for: .milliseconds(100))
        }
        return state
    }

    private func restarting(_ container: ContainerState) async -> NodeFailure? {
        let inspected = try? await engine.client.inspect(container.id)
        guard let count = inspected?["RestartCount"]?.integer, count >= Self.restarts else { return nil }
        let lines = await lastLines(container)
        if lines.contains(where: { $0.contains("exec format error") }) { return wrongArchitecture(lines) }
        let isKilled = inspected?["State"]?["OOMKilled"]?.bool == true
        return NodeFailure(
            .failed,
            "'\(service.name)' ends again and again (\(count) times, exit status \(container.exitStatus ?? -1))"
                + (isKilled ? ", killed because it ran out of memory" : ""),
            remedy: "its last lines say why; all of them: devinit logs \(service.name)", output: lines)
    }

    private func late(_ container: ContainerState) async -> NodeFailure {
        let limit = TimeSpan.describe(seconds: service.healthTimeout.seconds)
        let health = (try? await engine.client.inspect(container.id))?["State"]?["Health"]
        let last = health?["Log"]?.array?.last?["Output"]?.string?.split(separator: "\n").map { String($0) } ?? []
        var lines = await lastLines(container)
        if !last.isEmpty { lines += ["the last health check said:"] + last.suffix(5) }
        return NodeFailure(
            .timedOut, "'\(service.name)' did not get healthy within \(limit)",
            remedy: "give it more time with 'health: {timeout: …}', or see devinit logs \(service.name)",
            output: lines.map { context.values.mask.mask($0) })
    }

    private func wrongArchitecture(_ lines: [String]) -> NodeFailure {
        NodeFailure(
            .failed,
            "the image of '\(service.name)' is not made for this machine's \(context.host.machine.architecture)",
            remedy: "choose an image for it, or add 'compose: {platform: linux/amd64}'", output: lines)
    }

    private func lastLines(_ container: ContainerState) async -> [String] {
        await engine.client.lastLines(of: container.id, count: Self.shownLines).map { context.values.mask.mask($0) }
    }
}

/// Without any check a container must at least survive its start. One that the engine starts over and over is seen
/// running at every look, so it is the same start that has to last.
private struct Settling {
    /// In seconds.
    static let time = 0.5
    private var start: String?
    private var since = 0.0

    mutating func holds(start: String?, at now: Double) -> Bool {
        if start != self.start || start == nil { (self.start, since) = (start, now) }
        return start != nil && now - since >= Self.time
    }
}

extension ContainerService {
    /// Whether the container has a check in its definition: running alone is not enough then.
    var hasOwnCheck: Bool {
        definition["healthcheck"]?["test"] != nil && definition["healthcheck"]?["disable"]?.bool != true
    }

    /// Whether it may end well: somebody waits for its end, an existing file says so, or nothing says that it is there to
    /// be reached.
    var isOneShot: Bool {
        if isAwaited { return true }
        let stated = definition["restart"]?.text ?? definition["deploy"]?["restart_policy"]?["condition"]?.text
        if adopted != nil, let stated {
            return ["no", "none", "false", "on-failure"].contains { stated.hasPrefix($0) }
        }
        return ports.isEmpty && check == nil && !hasOwnCheck && (stated ?? "no") == "no"
    }
}
