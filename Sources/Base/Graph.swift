/// A directed graph over nodes of any name: an edge goes from a node to one that it needs. Made once, then only asked:
/// inside, a node is its position among all nodes by name, so that no question hashes a name again. Inlinable, because
/// a graph of unknown nodes costs a tenth of an `up` with nothing to do.
public struct Graph<Node: Hashable & Comparable & Sendable>: Sendable {
    /// All nodes, by name.
    @usableFromInline let nodes: [Node]
    /// For each node the positions of what it needs, in the order given.
    @usableFromInline let needs: PositionLists
    /// For each node the positions of those that need it, by name.
    @usableFromInline let dependents: PositionLists
    /// Positions, each after all it needs.
    @usableFromInline let sorted: [Int]

    /// From each node to what it needs; what is only needed becomes a node too. An edge counts once.
    @inlinable
    public init(_ edges: [Node: [Node]]) {
        let nodes = Set(edges.keys).union(edges.values.joined()).sorted()
        self.init(sorted: nodes) { edges[nodes[$0]] ?? [] }
    }

    /// Nodes in order of their names, each once, and what the node at a position needs. An edge counts once, and one
    /// to a node that is not here not at all.
    @inlinable
    public init(sorted nodes: [Node], needs named: (Int) -> some Sequence<Node>) {
        let position = Dictionary(uniqueKeysWithValues: zip(nodes, nodes.indices))
        var needs = PositionLists()
        var lastToNeed = Array(repeating: -1, count: nodes.count)
        for index in nodes.indices {
            for need in named(index) {
                guard let place = position[need], lastToNeed[place] != index else { continue }
                lastToNeed[place] = index
                needs.append(place)
            }
            needs.endList()
        }
        self.nodes = nodes
        self.needs = needs
        dependents = needs.inverted
        sorted = Self.sorted(needs, dependents)
    }

    /// The nodes so ordered that each comes after all it needs; ties by name. Nodes of a cycle, and those behind one,
    /// are left out.
    @inlinable
    public var order: [Node] { sorted.map { nodes[$0] } }

    /// The nodes by the length of the longest chain of needs below them, each rank in order.
    @inlinable
    public var ranks: [[Node]] {
        var rank = Array(repeating: 0, count: nodes.count)
        var ranks: [[Node]] = []
        for place in sorted {
            for need in needs[place] { rank[place] = max(rank[place], rank[need] + 1) }
            if rank[place] == ranks.count { ranks.append([]) }
            ranks[rank[place]].append(nodes[place])
        }
        return ranks
    }

    /// Where a node stands among all by name; nil where it is not here.
    @inlinable
    public func position(of node: Node) -> Int? {
        var range = nodes.startIndex..<nodes.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if nodes[middle] == node { return middle }
            range = nodes[middle] < node ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// The positions of what the node at a position needs, in the order given.
    @inlinable
    public func needs(at position: Int) -> ArraySlice<Int> { needs[position] }

    @inlinable
    static func sorted(_ needs: PositionLists, _ dependents: PositionLists) -> [Int] {
        var waiting = (0..<needs.count).map { needs[$0].count }
        var order = waiting.indices.filter { waiting[$0] == 0 }
        order.reserveCapacity(waiting.count)
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
        let ways = ways(nodes.map { weight($0) })
        return Dictionary(uniqueKeysWithValues: sorted.map { (nodes[$0], ways[$0]) })
    }

    /// The longest way of all, first to last; ties by name. A node without a weight is on no way.
    @inlinable
    public func longestWay(weight: (Node) -> Double?) -> [Node] {
        let weights = nodes.map { weight($0) }
        let ways = ways(weights.map { $0 ?? -.infinity })
        // The first of equals is the first by name.
        func longest(_ positions: some Sequence<Int>) -> Int? {
            positions.reduce(nil) { best, each in
                if weights[each] == nil { return best }
                return best.map { ways[each] > ways[$0] ? each : $0 } ?? each
            }
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
    func ways(_ weights: [Double]) -> [Double] {
        var ways = Array(repeating: 0.0, count: nodes.count)
        for node in sorted.reversed() {
            ways[node] = weights[node] + dependents[node].reduce(0) { max($0, ways[$1]) }
        }
        return ways
    }
}
