import Base
import HostInterfaces
import Synchronization

/// One request to `devinit-worker`, from its start to its last line.
struct WorkerCall: Sendable {
    let host: Host
    let program: Path
    let limits: GitTimeLimits
    /// Changes to the environment: the socket of another ssh-agent.
    var environment: [String: String] = [:]

    /// - Parameter place: the server or path, for messages.
    func run(
        _ request: WorkerRequest, place: String, onProgress: @escaping @Sendable (GitProgress) -> Void
    ) async throws(GitFailure) -> WorkerResult {
        let watch = SilenceWatch(clock: host.clock, limits: limits)
        let reader = EventReader { event in
            switch event {
            case .progress(let progress):
                switch progress.phase {
                case .connecting: break
                case .receiving: watch.sign(.working)
                case .resolving, .checkout: watch.sign(.onDisk)
                }
                onProgress(progress)
            case .activity: watch.sign(.working)
            case .result, .failure: watch.sign(.onDisk)
            }
        }
        let childEnvironment = CredentialHelper.silent(host.environment).merging(environment) { $1 }
        let process = ProcessRequest(
            [program.text], environment: childEnvironment, folder: host.currentFolder,
            input: .bytes(request.json.bytes()), output: .captured(limit: 64 << 10), grace: .milliseconds(200))
        let processes = host.processes
        let ended = await watch.run {
            do throws(ProcessError) {
                return .success(
                    try await processes.run(process) { stream, bytes in
                        if stream == .output { reader.take(bytes) }
                    })
            } catch {
                return .failure(error)
            }
        }
        if Task.isCancelled { throw GitFailure(.cancelled, "The work on \(place) was cancelled.") }
        guard let ended else { throw WorkerCall.silence(place) }
        switch (reader.last, ended) {
        case (.result(let result), .success): return result
        case (.failure(let failure), _): throw failure
        case (_, .failure(let error)):
            throw GitFailure(.unsupported, "The git worker can't be started: \(error)", hint: "Install devinit again.")
        case (_, .success(let result)):
            throw GitFailure(.other, "The git worker ended without an answer (\(result.end)) for \(place).")
        }
    }

    static func silence(_ place: String) -> GitFailure {
        GitFailure(
            .timeout, "Nothing came from \(place) for too long, so the work was ended.",
            hint: "Check the network and the VPN, then run again.")
    }
}

/// Puts the worker's lines together again.
private final class EventReader: Sendable {
    private struct State {
        var rest: [UInt8] = []
        var last: WorkerEvent?
    }

    private let state = Mutex(State())
    private let onEvent: @Sendable (WorkerEvent) -> Void

    init(onEvent: @escaping @Sendable (WorkerEvent) -> Void) { self.onEvent = onEvent }

    var last: WorkerEvent? { state.withLock { $0.last } }

    func take(_ bytes: [UInt8]) {
        let events = state.withLock { state in
            var events: [WorkerEvent] = []
            state.rest += bytes
            while let end = state.rest.firstIndex(of: 0x0A) {
                let line = Array(state.rest[..<end])
                state.rest.removeSubrange(...end)
                if let event = (try? JSON(parsing: line)).flatMap(WorkerEvent.init) { events.append(event) }
            }
            if let last = events.last { state.last = last }
            return events
        }
        events.forEach(onEvent)
    }
}
