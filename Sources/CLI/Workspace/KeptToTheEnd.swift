import Synchronization

/// What a command has read stays until the program ends: to take the nodes of a large workspace apart one by one, only to
/// give the memory back a moment before the system does, costs a tenth of a `plan`.
enum KeptToTheEnd {
    private static let kept = Mutex<[any Sendable]>([])

    static func keep(_ value: some Sendable) { kept.withLock { $0.append(value) } }
}
