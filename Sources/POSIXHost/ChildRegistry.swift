import CSpawn

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The children of `run` that live now, so that all can be stopped or ended at once.
///
/// A child exists a moment before its number is known. So each start is announced, and who wants to reach all of them
/// waits for those that are under way and lets no other begin.
final class ChildRegistry: Sendable {
    static let shared = ChildRegistry()

    /// How many seconds the next of the starts that are under way is waited for: a program on a dead network disk must
    /// not hold up the second Ctrl-C.
    private static let patience = 1

    private let waiting = Waiting()
    // All are touched only while `waiting` is locked.
    /// Process id → whether it leads a group of its own.
    private nonisolated(unsafe) var children: [pid_t: Bool] = [:]
    /// Starts that were begun and whose child is not listed yet.
    private nonisolated(unsafe) var starting = 0
    private nonisolated(unsafe) var isHeld = false
    private nonisolated(unsafe) var firstSignal = SIGTERM

    /// What a child gets first when it is to end because we are.
    var stopSignal: Int32 {
        get { locked { firstSignal } }
        set { locked { firstSignal = newValue } }
    }

    /// Starts a child, by the closure that returns its id, and lists it.
    func start<Failure>(leadsGroup: Bool, _ start: () throws(Failure) -> pid_t) throws(Failure) -> pid_t {
        locked {
            while isHeld { waiting.wait() }
            starting += 1
        }
        var child: pid_t?
        defer {
            locked {
                if let child { children[child] = leadsGroup }
                starting -= 1
                waiting.wakeAll()
            }
        }
        let started = try start()
        child = started
        return started
    }

    func remove(_ child: pid_t) { locked { _ = children.removeValue(forKey: child) } }

    /// Sends the signals to a child that the caller has not reaped or whose group still has members. Never to one that
    /// `withAll` has stopped: it would go on alone.
    func send(_ signals: [Int32], to target: pid_t) {
        locked { for signal in signals { kill(target, signal) } }
    }

    /// Runs the body while no child is being started, none can be, none is sent a signal by others and none leaves the
    /// list. The body must not wait for any of that.
    func withAll<Value>(_ body: (borrowing AllChildren) -> Value) -> Value {
        locked {
            while isHeld { waiting.wait() }
            isHeld = true
            while starting > 0, waiting.wait(seconds: Self.patience) {}
            defer {
                isHeld = false
                waiting.wakeAll()
            }
            return body(AllChildren(children))
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        waiting.lock()
        defer { waiting.unlock() }
        return body()
    }
}

/// Every child that exists; only while none comes or goes.
struct AllChildren: ~Copyable {
    private let children: [pid_t: Bool]

    fileprivate init(_ children: [pid_t: Bool]) { self.children = children }

    /// Sends the signal to every child's group. A child that shares ours may get it from the terminal too: the second of
    /// two stops changes nothing.
    func signal(_ signal: Int32) {
        for (child, leadsGroup) in children { kill(leadsGroup ? -child : child, signal) }
    }

    /// Whether all have ended, with their groups; nothing is reaped.
    var haveEnded: Bool {
        children.allSatisfy { child, leadsGroup in
            let state = devinit_child_state(child)
            guard state == devinit_child_ended || state == devinit_child_unknown else { return false }
            return !leadsGroup || !devinit_group_is_alive(child)
        }
    }
}
