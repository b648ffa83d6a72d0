import Execution
import HostFakes
import HostInterfaces
import Synchronization
import Testing

@Suite struct DriverTests {
    /// One node whose look and work are closures; keeps the events.
    final class OneNode: NodeWorker, EventSink {
        let events = Mutex<[RunEvent]>([])
        private let look: @Sendable (OneNode) async -> Assessment
        private let work: @Sendable (Int) async throws(NodeFailure) -> Void

        init(
            look: @escaping @Sendable (OneNode) async -> Assessment = { _ in .work(.run, "test") },
            work: @escaping @Sendable (Int) async throws(NodeFailure) -> Void = { _ in }
        ) {
            self.look = look
            self.work = work
        }

        var all: [RunEvent] { events.withLock { $0 } }
        var isInterrupted: Bool { all.contains { if case .interrupted = $0 { true } else { false } } }
        var attempts: Int { all.count { if case .running = $0 { true } else { false } } }

        func assess(_ id: NodeID) async -> Assessment { await look(self) }
        func run(_ id: NodeID, _ assessment: Assessment, attempt: Int) async throws(NodeFailure) {
            try await work(attempt)
        }
        func pause(before attempt: Int, of id: NodeID, after failure: NodeFailure) -> Duration? {
            failure.isPassing && attempt < 5 ? .seconds(1) : nil
        }
        func estimate(_ graph: ExecutionGraph) async -> RunEstimate? {
            RunEstimate(seconds: 7, criticalPath: graph.criticalPath(among: Set(graph.order)))
        }
        func growth(after id: NodeID) async -> [ExecutionNode] { [] }
        func log(of id: NodeID) -> String? { "log" }
        func ended(_ id: NodeID, _ result: NodeResult) async {}
        func handle(_ event: RunEvent, at seconds: Double) { events.withLock { $0.append(event) } }
    }

    let clock = FakeClock()
    let graph: ExecutionGraph
    let node = NodeID("step", "a")

    init() throws { graph = try ExecutionGraph([ExecutionNode(node)]) }

    func run(_ worker: OneNode, _ interrupts: AsyncStream<Int32>) async -> RunSummary {
        await Driver(clock: clock, worker: worker, sink: worker).run(
            graph, run: "1", limits: .init(processor: 1), interrupts: interrupts)
    }

    @Test func `an interrupt during the look leaves the work alone`() async {
        let (interrupts, signal) = AsyncStream<Int32>.makeStream()
        let worker = OneNode(look: { worker in
            signal.yield(2)
            while !worker.isInterrupted { await Task.yield() }
            return .work(.run, "found")
        })
        let summary = await run(worker, interrupts)
        #expect(worker.attempts == 0)
        #expect(summary.status == .cancelled && summary.result(of: node)?.status == .cancelled)
    }

    /// The pause may end just before the interrupt is heard; in which order the two tasks go on is drawn.
    @Test(arguments: UInt64(0)..<40)
    func `an interrupt at the end of a pause leaves the next try alone`(seed: UInt64) throws {
        let (interrupts, signal) = AsyncStream<Int32>.makeStream()
        let worker = OneNode(work: { _ throws(NodeFailure) in throw NodeFailure(.network, "no", isPassing: true) })
        let executor = StepExecutor(seed: seed)
        let summary = Mutex<RunSummary?>(nil)
        Task(executorPreference: executor) {
            let ended = await run(worker, interrupts)
            summary.withLock { $0 = ended }
        }
        while executor.step() {}
        #expect(worker.attempts == 1 && clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        signal.yield(2)
        while executor.step() {}
        let events = worker.all
        let interrupt = try #require(events.firstIndex { if case .interrupted = $0 { true } else { false } })
        #expect(!events[interrupt...].contains { if case .running = $0 { true } else { false } })
        #expect(summary.withLock { $0?.status } == .cancelled)
    }

    @Test func `a failure that passes is told with its pause, and the node is done at the next try`() async {
        let clock = clock
        let worker = OneNode(work: { attempt throws(NodeFailure) in
            if attempt < 3 { throw NodeFailure(.network, "no route", isPassing: true) }
        })
        let running = Task { await run(worker, AsyncStream { $0.finish() }) }
        for _ in 0..<2 {
            await clock.waitForSleepers(1)
            clock.advance(by: .seconds(1))
        }
        let summary = await running.value
        #expect(summary.status == .done && summary.seconds == 2)
        #expect(summary.result(of: node) == NodeResult(.done, "test", seconds: 2, attempts: 3, log: "log"))
        #expect(worker.all.contains(.retrying(node, failure: .init(.network, "no route", isPassing: true), after: 1)))
    }

    @Test func `work that was told to stop by the terminal is no failure`() async {
        let worker = OneNode(work: { _ throws(NodeFailure) in throw NodeFailure(.cancelled, "SIGINT") })
        let summary = await run(worker, AsyncStream { $0.finish() })
        #expect(summary.status == .cancelled && summary.failures.isEmpty)
    }
}
