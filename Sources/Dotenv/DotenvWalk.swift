extension DotenvDocument {
    /// Where a walk through the keys is; a new one begins before the first.
    public struct Walk: Sendable {
        fileprivate var place = none

        public init() {}
    }

    /// Whether the key's value stands there as exactly this text.
    public func isRaw(_ text: String, at key: String) -> Bool {
        places[key].map { isRaw(text, at: $0.last) } ?? false
    }

    /// The same for whoever asks for the keys in their order, or nearly so: the next one is not searched for.
    public func isRaw(_ text: String, at key: String, _ walk: inout Walk) -> Bool {
        var place = walk.place == Self.none ? first : nodes[walk.place].next
        while place != Self.none, nodes[place].line.entry == nil { place = nodes[place].next }
        if place == Self.none || hasDuplicates || nodes[place].line.entry?.key != key {
            guard let found = places[key]?.last else { return false }
            place = found
        }
        walk.place = place
        return isRaw(text, at: place)
    }

    private func isRaw(_ text: String, at place: Int) -> Bool {
        guard let range = nodes[place].line.entry?.value, range.count == text.utf8.count else { return false }
        let bytes = nodes[place].line.bytes
        let isSame = text.utf8.withContiguousStorageIfAvailable { text in
            text.indices.allSatisfy { text[$0] == bytes[range.lowerBound + $0] }
        }
        return isSame ?? bytes[range].elementsEqual(text.utf8)
    }
}
