import Execution

/// Work outside a run that a signal ends in good order.
enum Interruptible {
    /// Cancels the work at the first signal, and waits until it has put back what it had begun. `signal` is that signal.
    static func run<Value: Sendable>(
        _ session: Session, _ body: @escaping @Sendable () async throws(NodeFailure) -> Value
    ) async -> (result: Result<Value, NodeFailure>, signal: Int32?) {
        let work = Task { () -> Result<Value, NodeFailure> in
            do throws(NodeFailure) { return .success(try await body()) } catch { return .failure(error) }
        }
        let interrupts = session.interrupts()
        let watch = Task { () -> Int32? in
            for await signal in interrupts {
                session.say("stopping; services that ran are started again")
                work.cancel()
                return signal
            }
            return nil
        }
        let result = await work.value
        watch.cancel()
        return (result, await watch.value)
    }
}
