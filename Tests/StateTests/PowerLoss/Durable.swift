/// What may stand on a disk: values by name, with what is certain told apart from what was only tried.
struct Durable<Value: Hashable> {
    /// Survives a loss of power.
    private(set) var certain: [String: Value] = [:]
    /// What a running process sees.
    private(set) var current: [String: Value] = [:]
    /// Values that were written since, and that a loss of power may leave or take; nil stands for none.
    private(set) var tried: [String: Set<Value?>] = [:]

    /// Something was called to set it, whatever came of it.
    mutating func attempt(_ name: String, _ value: Value?) { tried[name, default: []].insert(value) }

    /// What is seen now; returns whether that can be.
    mutating func see(_ name: String, _ value: Value?, attempted: Value?? = nil) -> Bool {
        let fits = value == current[name] || attempted.map { $0 == value } ?? false
        current[name] = value
        return fits
    }

    /// A call that makes all of it durable has returned.
    mutating func settle() {
        certain = current
        tried = [:]
    }

    /// The power was lost, and this is found; returns whether that can be.
    mutating func find(_ name: String, _ value: Value?) -> Bool {
        let fits = value == certain[name] || tried[name]?.contains(value) ?? false
        current[name] = value
        return fits
    }
}
