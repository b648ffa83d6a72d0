import Synchronization

/// Up until it is lowered, once.
final class Flag: Sendable {
    private let isUp = Mutex(true)

    /// Whether it was up.
    func lower() -> Bool {
        isUp.withLock { isUp in
            defer { isUp = false }
            return isUp
        }
    }
}
