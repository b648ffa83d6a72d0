import POSIXHost
import Synchronization

/// What asks the program to stop.
enum Interrupts {
    /// The first signal is handed on; the second kills every child and ends the program at once. The signals keep
    /// their handler until the program ends, so that a late one is not lost.
    @Sendable static func stream() -> AsyncStream<Int32> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        let interrupts = Interrupted(continuation)
        _ = SignalSource([.interrupt, .terminate, .hangUp, .quit]) { interrupts.receive($0) }
        return stream
    }
}

private final class Interrupted: Sendable {
    private let isSecond = Mutex(false)
    private let continuation: AsyncStream<Int32>.Continuation

    init(_ continuation: AsyncStream<Int32>.Continuation) { self.continuation = continuation }

    func receive(_ signal: HostSignal) {
        let isSecond = isSecond.withLock { isSecond in
            defer { isSecond = true }
            return isSecond
        }
        if isSecond { POSIXHost.killAndEnd(by: signal) }
        POSIXHost.passOn(signal)
        continuation.yield(signal.number)
    }
}

extension Interrupts {
    /// While another program has the terminal, its keys' signals are for that program, which gets them too.
    static func leaveToChild() { _ = SignalSource([.interrupt, .quit]) { _ in } }
}
