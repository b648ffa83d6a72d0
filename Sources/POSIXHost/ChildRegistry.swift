import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The children of `run` that live now, so that all can be ended at once.
final class ChildRegistry: Sendable {
    static let shared = ChildRegistry()

    private struct State {
        /// Process id → whether it leads a group of its own.
        var children: [pid_t: Bool] = [:]
        /// Counts the massacres.
        var generation = 0
        var stopSignal = SIGTERM
    }

    private let state = Mutex(State())

    /// To be taken before a child is started, and shown when it is registered.
    var generation: Int { state.withLock { $0.generation } }

    /// What a child gets first when it is to end because we are.
    var stopSignal: Int32 {
        get { state.withLock { $0.stopSignal } }
        set { state.withLock { $0.stopSignal = newValue } }
    }

    /// Registers a child; one that was being started while all others were killed is killed now.
    func register(_ child: pid_t, leadsGroup: Bool, generation: Int) {
        state.withLock { state in
            state.children[child] = leadsGroup
            if state.generation != generation { kill(leadsGroup ? -child : child, SIGKILL) }
        }
    }

    func remove(_ child: pid_t) { state.withLock { _ = $0.children.removeValue(forKey: child) } }

    /// Sends the signal to every child's group. One call at a time, and no child is reaped meanwhile
    /// and still listed, so no stranger is hit.
    func signal(_ signal: Int32) {
        state.withLock { state in
            if signal == SIGKILL { state.generation += 1 }
            for (child, leadsGroup) in state.children where leadsGroup || signal != SIGTSTP {
                kill(leadsGroup ? -child : child, signal)
            }
        }
    }
}
