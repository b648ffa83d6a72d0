import Base
public import Execution
public import HostInterfaces
import Synchronization

/// Writes the record of a run: its events as they come, and the trace at the end.
///
/// A run in which nothing was worked on leaves no record: it would push one with something to read out of the
/// history. Output is not among the recorded events, it stands in the nodes' logs; progress is recorded where a
/// node turns to something else. A record that can't be written never fails the run.
public final class RunRecorder: EventSink {
    private struct State {
        /// What came before the record was begun.
        var early: [(event: RunEvent, at: Double)] = []
        var file: (any AppendableFile)?
        var isBegun = false
        var origin: Double?
        var trace = Trace()
        var words: [NodeID: String] = [:]
        var problem: SystemError?
    }

    private let files: any FileSystem
    private let clock: any Clock
    private let folder: RunFolder
    private let metrics: MetricsCollector
    private let state = Mutex(State())

    public init(files: any FileSystem, clock: any Clock, folder: RunFolder, metrics: MetricsCollector) {
        self.metrics = metrics
        self.files = files
        self.clock = clock
        self.folder = folder
    }

    /// Whether this run left a record.
    public var isBegun: Bool { state.withLock { $0.isBegun } }
    /// Why the record is not whole; nil when it is.
    public var problem: SystemError? { state.withLock { $0.problem } }

    public func handle(_ event: RunEvent, at seconds: Double) {
        state.withLock { state in
            guard state.problem == nil, isKept(event, &state) else { return }
            state.origin = state.origin ?? seconds
            state.trace.handle(event, at: seconds)
            do throws(SystemError) {
                if state.isBegun {
                    try write(event, at: seconds, &state)
                } else {
                    state.early.append((event, seconds))
                    if isWork(event) { try begin(&state) }
                }
                if case .ended = event, state.isBegun {
                    try files.append(to: folder.trace, mode: 0o600).append(state.trace.json.bytes())
                }
            } catch {
                state.problem = error
                state.file = nil
                state.early = []
            }
        }
    }

    private func isKept(_ event: RunEvent, _ state: inout State) -> Bool {
        switch event {
        case .output: return false
        case .progress(let id, let progress):
            guard state.words[id] != progress.words else { return false }
            state.words[id] = progress.words
            return true
        case .finished(let id, _):
            state.words[id] = nil
            return true
        default: return true
        }
    }

    private func isWork(_ event: RunEvent) -> Bool {
        switch event {
        case .running, .interrupted: true
        case .finished(_, let result): result.status == .failed
        default: false
        }
    }

    private func begin(_ state: inout State) throws(SystemError) {
        try files.makeFolder(folder.path, mode: 0o700)
        state.file = try files.append(to: folder.events, mode: 0o600)
        state.isBegun = true
        let early = state.early
        state.early = []
        for (event, at) in early { try write(event, at: at, &state) }
    }

    private func write(_ event: RunEvent, at seconds: Double, _ state: inout State) throws(SystemError) {
        let at = seconds - (state.origin ?? seconds)
        var json = EventDocument.json(event, at: at)
        if case .ended = event, case .object(let members) = json {
            json = .object(members + [JSON.Member("metrics", metrics.metrics.json)])
        }
        if case .started = event, case .object(var members) = json {
            // The moment of the start: the other times count from it.
            let wall = clock.wallSeconds - (clock.monotonicSeconds - seconds)
            members.append(JSON.Member("wall_seconds", EventDocument.rounded(wall, scale: 1e3)))
            json = .object(members)
        }
        try state.file?.append(json.bytes() + [UInt8(ascii: "\n")])
    }
}
