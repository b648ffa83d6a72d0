/// A small dictionary that remembers the order in which its keys came: what a manifest's sections are.
public struct OrderedMap<Key: Hashable & Sendable, Value: Sendable>: Sendable, Sequence {
    public private(set) var keys: [Key] = []
    private var values: [Key: Value] = [:]

    public init() {}

    public subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
            } else if values.removeValue(forKey: key) != nil {
                keys.removeAll { $0 == key }
            }
        }
    }

    public var count: Int { keys.count }
    public var isEmpty: Bool { keys.isEmpty }

    public func makeIterator() -> AnyIterator<(key: Key, value: Value)> {
        var index = 0
        return AnyIterator {
            guard index < keys.count else { return nil }
            defer { index += 1 }
            return (keys[index], values[keys[index]]!)
        }
    }
}
