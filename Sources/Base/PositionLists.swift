/// Lists of positions, one after the other in one array: what a graph of ten thousand nodes would else keep in as many
/// arrays.
@usableFromInline
struct PositionLists: Sendable {
    @usableFromInline var positions: [Int] = []
    /// Where each list begins, and where the last one ends.
    @usableFromInline var bounds = [0]

    @inlinable
    init() {}

    @inlinable
    var count: Int { bounds.count - 1 }

    @inlinable
    subscript(index: Int) -> ArraySlice<Int> { positions[bounds[index]..<bounds[index + 1]] }

    /// Adds to the list that is not ended yet.
    @inlinable
    mutating func append(_ position: Int) { positions.append(position) }

    @inlinable
    mutating func endList() { bounds.append(positions.count) }

    /// For each position the lists that hold it, in order.
    @inlinable
    var inverted: PositionLists {
        var result = PositionLists()
        result.bounds = Array(repeating: 0, count: bounds.count)
        result.positions = Array(repeating: 0, count: positions.count)
        for position in positions { result.bounds[position + 1] += 1 }
        for index in 0..<count { result.bounds[index + 1] += result.bounds[index] }
        var next = result.bounds
        for list in 0..<count {
            for position in self[list] {
                result.positions[next[position]] = list
                next[position] += 1
            }
        }
        return result
    }
}
