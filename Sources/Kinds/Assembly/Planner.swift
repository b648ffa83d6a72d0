import HostInterfaces
import State
public import Execution
import Synchronization

/// Looks at every node without changing anything. A node that comes after work is looked at with that in mind.
public struct Planner: Sendable {
    private let run: RunWorkspace

    public init(_ run: RunWorkspace) { self.run = run }

    /// The plan in an order that respects the edges. Nodes of one rank are looked at together.
    /// `explaining` chooses the nodes for which everything that was compared is told.
    public func plan(
        _ graph: ExecutionGraph, explaining: (NodeID, Assessment) -> Bool = { _, _ in false }
    ) async -> Plan {
        var assessments = [NodeID: Assessment](minimumCapacity: graph.order.count)
        var pending: Set<NodeID> = []
        // An estimate beside a run is not worth the wait once the run has ended.
        for rank in graph.ranks where !Task.isCancelled {
            for (id, assessment) in await assess(rank, pending) {
                assessments[id] = assessment
                if assessment.isWork { pending.insert(id) }
            }
        }
        var entries: [Plan.Entry] = []
        entries.reserveCapacity(graph.order.count)
        for id in graph.order {
            guard let node = graph.nodes[id] else { continue }
            entries.append(Plan.Entry(node: node, assessment: assessments[id] ?? .upToDate("")))
        }
        for index in entries.indices where explaining(entries[index].node.id, entries[index].assessment) {
            entries[index].explanation = await Explanation(run: run, id: entries[index].node.id, pending: pending)
                .lines()
        }
        return summarize(entries, work: pending, graph)
    }

    /// Looks at so many at once that wait for answers of others.
    private static let waitingLookers = 32
    /// Looks that wait for nothing begin on one thread; the other cores join when so many seconds have not been enough:
    /// starting them takes as long as a hundred looks at little.
    private static let patience = 0.000_5

    private func assess(_ rank: [NodeID], _ pending: Set<NodeID>) async -> [(NodeID, Assessment)] {
        let nodes = run.workspace.nodes
        let waiting = rank.filter { nodes[$0]?.mayWait == true }
        let others = waiting.isEmpty ? rank : rank.filter { nodes[$0]?.mayWait != true }
        let nextWaiting = Counter()
        let next = Counter()
        let clock = run.host.clock
        return await withTaskGroup(of: [(NodeID, Assessment)].self) { group in
            for _ in 0..<min(waiting.count, Self.waitingLookers) {
                group.addTask { await look(at: waiting, nextWaiting, pending) }
            }
            var found: [(NodeID, Assessment)] = []
            var end: Double? = clock.monotonicSeconds + Self.patience
            while case let place = next.take(), place < others.count {
                found.append((others[place], await run.assess(others[place], isPlanning: true, pending: pending)))
                guard let limit = end, clock.monotonicSeconds > limit else { continue }
                end = nil
                for _ in 1..<max(min(run.settings.jobs, others.count - place), 1) {
                    group.addTask { await look(at: others, next, pending) }
                }
            }
            return await group.reduce(into: found) { $0 += $1 }
        }
    }

    /// Looks at one after the other, as long as there is one at which nobody else looks.
    private func look(
        at nodes: [NodeID], _ next: Counter, _ pending: Set<NodeID>
    ) async -> [(NodeID, Assessment)] {
        var found: [(NodeID, Assessment)] = []
        while case let place = next.take(), place < nodes.count {
            found.append((nodes[place], await run.assess(nodes[place], isPlanning: true, pending: pending)))
        }
        return found
    }

    /// The critical path and the time of what is to be done.
    private func summarize(_ entries: [Plan.Entry], work: Set<NodeID>, _ graph: ExecutionGraph) -> Plan {
        guard !work.isEmpty else { return Plan(entries: entries, criticalPath: [], expectedSeconds: 0) }
        let path = graph.criticalPath(among: work)
        let longest = path.compactMap { graph.nodes[$0]?.expectedSeconds }.reduce(0, +)
        var total = 0.0
        var isKnown = false
        for index in entries.indices where entries[index].assessment.isWork {
            total += entries[index].node.expectedSeconds
            isKnown = isKnown || run.journal.expectedSeconds(entries[index].node.id.description) != nil
        }
        return Plan(
            entries: entries, criticalPath: path,
            expectedSeconds: isKnown ? max(longest, total / Double(max(run.settings.jobs, 1))) : nil)
    }
}

/// Gives out 0, 1, 2 … to whoever asks, each once.
private final class Counter: Sendable {
    private let value = Atomic(0)

    func take() -> Int { value.add(1, ordering: .relaxed).oldValue }
}
