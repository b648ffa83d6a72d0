/// A directed graph over nodes of any name: an edge goes from a node to one that it needs.
public struct Graph<Node: Hashable & Comparable & Sendable>: Sendable {
    /// What each node needs, in the order in which the edges were added.
    public private(set) var needs: [Node: [Node]] = [:]

    public init() {}

    /// Adds a node; one that is there already keeps its edges.
    public mutating func add(_ node: Node) { if needs[node] == nil { needs[node] = [] } }

    /// Adds an edge, once; `need` becomes a node where it is none.
    public mutating func addEdge(from node: Node, to need: Node) {
        add(need)
        if !needs[node, default: []].contains(need) { needs[node, default: []].append(need) }
    }

    /// The nodes that need each node.
    public var dependents: [Node: [Node]] {
        var dependents = needs.mapValues { _ in [Node]() }
        for (node, needed) in needs { for need in needed { dependents[need, default: []].append(node) } }
        return dependents
    }

    /// The given nodes and all that they need, directly or not.
    public func closure(of roots: some Sequence<Node>) -> Set<Node> {
        var reached: Set<Node> = []
        var open = Array(roots)
        while let node = open.popLast() {
            if reached.insert(node).inserted { open += needs[node] ?? [] }
        }
        return reached
    }

    /// One cycle, as a path whose last node needs its first; nil when there is none.
    /// Iterative, so that a chain of 100,000 nodes is no deep recursion.
    public var cycle: [Node]? {
        var finished: Set<Node> = []
        for start in needs.keys.sorted() where !finished.contains(start) {
            var path: [(node: Node, next: Int)] = [(start, 0)]
            var onPath: [Node: Int] = [start: 0]
            while let (node, next) = path.last {
                let needed = needs[node] ?? []
                if next == needed.count {
                    finished.insert(node)
                    onPath[node] = nil
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let need = needed[next]
                if let position = onPath[need] { return path[position...].map(\.node) }
                if !finished.contains(need) {
                    onPath[need] = path.count
                    path.append((need, 0))
                }
            }
        }
        return nil
    }

    /// The nodes so ordered that each comes after all it needs; ties by name. Nodes of a cycle are left out.
    public var sorted: [Node] {
        var waiting = needs.mapValues(\.count)
        let dependents = dependents
        var ready = needs.keys.filter { waiting[$0] == 0 }.sorted()
        var order: [Node] = []
        var position = 0
        while position < ready.count {
            let node = ready[position]
            position += 1
            order.append(node)
            for dependent in (dependents[node] ?? []).sorted() {
                waiting[dependent]! -= 1
                if waiting[dependent] == 0 { ready.append(dependent) }
            }
        }
        return order
    }

    /// The nodes that no order can place: those on a cycle or behind one.
    public var unplaceable: Set<Node> { Set(needs.keys).subtracting(sorted) }
}
