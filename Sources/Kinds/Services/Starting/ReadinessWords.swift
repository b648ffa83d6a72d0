import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets

/// Why a started container does not serve, in words for somebody who meets it for the first time, with what to do and
/// the last lines that the container wrote.
struct ReadinessWords {
    let service: ContainerService
    let context: NodeContext
    let engine: FoundEngine

    private static let shownLines = 20
    /// A container that was started again so often does not get up any more.
    private static let restarts = 3

    func gone() -> NodeFailure {
        NodeFailure(
            .failed, "the container of '\(service.name)' was removed while it started",
            remedy:
                "somebody else may work with the project '\(service.projectName(in: context.workspace))'; run devinit up again"
        )
    }

    func ended(_ container: ContainerState) async -> Result<Void, NodeFailure> {
        let status = container.exitStatus ?? -1
        if status == 0, service.isOneShot { return .success(()) }
        let lines = await lastLines(container)
        guard let state = await endState(container, status: status) else {
            // An engine that is stopped ends its containers first.
            if await engine.client.isGone() { return .failure(engine.stopped(context)) }
            return .failure(failure("ended with exit status \(status)", lines))
        }
        if state["OOMKilled"]?.bool == true {
            return .failure(
                NodeFailure(
                    .failed, "'\(service.name)' ran out of memory and was killed", remedy: memoryAdvice, output: lines))
        }
        if lines.contains(where: { $0.lowercased().contains("exec format error") }) {
            return .failure(wrongArchitecture(lines))
        }
        let reason = state["Error"]?.string.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return .failure(failure("ended with exit status \(status)\(reason)", lines))
    }

    /// Why it ended, as the engine knows it; nil when it does not answer. That the kernel killed it for its memory is
    /// told by an event of its own, which may come after the end.
    private func endState(_ container: ContainerState, status: Int) async -> JSON? {
        var state: JSON?
        for _ in 0..<8 {
            state = (try? await engine.client.inspect(container.id))?["State"]
            guard status == 128 + 9, state?["OOMKilled"]?.bool == false else { break }
            try? await context.host.clock.sleep(for: .milliseconds(100))
        }
        return state
    }

    /// Nil while it has not been started over often enough to give it up.
    func restarting(_ container: ContainerState) async -> NodeFailure? {
        let inspected = try? await engine.client.inspect(container.id)
        guard let count = inspected?["RestartCount"]?.integer, count >= Self.restarts else { return nil }
        let lines = await lastLines(container)
        if lines.contains(where: { $0.lowercased().contains("exec format error") }) { return wrongArchitecture(lines) }
        let isKilled = inspected?["State"]?["OOMKilled"]?.bool == true
        let words = "ends again and again (\(count) times, exit status \(container.exitStatus ?? -1))"
        guard isKilled else { return failure(words, lines) }
        return NodeFailure(
            .failed, "'\(service.name)' \(words), killed because it ran out of memory", remedy: memoryAdvice,
            output: lines)
    }

    func late(_ container: ContainerState) async -> NodeFailure {
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

    private var memoryAdvice: String { "raise its 'mem_limit', or give the engine more memory" }

    private func failure(_ words: String, _ lines: [String]) -> NodeFailure {
        NodeFailure(
            .failed, "'\(service.name)' \(words)",
            remedy: "its last lines say why; all of them: devinit logs \(service.name)", output: lines)
    }

    private func wrongArchitecture(_ lines: [String]) -> NodeFailure {
        ComposeErrors.wrongArchitecture("the image of '\(service.name)'", context, output: lines)
    }

    private func lastLines(_ container: ContainerState) async -> [String] {
        await engine.client.lastLines(of: container.id, count: Self.shownLines).map { context.values.mask.mask($0) }
    }
}
