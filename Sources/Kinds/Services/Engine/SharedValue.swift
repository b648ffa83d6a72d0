import Synchronization

/// A value that several tasks look at and change.
final class SharedValue<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    /// Changes it, and returns what the body tells.
    func change<Told: Sendable>(_ body: (inout Value) -> Told) -> Told {
        state.withLock { value in
            // A copy: what is behind the lock can't be handed to a body of which nothing is known.
            var copy = value
            let told = body(&copy)
            value = copy
            return told
        }
    }
}
