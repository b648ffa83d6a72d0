import CSpawn
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The time in which Ctrl-Z kept us stopped. It counts for no time limit and for no duration: a step that may take a
/// minute is not ended because somebody had lunch meanwhile.
enum Suspension {
    private struct State {
        /// Nanoseconds of all stops that are over.
        var total = 0
        /// When the one that is not over began.
        var begin: Int?
    }

    private static let state = Mutex(State())

    /// What our clock shows at a moment of the system's: it stands still during a stop, and for those threads too
    /// that wake up before the stop is known to be over.
    static func adjusted(_ moment: Int) -> Int { state.withLock { ($0.begin ?? moment) - $0.total } }

    /// Stops the process; returns when it is continued, at once where nobody could continue it.
    static func stop() {
        state.withLock { $0.begin = Moment.unadjusted }
        devinit_stop()
        state.withLock { state in
            state.total += Moment.unadjusted - (state.begin ?? Moment.unadjusted)
            state.begin = nil
        }
    }
}
