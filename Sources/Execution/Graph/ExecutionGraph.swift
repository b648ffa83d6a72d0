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
    /// Moving bytes over the network: clones, downloads.
    case network
    /// Watching what works by itself, such as a service that starts. It takes no place from anybody, so there is no
    /// bound.
    case waiting
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
    /// Whether it failed when it was last tried: then it goes first, with all that it needs.
    public var failedLastTime: Bool

    public init(
        _ id: NodeID, edges: [Edge] = [], pool: Pool = .processor, locks: [String] = [], expectedSeconds: Double = 0.1,
        failedLastTime: Bool = false
    ) {
        self.id = id
        self.edges = edges
        self.pool = pool
        self.locks = locks
        self.expectedSeconds = expectedSeconds
        self.failedLastTime = failedLastTime
    }
}

/// The selected nodes with their edges; every edge leads to a node that is here.
public struct ExecutionGraph: Sendable {
    public let nodes: [NodeID: ExecutionNode]
    /// Each node after all it needs; ties by name.
    public let order: [NodeID]
    private let graph: Graph<NodeID>

    /// Fails with the cycle, in order, when there is one. Edges to nodes that are not here are dropped.
    public init(_ nodes: some Collection<ExecutionNode>) throws(CycleError) {
        var seen = Set<NodeID>(minimumCapacity: nodes.count)
        let sorted = nodes.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
        let graph = Graph(sorted: sorted.map(\.id)) { place in
            sorted[place].edges.lazy.map(\.need).filter { $0 != sorted[place].id }
        }
        try self.init(sorted, in: graph)
    }

    /// Nodes by name, and the graph of exactly these. Fails with the cycle, in order, when there is one.
    public init(_ sorted: [ExecutionNode], in graph: Graph<NodeID>) throws(CycleError) {
        if let cycle = graph.cycle { throw CycleError(nodes: cycle) }
        var known = [NodeID: ExecutionNode](minimumCapacity: sorted.count)
        for (place, node) in sorted.enumerated() {
            known[node.id] = node
            if graph.needs(at: place).count < node.edges.count {
                var seen: Set<NodeID> = [node.id]
                known[node.id]?.edges = node.edges.filter {
                    graph.position(of: $0.need) != nil && seen.insert($0.need).inserted
                }
            }
        }
        self.graph = graph
        nodes = known
        order = graph.order
    }

    /// The nodes by the length of the longest chain below them.
    public var ranks: [[NodeID]] { graph.ranks }

    /// For each node that needs some, those that it needs.
    public var needs: [NodeID: [NodeID]] {
        nodes.compactMapValues { $0.edges.isEmpty ? nil : $0.edges.map(\.need) }
    }

    /// What goes first when not all can: the longest way from each node to the end, in seconds, itself included. A node
    /// that failed last time counts as longer than everything else, and so do the ways that lead to it.
    public var priorities: [NodeID: Double] {
        graph.longestWays { seconds($0) + (nodes[$0]?.failedLastTime == true ? 1e9 : 0) }
    }

    /// The chain of these nodes that takes longest, first to last; the others take no part.
    public func criticalPath(among chosen: Set<NodeID>) -> [NodeID] {
        graph.longestWay { chosen.contains($0) ? seconds($0) : nil }
    }

    private func seconds(_ id: NodeID) -> Double { nodes[id]?.expectedSeconds ?? 0 }
}

/// A circle of nodes that wait for each other; the last needs the first.
public struct CycleError: Error, Hashable, Sendable {
    public let nodes: [NodeID]

    public init(nodes: [NodeID]) { self.nodes = nodes }
}

extension CycleError: CustomStringConvertible {
    public var description: String {
        (nodes + nodes.prefix(1)).map(\.description).joined(separator: " → ")
    }
}
