import Base
import Execution
import HostFakes
import HostInterfaces
import Synchronization

/// Nodes whose work is to wait on the fake clock, and that look whether they may.
final class SimulatedWorker: NodeWorker {
    struct State {
        var record: SimulatedRecord
        var problems: [String] = []
        /// From the start of a node's assessment until it is told to have ended.
        var running: Set<Int> = []
        var results: [Int: NodeResult] = [:]
        var tries: [Int: Int] = [:]
        var grown: Set<Int> = []
        /// The process is gone: nothing that still runs counts.
        var isDead = false
        /// What had ended when the interrupt was shown: no work begins after it, and no look at what waited still.
        var endedBeforeInterrupt: Set<Int>?

        var isInterrupted: Bool { endedBeforeInterrupt != nil }
    }

    let state: Mutex<State>
    private let scenario: Scenario
    private let turn: Int
    private let clock: FakeClock

    init(_ scenario: Scenario, turn: Int, clock: FakeClock, record: sending SimulatedRecord) {
        self.scenario = scenario
        self.turn = turn
        self.clock = clock
        state = Mutex(State(record: record))
    }

    func assess(_ id: NodeID) async -> Assessment {
        let number = id.number
        state.withLock { state in
            guard !state.isDead else { return }
            if state.results[number] != nil || !state.running.insert(number).inserted {
                state.problems.append("\(number) started twice")
            }
            checkNeeds(number, state: &state)
            checkBounds(&state)
        }
        if number % 3 == 0 { await Task.yield() }
        let fingerprint = scenario.fingerprint(of: number, turn: turn)
        let isDone = state.withLock {
            $0.record.isDone(number, fingerprint: fingerprint, once: scenario.once.contains(number))
        }
        if isDone { return .upToDate("recorded") }
        switch scenario.fate(of: number, turn: turn) {
        case .upToDate: return .upToDate("drawn")
        case .skipped: return .skipped("drawn")
        case .blocked: return .blocked(NodeFailure(.prerequisite, "drawn"))
        case .done, .failed, .passing: return number % 5 == 0 ? .unknown("drawn") : .work(.run, "drawn")
        }
    }

    func run(_ id: NodeID, _ assessment: Assessment, attempt: Int) async throws(NodeFailure) {
        let number = id.number
        state.withLock { state in
            guard !state.isDead else { return }
            state.tries[number, default: 0] += 1
            if state.tries[number] != attempt { state.problems.append("\(number) is at another attempt") }
            if state.isInterrupted { state.problems.append("\(number) began to work after the interrupt") }
        }
        do { try await clock.sleep(for: .seconds(scenario.seconds(of: number, turn: turn))) } catch {
            throw NodeFailure(.cancelled, "cancelled")
        }
        switch scenario.fate(of: number, turn: turn) {
        case .failed: throw NodeFailure(.failed, "drawn")
        case .passing(let failures) where attempt <= failures:
            throw NodeFailure(.network, "drawn", isPassing: true)
        default: break
        }
    }

    func pause(before attempt: Int, of id: NodeID, after failure: NodeFailure) -> Duration? {
        failure.isPassing && attempt <= 3 ? .seconds(attempt) : nil
    }

    func estimate(_ graph: ExecutionGraph) async -> RunEstimate? {
        await Task.yield()
        return scenario.seed % 3 == 0
            ? nil : RunEstimate(seconds: 1, criticalPath: graph.criticalPath(among: Set(graph.order)))
    }

    func growth(after id: NodeID) async -> [ExecutionNode] {
        let added = (scenario.growth[id.number] ?? [])
        state.withLock { $0.grown.formUnion(added) }
        return added.map { scenario.nodes[$0] }
    }

    func log(of id: NodeID) -> String? { nil }

    func ended(_ id: NodeID, _ result: NodeResult) async {
        let number = id.number
        if number % 4 == 0 { await Task.yield() }
        state.withLock { state in
            guard !state.isDead else { return }
            if state.results.updateValue(result, forKey: number) != nil {
                state.problems.append("\(number) ended twice")
            }
            state.running.remove(number)
            state.record.record(
                number, result, fingerprint: scenario.fingerprint(of: number, turn: turn),
                once: scenario.once.contains(number))
        }
    }

    private func checkNeeds(_ number: Int, state: inout State) {
        for edge in scenario.nodes[number].edges {
            let need = edge.need.number
            guard need < scenario.planted || state.grown.contains(need) else { continue }
            guard let result = state.results[need], result.satisfies || result.status == .skipped else {
                state.problems.append("\(number) started before \(need)")
                continue
            }
            if let ended = state.endedBeforeInterrupt, !ended.contains(need) {
                state.problems.append("\(number) started although the run was stopped before \(need) ended")
            }
        }
    }

    private func checkBounds(_ state: inout State) {
        let nodes = state.running.map { scenario.nodes[$0] }
        let locks = nodes.flatMap(\.locks)
        if Set(locks).count < locks.count { state.problems.append("\(state.running) share a lock") }
        func count(_ pool: Pool) -> Int { nodes.count { $0.pool == pool } }
        if count(.processor) > scenario.limits.processor || count(.network) > scenario.limits.network
            || count(.interactive) > 0 && nodes.count > 1
        {
            state.problems.append("\(state.running) are too many at once")
        }
    }
}
