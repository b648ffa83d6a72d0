import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Attends one child on the calling thread: feeds and drains its pipes together, and ends it when its time is
/// over or the stop is requested.
struct ChildSupervision {
    /// How long a pipe may stay open after the child has ended: a grandchild that holds it is not waited for.
    private static let drainTime = Duration.milliseconds(150)
    /// How often a child without an exit descriptor is looked at, in milliseconds.
    private static let pollingInterval: Int32 = 4
    /// How often it is looked whether a child was stopped for touching the terminal, in milliseconds.
    private static let stopCheckInterval: Int32 = 500
    /// After a KILL that changes nothing (no permission, a dead disk) we go on without the child.
    private static let patience = Duration.seconds(5)

    private let child: LaunchedChild
    private let request: ProcessRequest
    private let stop: StopRequest
    private let onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)?
    private var output: TailBuffer
    private var error: TailBuffer
    /// Our ends that are still open; -1 once closed.
    private var inputEnd: Int32
    private var outputEnd: Int32
    private var errorEnd: Int32
    private var inputLeft: ArraySlice<UInt8> = []
    private var ending: ChildEnding?

    init(
        _ child: LaunchedChild, request: ProcessRequest, stop: StopRequest,
        onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)?
    ) {
        self.child = child
        self.request = request
        self.stop = stop
        self.onOutput = onOutput
        let limit =
            switch request.output {
            case .captured(let limit), .file(_, let limit): limit
            case .terminal: 0
            }
        output = TailBuffer(limit: limit)
        error = TailBuffer(limit: limit)
        (inputEnd, outputEnd, errorEnd) = (child.input, child.output, child.error)
        if case .bytes(let bytes) = request.input { inputLeft = bytes[...] }
    }

    /// Returns once the child has ended and nothing of its group is left.
    mutating func attend() -> ProcessResult {
        let begin = Moment.now
        let ended = waitForEnd(deadline: request.timeLimit.map(Moment.after) ?? Int.max)
        Self.shut(&inputEnd)
        drain(until: Moment.after(Self.drainTime))
        Self.shut(&outputEnd)
        Self.shut(&errorEnd)
        if child.exit >= 0 { close(child.exit) }
        let status = ended ? collect() : abandon()
        var result = ProcessResult(end: ending?.reason ?? (status < 0 ? .signalled(-status) : .exited(status)))
        result.output = output.bytes
        result.errorOutput = error.bytes
        result.seconds = Double(Moment.now - begin) / 1e9
        return result
    }

    /// False when the child can't be ended at all.
    private mutating func waitForEnd(deadline: Int) -> Bool {
        if inputLeft.isEmpty { Self.shut(&inputEnd) }
        var nextStopCheck = Moment.after(.milliseconds(500))
        while true {
            var wakeUp = ending?.nextMoment ?? deadline
            if child.leadsGroup, ending == nil { wakeUp = min(wakeUp, nextStopCheck) }
            var wait = Moment.wait(until: wakeUp)
            if child.exit < 0 { wait = wait < 0 ? Self.pollingInterval : min(wait, Self.pollingInterval) }
            // A stop that was seen stays readable, so it is not looked at again.
            let ready = pollEnds(exit: child.exit, stop: ending == nil ? stop.descriptor : -1, milliseconds: wait)
            if ready || child.exit < 0 {
                let state = devinit_child_state(child.id)
                if state == devinit_child_ended || state == devinit_child_unknown { return true }
            }
            let now = Moment.now
            if ending == nil, stop.isRequested { begin(.cancelled) }
            if ending == nil, now >= deadline { begin(.timedOut) }
            if ending == nil, child.leadsGroup, now >= nextStopCheck {
                nextStopCheck = now + Int(Self.stopCheckInterval) * 1_000_000
                // It sleeps until someone brings it to the foreground, and nobody will.
                if devinit_child_state(child.id) == devinit_child_wants_terminal { begin(.signalled(SIGTTIN)) }
            }
            let target = target
            if ending?.advance(now: now, target: target, patience: Self.patience) == true { return false }
        }
    }

    /// What signals go to: the group, or the child alone where it shares ours.
    private var target: pid_t { child.leadsGroup ? -child.id : child.id }

    private mutating func begin(_ reason: ProcessResult.End) {
        let signal = reason == .cancelled ? child.registry.stopSignal : SIGTERM
        ending = ChildEnding(reason: reason, signal: signal, grace: request.grace)
        // A stopped process gets its signal only when it goes on.
        child.registry.send([signal, SIGCONT], to: target)
    }

    /// Waits until something happens and moves bytes. True when the exit descriptor is ready.
    private mutating func pollEnds(exit: Int32, stop: Int32, milliseconds: Int32) -> Bool {
        var ends = (
            pollfd(fd: exit, events: Int16(POLLIN), revents: 0),
            pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
        )
        let count = withUnsafeMutableBytes(of: &ends) {
            poll($0.baseAddress!.assumingMemoryBound(to: pollfd.self), 5, milliseconds)
        }
        guard count > 0 else { return false }
        if ends.1.revents != 0 { readPiece(.output) }
        if ends.2.revents != 0 { readPiece(.error) }
        if ends.3.revents != 0 { writePiece() }
        return ends.0.revents != 0
    }

    private mutating func drain(until moment: Int) {
        while outputEnd >= 0 || errorEnd >= 0 {
            let wait = Moment.wait(until: moment)
            if wait == 0 { return }
            _ = pollEnds(exit: -1, stop: -1, milliseconds: wait)
        }
    }

    private mutating func readPiece(_ stream: ProcessStream) {
        let end = stream == .output ? outputEnd : errorEnd
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, used in
            count = read(end, buffer.baseAddress!, buffer.count)
            used = max(0, count)
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            if stream == .output { Self.shut(&outputEnd) } else { Self.shut(&errorEnd) }
            return
        }
        if stream == .output { output.append(piece) } else { error.append(piece) }
        onOutput?(stream, piece)
    }

    private mutating func writePiece() {
        let count = inputLeft.withUnsafeBytes { write(inputEnd, $0.baseAddress!, $0.count) }
        if count > 0 { inputLeft = inputLeft.dropFirst(count) }
        // A child that closed its input (EPIPE) does not want the rest.
        let broken = count < 0 && errno != EINTR && errno != EAGAIN
        if broken || inputLeft.isEmpty { Self.shut(&inputEnd) }
    }

    /// Reaps the child and ends what is left of its group. Its status, or minus its signal.
    private func collect() -> Int32 {
        // While the child is not reaped, its number can't be a stranger's. The dead child ignores this; what it left
        // behind may have been started to ignore SIGINT, as shells do in the background.
        // A child alone is off the list before its number is free; a group must stay there as long as it has members.
        if child.leadsGroup { kill(target, SIGTERM) } else { child.registry.remove(child.id) }
        let status = devinit_reap(child.id)
        if child.leadsGroup {
            // After a normal end nobody wants to wait the whole grace for something left in the background.
            let limit = ending?.killAt ?? Moment.after(min(request.grace, .seconds(2)))
            GroupSweep.sweep(child.id, killAt: limit, registry: child.registry)
            child.registry.remove(child.id)
        }
        return status
    }

    /// Goes on without the child; a thread reaps it when it ends after all.
    private func abandon() -> Int32 {
        let (id, registry) = (child.id, child.registry)
        Blocking.detach {
            _ = devinit_reap(id)
            registry.remove(id)
        }
        return -SIGKILL
    }

    private static func shut(_ end: inout Int32) {
        if end >= 0 { close(end) }
        end = -1
    }
}
