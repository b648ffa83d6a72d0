import Execution
import HostFakes

/// Forms of graphs, from which a seed draws one. Nodes are named by their numbers, and need smaller ones only.
enum GraphShape: Int, CaseIterable {
    case chain, diamonds, layered, wide, tree, random

    /// For each node the numbers of those it needs.
    func needs(_ count: Int, _ random: inout SeededGenerator) -> [[Int]] {
        let width = random.within(2, 5)
        return (0..<count).map { node in
            if node == 0 { return [] }
            switch self {
            case .chain: return random.oneIn(8) ? [] : [node - 1]
            case .diamonds:
                // A head, so many beside each other, a foot that is the next head.
                let place = node % (width + 1)
                let head = node - place
                return place == 0 ? Array(max(0, node - width)..<node) : [head]
            case .layered:
                let layer = node / width
                if layer == 0 { return [] }
                return ((layer - 1) * width..<layer * width).filter { _ in !random.oneIn(3) }
            case .wide: return random.oneIn(10) ? [random.below(node)] : []
            case .tree: return [(node - 1) / width]
            case .random: return (max(0, node - 12)..<node).filter { _ in random.oneIn(6) }
            }
        }
    }
}

extension NodeID {
    /// A node of a simulation.
    init(number: Int) { self.init("step", String(number)) }

    /// Its number in a simulation.
    var number: Int { Int(name) ?? -1 }
}
