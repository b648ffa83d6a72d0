import Execution
import Synchronization

/// Reads the events of a run as a view does, and says where they make no sense.
final class EventWatcher: EventSink {
    struct State {
        var problems: [String] = []
        var count = 0
        var last = 0.0
        var attempts: [NodeID: Int] = [:]
        /// Nodes that were told to be tried again.
        var retrying: Set<NodeID> = []
        var finished: [NodeID: NodeResult] = [:]
        var interrupts = 0
        var estimates = 0
        var summary: RunSummary?
    }

    let state = Mutex(State())
    private let worker: SimulatedWorker

    init(_ worker: SimulatedWorker) { self.worker = worker }

    func handle(_ event: RunEvent, at seconds: Double) {
        if case .interrupted = event {
            worker.state.withLock { $0.endedBeforeInterrupt = Set($0.results.keys) }
        }
        state.withLock { state in
            if seconds < state.last { state.problems.append("time goes back at \(event)") }
            if state.summary != nil { state.problems.append("\(event) after the end") }
            state.last = seconds
            state.count += 1
            switch event {
            case .started:
                if state.count != 1 { state.problems.append("the run started twice, or not first") }
            case .running(let id, _, _, let attempt):
                let isExpected = attempt == 1 ? state.attempts[id] == nil : state.retrying.remove(id) != nil
                if !isExpected || attempt != state.attempts[id, default: 0] + 1 {
                    state.problems.append("\(id) is at attempt \(attempt)")
                }
                if state.finished[id] != nil { state.problems.append("\(id) runs after its end") }
                if state.interrupts > 0 { state.problems.append("\(id) runs after the interrupt") }
                state.attempts[id] = attempt
            case .estimated:
                state.estimates += 1
                if state.estimates > 1 || state.attempts.isEmpty { state.problems.append("estimated out of turn") }
            case .retrying(let id, _, _): state.retrying.insert(id)
            case .finished(let id, let result):
                if state.finished.updateValue(result, forKey: id) != nil {
                    state.problems.append("\(id) finished twice")
                }
            case .interrupted:
                state.interrupts += 1
                if state.interrupts > 1 { state.problems.append("interrupted twice") }
            case .ended(let summary): Self.check(summary, &state)
            default: break
            }
        }
    }

    private static func check(_ summary: RunSummary, _ state: inout State) {
        state.summary = summary
        if Dictionary(summary.nodes.map { ($0.id, $0.result) }, uniquingKeysWith: { $1 }) != state.finished
            || summary.nodes.count != state.finished.count
        {
            state.problems.append("the summary is not what was told")
        }
        let statuses = Set(state.finished.values.map(\.status))
        let expected: RunSummary.Status =
            state.interrupts > 0
            ? .cancelled : statuses.contains(.failed) ? .failed : statuses.contains(.cancelled) ? .cancelled : .done
        if summary.status != expected { state.problems.append("the run ended as \(summary.status)") }
    }
}
