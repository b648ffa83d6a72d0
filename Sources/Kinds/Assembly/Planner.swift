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
        var assessments: [NodeID: Assessment] = [:]
        var pending: Set<NodeID> = []
        // An estimate beside a run is not worth the wait once the run has ended.
        for rank in graph.ranks where !Task.isCancelled {
            let before = pending
            for (id, assessment) in await assess(rank, before) {
                assessments[id] = assessment
                if assessment.isWork { pending.insert(id) }
            }
        }
        var entries = graph.order.compactMap { id in
            graph.nodes[id].map { Plan.Entry(node: $0, assessment: assessments[id] ?? .upToDate("")) }
        }
        for index in entries.indices where explaining(entries[index].node.id, entries[index].assessment) {
            entries[index].explanation = await Explanation(run: run, id: entries[index].node.id, pending: pending)
                .lines()
        }
        return summarize(entries, work: pending, graph)
    }

    /// Looks at so many at once: enough for all that wait for answers of programs, and a task for each of thousands
    /// would cost more than the look.
    private static let lookers = 32

    private func assess(_ rank: [NodeID], _ pending: Set<NodeID>) async -> [(NodeID, Assessment)] {
        let next = Counter()
        return await withTaskGroup(of: [(NodeID, Assessment)].self) { group in
            for _ in 0..<min(rank.count, Self.lookers) {
                group.addTask {
                    var found: [(NodeID, Assessment)] = []
                    while case let place = next.take(), place < rank.count {
                        let id = rank[place]
                        found.append((id, await run.assess(id, isPlanning: true, pending: pending)))
                    }
                    return found
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// The critical path and the time of what is to be done.
    private func summarize(_ entries: [Plan.Entry], work: Set<NodeID>, _ graph: ExecutionGraph) -> Plan {
        guard !work.isEmpty else { return Plan(entries: entries, criticalPath: [], expectedSeconds: 0) }
        let path = graph.criticalPath(among: work)
        let longest = path.compactMap { graph.nodes[$0]?.expectedSeconds }.reduce(0, +)
        var total = 0.0
        var isKnown = false
        for entry in entries where entry.assessment.isWork {
            total += entry.node.expectedSeconds
            isKnown = isKnown || run.journal.expectedSeconds(entry.node.id.description) != nil
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
