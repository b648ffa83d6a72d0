import State
public import Execution

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
        for rank in ranks(of: graph) where !Task.isCancelled {
            let before = pending
            let found = await withTaskGroup(of: (NodeID, Assessment).self) { group in
                for id in rank { group.addTask { (id, await assess(id, before)) } }
                var found: [(NodeID, Assessment)] = []
                for await pair in group { found.append(pair) }
                return found
            }
            for (id, assessment) in found {
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
        return summarize(entries)
    }

    private func assess(_ id: NodeID, _ pending: Set<NodeID>) async -> Assessment {
        guard let node = run.workspace.nodes[id] else { return .upToDate("") }
        if let reason = node.common.reasonAgainst(run.host) { return .skipped(reason) }
        return await node.assess(run.context(id, isPlanning: true, pending: pending))
            .noting(failure: run.failedLastTime(id))
    }

    /// The nodes by the length of the longest chain below them.
    private func ranks(of graph: ExecutionGraph) -> [[NodeID]] {
        var rank: [NodeID: Int] = [:]
        var ranks: [[NodeID]] = []
        for id in graph.order {
            let own = (graph.nodes[id]?.edges.compactMap { rank[$0.need] }.max() ?? -1) + 1
            rank[id] = own
            if own == ranks.count { ranks.append([]) }
            ranks[own].append(id)
        }
        return ranks
    }

    /// The critical path and the time of what is to be done.
    private func summarize(_ entries: [Plan.Entry]) -> Plan {
        let work = entries.filter { $0.assessment.isWork }
        guard !work.isEmpty, let graph = try? ExecutionGraph(work.map(\.node)) else {
            return Plan(entries: entries, criticalPath: [], expectedSeconds: work.isEmpty ? 0 : nil)
        }
        let path = graph.criticalPath
        let longest = path.compactMap { graph.nodes[$0]?.expectedSeconds }.reduce(0, +)
        let total = work.map(\.node.expectedSeconds).reduce(0, +)
        let known = work.contains { run.journal.expectedSeconds($0.node.id.description) != nil }
        return Plan(
            entries: entries, criticalPath: path,
            expectedSeconds: known ? max(longest, total / Double(max(run.settings.jobs, 1))) : nil)
    }
}
