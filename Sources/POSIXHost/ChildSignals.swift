import CSpawn
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a signal does where no `SignalSource` follows it. By its default action it would end or stop us alone: the
/// children lead groups of their own, which no terminal signals.
enum ChildSignals {
    /// How long the children have to end, in milliseconds.
    private static let grace = Atomic<Int>(2_000)

    static func set(grace duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let milliseconds = min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000
        grace.store(Int(milliseconds), ordering: .releasing)
    }

    private static let isWanted = Atomic<Bool>(false)
    private static let following: Void = SignalSource.last([.interrupt, .terminate, .hangUp, .quit, .suspend], receive)

    static func want() { isWanted.store(true, ordering: .releasing) }

    /// To be called before a child is started: a program that starts none needs no thread for signals.
    static func follow() { if isWanted.load(ordering: .acquiring) { following } }

    private static func receive(_ signal: HostSignal) {
        if signal == .suspend { return POSIXHost.suspend() }
        ChildRegistry.shared.withAll { children in
            // SIGQUIT would have each of them leave a core file.
            children.signal(signal == .quit ? SIGTERM : signal.number)
            children.signal(SIGCONT)
            let limit = Moment.after(.milliseconds(grace.load(ordering: .acquiring)))
            var pause: UInt32 = 500
            while !children.haveEnded, Moment.now < limit {
                usleep(pause)
                pause = min(pause * 2, 20_000)
            }
            children.signal(SIGKILL)
            // In here, so that nobody learns of a child's end and takes it for the child's failure.
            devinit_end_by_signal(signal.number)
        }
    }
}
