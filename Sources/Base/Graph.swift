/// A directed graph over nodes of any name: an edge goes from a node to one that it needs. Made once, then only asked:
/// inside, a node is its position among all nodes by name, so that no question hashes a name again. Inlinable, because
/// a graph of unknown nodes costs a tenth of an `up` with nothing to do.
public struct Graph<Node: Hashable & Comparable & Sendable>: Sendable {
    /// All nodes, by name.
    @usableFromInline let nodes: [Node]
    /// For each node the positions of what it needs, in the order given.
    @usableFromInline let needs: [[Int]]
    /// For each node the positions of those that need it, by name.
    @usableFromInline let dependents: [[Int]]
    /// Positions, each after all it needs.
    @usableFromInline let sorted: [Int]

    /// From each node to what it needs; what is only needed becomes a node too. An edge counts once.
    @inlinable
    public init(_ edges: [Node: [Node]]) {
        let nodes = Set(edges.keys).union(edges.values.joined()).sorted()
        let position = Dictionary(uniqueKeysWithValues: zip(nodes, nodes.indices))
        var dependents = Array(repeating: [Int](), count: nodes.count)
        var needs = dependents
        for (index, node) in nodes.enumerated() {
            for need in edges[node] ?? [] {
                guard let place = position[need], dependents[place].last != index else { continue }
                needs[index].append(place)
                dependents[place].append(index)
            }
        }
        self.nodes = nodes
        self.needs = needs
        self.dependents = dependents
        sorted = Self.sorted(needs, dependents)
    }

    /// The nodes so ordered that each comes after all it needs; ties by name. Nodes of a cycle, and those behind one,
    /// are left out.
    @inlinable
    public var order: [Node] { sorted.map { nodes[$0] } }

    @inlinable
    static func sorted(_ needs: [[Int]], _ dependents: [[Int]]) -> [Int] {
        var waiting = needs.map(\.count)
        var order = waiting.indices.filter { waiting[$0] == 0 }
        var position = 0
        while position < order.count {
            for dependent in dependents[order[position]] {
                waiting[dependent] -= 1
                if waiting[dependent] == 0 { order.append(dependent) }
            }
            position += 1
        }
        return order
    }

    /// One cycle, as a path whose last node needs its first; nil when there is none.
    @inlinable
    public var cycle: [Node]? {
        guard sorted.count < nodes.count else { return nil }
        let placed = Set(sorted)
        // A node that no order can place needs another such node: walking from need to need comes round.
        var path: [Int] = []
        var onPath: [Int: Int] = [:]
        var next = nodes.indices.first { !placed.contains($0) }
        while let node = next {
            if let start = onPath[node] { return path[start...].map { nodes[$0] } }
            onPath[node] = path.count
            path.append(node)
            next = needs[node].first { !placed.contains($0) }
        }
        return nil
    }

    /// For each node the longest way to one that nothing needs: the sum of the weights on it, its own included.
    @inlinable
    public func longestWays(weight: (Node) -> Double) -> [Node: Double] {
        let ways = ways(weight)
        return Dictionary(uniqueKeysWithValues: sorted.map { (nodes[$0], ways[$0]) })
    }

    /// The longest way of all, first to last; ties by name.
    @inlinable
    public func longestWay(weight: (Node) -> Double) -> [Node] {
        let ways = ways(weight)
        // The first of equals is the first by name.
        func longest(_ positions: some Sequence<Int>) -> Int? {
            positions.reduce(nil) { best, each in best.map { ways[each] > ways[$0] ? each : $0 } ?? each }
        }
        var way: [Node] = []
        var next = longest(nodes.indices)
        while let node = next {
            way.append(nodes[node])
            next = longest(dependents[node])
        }
        return way
    }

    @inlinable
    func ways(_ weight: (Node) -> Double) -> [Double] {
        var ways = Array(repeating: 0.0, count: nodes.count)
        for node in sorted.reversed() {
            ways[node] = weight(nodes[node]) + (dependents[node].map { ways[$0] }.max() ?? 0)
        }
        return ways
    }
}
