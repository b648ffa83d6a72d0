import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A signal was sent; KILL follows, and at last we give up.
struct ChildEnding {
    /// What the result says.
    let reason: ProcessResult.End
    let killAt: Int
    /// When TERM follows a signal that asked more politely; nil once it was sent.
    private var termAt: Int?
    private var giveUpAt: Int?

    /// `signal` was sent just now: who does not listen to SIGINT may listen to SIGTERM, in the second half of the grace.
    init(reason: ProcessResult.End, signal: Int32, grace: Duration) {
        self.reason = reason
        killAt = Moment.after(grace)
        termAt = signal == SIGTERM ? nil : Moment.after(grace / 2)
    }

    /// When there is something to do next.
    var nextMoment: Int { giveUpAt ?? termAt ?? killAt }

    /// Does what is due. True when nothing more can be done.
    mutating func advance(now: Int, target: pid_t, patience: Duration) -> Bool {
        if let giveUpAt { return now >= giveUpAt }
        if let termAt, now >= termAt {
            kill(target, SIGTERM)
            self.termAt = nil
        }
        if now >= killAt {
            kill(target, SIGKILL)
            giveUpAt = Moment.after(patience)
        }
        return false
    }
}

/// Ends what its leader left behind in a process group.
///
/// The leader is reaped, so in theory the number could come back as another's group: only between two looks,
/// a few milliseconds apart, and only after all other numbers were used.
enum GroupSweep {
    /// The members have got their TERM; they get KILL at the moment given. Returns when none is left.
    static func sweep(_ group: pid_t, killAt: Int, registry: ChildRegistry) {
        guard kill(-group, 0) == 0 else { return }
        registry.send([SIGCONT], to: -group)
        if waitUntilGone(group, until: killAt) { return }
        kill(-group, SIGKILL)
        _ = waitUntilGone(group, until: Moment.after(.seconds(1)))
    }

    static func waitUntilGone(_ group: pid_t, until moment: Int) -> Bool {
        var pause: UInt32 = 500
        while kill(-group, 0) == 0 {
            // Looking through all processes costs more, so it begins after the first milliseconds.
            if pause > 4_000, !devinit_group_is_alive(group) { return true }
            if Moment.now >= moment { return false }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
        return true
    }
}
