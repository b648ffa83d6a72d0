public import Base

/// Why one node waits for another.
public struct Edge: Hashable, Sendable {
    public var need: NodeID
    /// In words: "written in needs", "runs in the repository".
    public var reason: String
    /// Written edges pull an unselected node in; inferred ones to it are dropped.
    public var isWritten: Bool

    public init(_ need: NodeID, _ reason: String, isWritten: Bool = false) {
        self.need = need
        self.reason = reason
        self.isWritten = isWritten
    }
}

/// What bounds how many nodes of a sort run at once.
public enum Pool: String, Hashable, Sendable, CaseIterable {
    /// Work of this machine: bounded by `--jobs`.
    case processor
    /// Waiting for others: clones, downloads, services.
    case network
    /// Has the terminal to itself.
    case interactive
}

/// One node as the scheduler sees it: a name with edges and a few numbers.
public struct ExecutionNode: Hashable, Sendable {
    public var id: NodeID
    public var edges: [Edge]
    public var pool: Pool
    /// Nodes that share one of these never overlap.
    public var locks: [String]
    /// From earlier runs, or a default of the kind.
    public var expectedSeconds: Double

    public init(
        _ id: NodeID, edges: [Edge] = [], pool: Pool = .processor, locks: [String] = [], expectedSeconds: Double = 0.1
    ) {
        self.id = id
        self.edges = edges
        self.pool = pool
        self.locks = locks
        self.expectedSeconds = expectedSeconds
    }
}

/// The selected nodes with their edges; every edge leads to a node that is here.
public struct ExecutionGraph: Sendable {
    public private(set) var nodes: [NodeID: ExecutionNode] = [:]

    /// Fails with the cycle, in order, when there is one. Edges to nodes that are not here are dropped.
    public init(_ nodes: some Sequence<ExecutionNode>) throws(CycleError) {
        let known = Set(nodes.map(\.id))
        for node in nodes {
            var node = node
            var seen: Set<NodeID> = [node.id]
            node.edges.removeAll { !known.contains($0.need) || !seen.insert($0.need).inserted }
            self.nodes[node.id] = node
        }
        if let cycle = graph.cycle { throw CycleError(nodes: cycle) }
    }

    /// The same as a bare graph.
    public var graph: Graph<NodeID> {
        var graph = Graph<NodeID>()
        for node in nodes.values {
            graph.add(node.id)
            for edge in node.edges { graph.addEdge(from: node.id, to: edge.need) }
        }
        return graph
    }

    /// Each node after all it needs; ties by name.
    public var order: [NodeID] { graph.sorted }

    /// The longest way from each node to the end, in seconds, itself included: the scheduler's priority.
    public var remainingSeconds: [NodeID: Double] {
        let graph = graph
        let dependents = graph.dependents
        var remaining: [NodeID: Double] = [:]
        for id in graph.sorted.reversed() {
            let after = (dependents[id] ?? []).compactMap { remaining[$0] }.max() ?? 0
            remaining[id] = after + (nodes[id]?.expectedSeconds ?? 0)
        }
        return remaining
    }

    /// The chain of nodes that takes longest, first to last.
    public var criticalPath: [NodeID] {
        let remaining = remainingSeconds
        let dependents = graph.dependents
        var path: [NodeID] = []
        var next = remaining.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        while let id = next {
            path.append(id)
            next = (dependents[id] ?? []).max { (remaining[$0] ?? 0, $1) < (remaining[$1] ?? 0, $0) }
        }
        return path
    }
}

/// A circle of nodes that wait for each other; the last needs the first.
public struct CycleError: Error, Hashable, Sendable {
    public let nodes: [NodeID]
}

extension CycleError: CustomStringConvertible {
    public var description: String {
        (nodes + nodes.prefix(1)).map(\.description).joined(separator: " → ")
    }
}
