/// A small dictionary that remembers the order in which its keys came: what a manifest's sections are.
///
/// Its code is made anew in each room for that room's types, since without that every access asks for them again.
public struct OrderedMap<Key: Hashable & Sendable, Value: Sendable>: Sendable, Sequence {
    @usableFromInline var order: [Key] = []
    @usableFromInline var values: [Key: Value] = [:]

    @inlinable public init() {}

    @inlinable public subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: key) == nil { order.append(key) }
            } else if values.removeValue(forKey: key) != nil {
                order.removeAll { $0 == key }
            }
        }
    }

    @inlinable public var keys: [Key] { order }
    @inlinable public var count: Int { order.count }
    @inlinable public var isEmpty: Bool { order.isEmpty }

    /// Walks over the pairs in their order.
    public struct Iterator: IteratorProtocol {
        @usableFromInline let map: OrderedMap
        @usableFromInline var index = 0

        @inlinable init(_ map: OrderedMap) { self.map = map }

        @inlinable public mutating func next() -> (key: Key, value: Value)? {
            guard index < map.order.count else { return nil }
            defer { index += 1 }
            let key = map.order[index]
            return map.values[key].map { (key, $0) }
        }
    }

    @inlinable public func makeIterator() -> Iterator { Iterator(self) }
}
