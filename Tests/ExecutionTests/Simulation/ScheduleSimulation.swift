import Execution
import HostFakes

/// Plays a scenario on a schedule alone, in time that only counts, and says what did not hold.
struct ScheduleSimulation {
    private let scenario: Scenario
    private var random: SeededGenerator
    private var record: SimulatedRecord?
    private(set) var problems: [String] = []
    /// Whether anything happened that a seed may draw; a simulator that never gets there proves nothing.
    private(set) var seen: Set<Event> = []

    /// What scenarios are there for.
    enum Event: CaseIterable { case grew, failed, interrupted, crashed, stoppedByFailure, repeated, manyNodes }

    static func problems(ofSeed seed: UInt64) -> [String] {
        var simulation = ScheduleSimulation(seed)
        simulation.run()
        return simulation.problems
    }

    /// One seed in 50 is a row of runs over a journal; the others are one run each.
    init(_ seed: UInt64) {
        let crashes = seed % 50 == 49
        scenario = Scenario(seed: seed, crashes: crashes)
        random = SeededGenerator(seed: ~seed)
        if crashes {
            do { record = try SimulatedRecord() } catch { problems.append("no journal: \(error)") }
        }
    }

    mutating func run() {
        if scenario.nodes.count > 100 { seen.insert(.manyNodes) }
        for turn in scenario.turns.indices {
            run(turn)
            let torn = random.oneIn(3) ? random.below(70) : nil
            record?.restart(torn: torn)
            if !problems.isEmpty { break }
        }
        problems += record?.problems ?? []
    }

    private mutating func run(_ turn: Int) {
        guard let graph = try? ExecutionGraph(scenario.startNodes) else { return problems.append("a cycle") }
        let (crash, interrupt) = (scenario.turns[turn].crash, scenario.turns[turn].interrupt)
        var model = ScheduleModel(scenario.nodes, limits: scenario.limits)
        var schedule = Schedule(graph, limits: scenario.limits)
        var running: [(end: Double, number: Int, result: NodeResult)] = []
        var (now, events) = (0.0, 0)

        func start(_ numbers: [Int]) {
            for number in numbers {
                let (result, seconds) = begin(number, turn)
                running.append((now + seconds, number, result))
            }
        }
        model.grew(0..<scenario.planted)
        start(model.take(schedule.handle(.begin)))
        while !running.isEmpty, model.problems.isEmpty {
            if events == crash {
                seen.insert(.crashed)
                problems += model.problems
                return
            }
            if events == interrupt {
                seen.insert(.interrupted)
                model.interrupted()
                start(model.take(schedule.handle(.interrupted)))
            }
            events += 1
            var first = 0
            for index in running.indices where running[index].end < running[first].end { first = index }
            let (end, number, result) = running.remove(at: first)
            now = end
            let (fingerprint, once) = (scenario.fingerprint(of: number, turn: turn), scenario.once.contains(number))
            record?.record(number, result, fingerprint: fingerprint, once: once)
            // As the driver does: what a node brings comes in before it ends.
            if result.satisfies, let added = scenario.growth[number] {
                seen.insert(.grew)
                model.grew(added)
                start(model.take(schedule.handle(.grew(added.map { scenario.nodes[$0] }))))
            }
            let satisfied = result.satisfies || result.status == .skipped
            if !satisfied { seen.insert(scenario.limits.failFast ? .stoppedByFailure : .failed) }
            model.finished(number, satisfied: satisfied)
            start(model.take(schedule.handle(.finished(scenario.nodes[number].id, result))))
            // Told twice, it counts once.
            if random.oneIn(8) { start(model.take(schedule.handle(.finished(scenario.nodes[number].id, result)))) }
        }
        // What is heard after the end changes nothing.
        if model.hasConcluded { start(model.take(schedule.handle(.interrupted))) }
        if !model.hasConcluded { model.fail("the run did not come to its end") }
        problems += model.problems
        if scenario.turns[turn].isLast { checkAllDone(model, turn) }
    }

    /// What the work of a node comes to, and how long it takes.
    private mutating func begin(_ number: Int, _ turn: Int) -> (NodeResult, seconds: Double) {
        let (fingerprint, once) = (scenario.fingerprint(of: number, turn: turn), scenario.once.contains(number))
        if record?.isDone(number, fingerprint: fingerprint, once: once) == true {
            seen.insert(.repeated)
            return (NodeResult(.upToDate, "recorded"), 0)
        }
        let seconds = scenario.seconds(of: number, turn: turn)
        switch scenario.fate(of: number, turn: turn) {
        case .done: return (NodeResult(.done, "drawn", seconds: seconds, attempts: 1), seconds)
        case .passing(let failures):
            return (NodeResult(.done, "drawn", seconds: seconds, attempts: failures + 1), seconds + 1)
        case .upToDate: return (NodeResult(.upToDate, "drawn"), 0)
        case .skipped: return (NodeResult(.skipped, "drawn"), 0)
        case .failed: return (NodeResult(.failed, "drawn", seconds: seconds, attempts: 1), seconds)
        case .blocked: return (NodeResult(.failed, "drawn"), 0)
        }
    }

    /// Where nothing goes wrong any more, everything that is there gets done in the end.
    private mutating func checkAllDone(_ model: ScheduleModel, _ turn: Int) {
        for (number, state) in model.states.enumerated() where state != .absent && state != .ended(satisfied: true) {
            problems.append("\(number) was \(state) at the end of the last run")
        }
    }
}
