import Synchronization

/// Set once, on any thread.
final class Mark: Sendable {
    private let content = Mutex(false)

    var isSet: Bool { content.withLock { $0 } }

    func set() { content.withLock { $0 = true } }
}
