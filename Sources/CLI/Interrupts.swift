import POSIXHost

/// What asks the program to stop.
enum Interrupts {
    /// The first signal is handed on; the second kills every child and ends the program at once.
    @Sendable static func stream() -> AsyncStream<Int32> {
        let source = SignalSource([.interrupt, .terminate, .hangUp, .quit])
        return AsyncStream { continuation in
            let task = Task {
                var isSecond = false
                for await signal in source.signals {
                    if isSecond {
                        POSIXHost.killAllChildren()
                        POSIXHost.restoreTerminal()
                        POSIXHost.reraise(signal)
                    }
                    isSecond = true
                    POSIXHost.passOn(signal)
                    continuation.yield(signal.number)
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in
                // The signals keep their handler until the program ends, so that a late one is not lost.
                _ = task
            }
        }
    }
}
