internal import Base
public import HostInterfaces

/// What the driver asks of the nodes: to look and to work. The kinds stand behind it.
public protocol NodeWorker: Sendable {
    /// Looks at one node, now that all it needs is done. Only reads.
    func assess(_ id: NodeID) async -> Assessment
    /// Does the work that the assessment found. Failing means throwing.
    func run(_ id: NodeID, _ assessment: Assessment, attempt: Int) async throws(NodeFailure)
    /// How often and after how long a failure that may pass is tried again; nil: not again.
    func pause(before attempt: Int, of id: NodeID, after failure: NodeFailure) -> Duration?
    /// How long the work of that graph may take; asked beside the work, and only when there is some.
    func estimate(_ graph: ExecutionGraph) async -> RunEstimate?
    /// Nodes that this one brought into the graph by being done.
    func growth(after id: NodeID) async -> [ExecutionNode]
    /// The node's log file for people, where it wrote one.
    func log(of id: NodeID) -> String?
    /// Called once for each node as it ends, before what needs it starts: the place for records.
    func ended(_ id: NodeID, _ result: NodeResult) async
}

/// Drives a schedule over real work: one task per running node, all events to one sink.
public struct Driver: Sendable {
    private let clock: any Clock
    private let worker: any NodeWorker
    private let sink: any EventSink

    public init(clock: any Clock, worker: any NodeWorker, sink: any EventSink) {
        self.clock = clock
        self.worker = worker
        self.sink = sink
    }

    /// Runs the graph to its end. `interrupts` carries signal numbers; the first one stops the run.
    public func run(
        _ graph: ExecutionGraph, run: String, limits: Schedule.Limits, interrupts: AsyncStream<Int32>
    ) async -> RunSummary {
        let start = clock.monotonicSeconds
        var schedule = Schedule(graph, limits: limits)
        var results: [(id: NodeID, result: NodeResult)] = []
        var interrupted = false
        let (work, announce) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        emit(.started(run: run, nodes: graph.order, needs: graph.needs))
        await withTaskGroup(of: Message.self) { group in
            group.addTask { await Self.firstInterrupt(of: interrupts) }
            group.addTask { await self.estimate(graph, once: work) }
            var pending = schedule.handle(.begin)
            var concluded = false
            while !concluded {
                for command in pending {
                    switch command {
                    case .start(let id):
                        group.addTask { await self.perform(id, announce) }
                    case .hold(let id): emit(.ready(id))
                    case .settle(let id, let result):
                        results.append((id, result))
                        await settle(id, result)
                    case .conclude: concluded = true
                    }
                }
                pending = []
                if concluded { break }
                guard let message = await group.next() else { break }
                switch message {
                case .finished(let id, let result, let added):
                    results.append((id, result))
                    await settle(id, result)
                    if !added.isEmpty { pending += schedule.handle(.grew(added)) }
                    pending += schedule.handle(.finished(id, result))
                case .interrupted(let signal):
                    interrupted = true
                    // Before it is told: whoever hears of it must not see work begin afterwards.
                    group.cancelAll()
                    emit(.interrupted(signal: signal))
                    pending += schedule.handle(.interrupted)
                case .estimated(let estimate): if let estimate, !interrupted { emit(.estimated(estimate)) }
                case .silence: break
                }
            }
            announce.finish()
            group.cancelAll()
        }
        let failed = results.contains { $0.result.status == .failed }
        // A program that has the terminal gets Ctrl-C itself, and may have ended before we heard of it.
        let wasCancelled = results.contains { $0.result.status == .cancelled }
        let summary = RunSummary(
            run: run, status: interrupted ? .cancelled : failed ? .failed : wasCancelled ? .cancelled : .done,
            seconds: clock.monotonicSeconds - start, nodes: results)
        emit(.ended(summary))
        return summary
    }

    private enum Message: Sendable {
        case finished(NodeID, NodeResult, growth: [ExecutionNode])
        case interrupted(Int32)
        case estimated(RunEstimate?)
        case silence
    }

    /// Waits until there is work: a run with nothing to do is not worth an estimate.
    private func estimate(_ graph: ExecutionGraph, once work: AsyncStream<Void>) async -> Message {
        for await _ in work { return .estimated(await worker.estimate(graph)) }
        return .silence
    }

    private static func firstInterrupt(of interrupts: AsyncStream<Int32>) async -> Message {
        for await signal in interrupts { return .interrupted(signal) }
        return .silence
    }

    private func emit(_ event: RunEvent) { sink.handle(event, at: clock.monotonicSeconds) }

    private func settle(_ id: NodeID, _ result: NodeResult) async {
        await worker.ended(id, result)
        emit(.finished(id, result))
    }

    /// One node from its assessment to its end, tries included.
    private func perform(_ id: NodeID, _ announce: AsyncStream<Void>.Continuation) async -> Message {
        let start = clock.monotonicSeconds
        let assessment = await worker.assess(id)
        switch assessment {
        case .upToDate(let reason): return await finished(id, NodeResult(.upToDate, reason))
        case .skipped(let reason): return await finished(id, NodeResult(.skipped, reason))
        case .blocked(let failure):
            return .finished(
                id, NodeResult(status(failure), failure.message, failure: failure, cause: failure.cause), growth: [])
        case .work, .unknown: break
        }
        // An interrupt that came during the look: what it found is not begun.
        if Task.isCancelled { return .finished(id, NodeResult(.cancelled, "cancelled before it started"), growth: []) }
        announce.yield()
        var attempt = 1
        while true {
            emit(.running(id, action: assessment.action, reason: assessment.reason, attempt: attempt))
            let failure: NodeFailure
            do {
                try await worker.run(id, assessment, attempt: attempt)
                let seconds = clock.monotonicSeconds - start
                return await finished(
                    id,
                    NodeResult(
                        .done, assessment.reason, seconds: seconds, attempts: attempt, log: worker.log(of: id)))
            } catch { failure = error }
            if failure.kind != .cancelled, !Task.isCancelled,
                let pause = worker.pause(before: attempt + 1, of: id, after: failure)
            {
                emit(.retrying(id, failure: failure, after: pause.seconds))
                if (try? await clock.sleep(for: pause)) != nil, !Task.isCancelled {
                    attempt += 1
                    continue
                }
            }
            return .finished(
                id,
                NodeResult(
                    status(failure), failure.message, seconds: clock.monotonicSeconds - start, attempts: attempt,
                    failure: failure, cause: failure.cause, log: worker.log(of: id)), growth: [])
        }
    }

    private func status(_ failure: NodeFailure) -> NodeResult.Status {
        if failure.kind == .cancelled || Task.isCancelled { return .cancelled }
        return failure.cause == nil ? .failed : .skipped
    }

    private func finished(_ id: NodeID, _ result: NodeResult) async -> Message {
        .finished(id, result, growth: await worker.growth(after: id))
    }
}
