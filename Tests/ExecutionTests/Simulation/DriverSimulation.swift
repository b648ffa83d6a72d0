import Execution
import HostFakes
import HostInterfaces
import Synchronization

/// Plays a scenario through the whole driver: its tasks interleaved by the seed, its time on the fake clock, its records
/// in a journal over files in memory.
struct DriverSimulation {
    private let scenario: Scenario
    private var random: SeededGenerator
    private(set) var problems: [String] = []

    static func problems(ofSeed seed: UInt64) -> [String] {
        var simulation = DriverSimulation(seed)
        simulation.run()
        return simulation.problems
    }

    init(_ seed: UInt64) {
        scenario = Scenario(seed: seed, crashes: seed % 2 == 1)
        random = SeededGenerator(seed: ~seed)
    }

    mutating func run() {
        guard var record = try? SimulatedRecord() else { return problems.append("no journal") }
        for turn in scenario.turns.indices {
            record = run(turn, record)
            record.restart(torn: random.oneIn(3) ? random.below(70) : nil)
            problems += record.problems
            if !problems.isEmpty { return }
        }
    }

    private mutating func run(_ turn: Int, _ record: SimulatedRecord) -> SimulatedRecord {
        guard let graph = try? ExecutionGraph(scenario.startNodes) else { return record }
        let clock = FakeClock()
        let worker = SimulatedWorker(scenario, turn: turn, clock: clock, record: record)
        let watcher = EventWatcher(worker)
        let driver = Driver(clock: clock, worker: worker, sink: watcher)
        let executor = StepExecutor(seed: scenario.seed &+ UInt64(turn))
        let (interrupts, signal) = AsyncStream<Int32>.makeStream()
        let hasEnded = Mutex(false)
        let limits = scenario.limits
        let task = Task(executorPreference: executor) {
            _ = await driver.run(graph, run: "1", limits: limits, interrupts: interrupts)
            hasEnded.withLock { $0 = true }
        }
        // Several pieces belong to one event of the pure schedule.
        let crash = scenario.turns[turn].crash.map { $0 * 4 }
        let interrupt = scenario.turns[turn].interrupt.map { $0 * 4 }
        var steps = 0
        while !hasEnded.withLock({ $0 }) {
            if steps == interrupt { signal.yield(2) }
            if steps == crash {
                worker.state.withLock { $0.isDead = true }
                task.cancel()
            }
            steps += 1
            if executor.step() { continue }
            guard let pause = clock.untilNextWake else {
                problems.append("the run stands still")
                break
            }
            clock.advance(by: pause)
        }
        signal.finish()
        let state = worker.state.withLock { $0 }
        if !state.isDead {
            problems += state.problems + watcher.state.withLock { $0.problems }
            check(state, turn, watcher.state.withLock { $0.finished })
        }
        return state.record
    }

    private mutating func check(_ state: SimulatedWorker.State, _ turn: Int, _ finished: [NodeID: NodeResult]) {
        let present = Set(0..<scenario.planted).union(state.grown)
        if Set(state.results.keys) != present { problems.append("not every node ended, or one that is not there") }
        if Set(finished.keys.map(\.number)) != present { problems.append("not every node was told to have ended") }
        for (number, result) in state.results.sorted(by: { $0.key < $1.key }) {
            let isSatisfied = result.satisfies || result.status == .skipped
            if scenario.turns[turn].isLast, !isSatisfied || result.cause != nil {
                problems.append("\(number) was \(result.status) at the end of the last run")
            }
            if result.status == .done, result.attempts != state.tries[number] {
                problems.append("\(number) was done in \(result.attempts) tries")
            }
        }
    }
}
