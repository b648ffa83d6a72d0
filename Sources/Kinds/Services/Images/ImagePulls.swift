import Base
import Execution
import HostInterfaces
import Synchronization

/// The images that a run fetches: each once, whoever asks for it, all at once, beside everything else. The engine
/// fetches them itself, asked over its socket, so that no program runs for it and each layer's bytes are seen.
actor ImagePulls {
    private let host: Host
    private var pulls: [WantedImage: ImagePull] = [:]

    init(host: Host) { self.host = host }

    /// Begins to fetch an image that is not there; nobody waits for it yet.
    func begin(_ image: WantedImage, _ engine: FoundEngine, _ logins: RegistryLogins) {
        if pulls[image] == nil, !Task.isCancelled { start(image, engine, logins) }
    }

    /// Fetches an image, or waits for the fetch that has begun. What failed is fetched again the next time.
    func fetch(
        _ image: WantedImage, _ engine: FoundEngine, _ logins: RegistryLogins,
        report: @escaping @Sendable (NodeProgress) -> Void
    ) async -> ImagePull.Outcome {
        let pull = pulls[image] ?? start(image, engine, logins)
        let outcome = await pull.outcome(report: report)
        if case .failed = outcome { pulls[image] = nil }
        return outcome
    }

    /// Ends what is still being fetched; the engine keeps the layers that are whole.
    func stop() {
        for pull in pulls.values { pull.stop() }
    }

    @discardableResult
    private func start(_ image: WantedImage, _ engine: FoundEngine, _ logins: RegistryLogins) -> ImagePull {
        let pull = ImagePull(image: image)
        pulls[image] = pull
        pull.run { await self.perform(image, engine, logins, pull) }
        return pull
    }

    private nonisolated func perform(
        _ image: WantedImage, _ engine: FoundEngine, _ logins: RegistryLogins, _ pull: ImagePull
    ) async -> ImagePull.Outcome {
        do throws(EngineClient.Failure) {
            if try await engine.client.hasImage(image.name) { return .there }
        } catch {
            if case .needsCommandLine = error { return .leftToCompose }
        }
        guard let reference = ImageReference(image.name) else { return .leftToCompose }
        var header: String?
        switch await logins.login(for: reference.registry) {
        case .none: break
        case .header(let value): header = value
        case .unreadable: return .leftToCompose
        }
        let progress = SharedValue(PullProgress())
        pull.tell(NodeProgress("pulling \(image.name)"))
        do throws(EngineClient.Failure) {
            try await engine.client.pull(reference, platform: image.platform, login: header) { line in
                let shown = progress.change { $0.add(line) ? $0.shown(of: image.name) : nil }
                if let shown { pull.tell(shown) }
                return !Task.isCancelled
            }
        } catch {
            switch error {
            case .refused(let text): return .failed(text)
            case .unreachable(let text): return .failed("the engine stopped answering: \(text)")
            case .needsCommandLine: return .leftToCompose
            }
        }
        if Task.isCancelled { return .cancelled }
        return progress.value.error.map { .failed($0) } ?? .there
    }
}

/// An image as a service wants it.
struct WantedImage: Hashable, Sendable {
    var name: String
    /// As the Compose service states it: `linux/amd64`.
    var platform: String?
}

/// One image that is being fetched, and everybody who waits for it.
final class ImagePull: Sendable {
    enum Outcome: Hashable, Sendable {
        case there
        case failed(String)
        /// The engine can't be asked, or the registry's login can't be read: Compose fetches it.
        case leftToCompose
        case cancelled
    }

    private struct State {
        var progress: NodeProgress?
        var outcome: Outcome?
        var task: Task<Void, Never>?
        var next = 0
        var waiting:
            [Int: (continuation: CheckedContinuation<Outcome, Never>, report: @Sendable (NodeProgress) -> Void)] = [:]
    }

    let image: WantedImage
    private let state = Mutex(State())

    init(image: WantedImage) { self.image = image }

    func run(_ body: @escaping @Sendable () async -> Outcome) {
        let task = Task { self.end(await body()) }
        state.withLock { $0.task = task }
    }

    func stop() { state.withLock(\.task)?.cancel() }

    func tell(_ progress: NodeProgress) {
        let reports = state.withLock { state in
            state.progress = progress
            return state.waiting.values.map(\.report)
        }
        for report in reports { report(progress) }
    }

    /// Waits for the end; a cancelled task waits no longer, and the fetch goes on for the others.
    func outcome(report: @escaping @Sendable (NodeProgress) -> Void) async -> Outcome {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        if let progress = state.withLock({ $0.outcome == nil ? $0.progress : nil }) { report(progress) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: Outcome? = state.withLock { state in
                    if let outcome = state.outcome { return outcome }
                    if Task.isCancelled { return .cancelled }
                    state.waiting[number] = (continuation, report)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.continuation.resume(returning: .cancelled)
        }
    }

    private func end(_ outcome: Outcome) {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            state.outcome = outcome
            return state.waiting.values.map(\.continuation)
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }
}
