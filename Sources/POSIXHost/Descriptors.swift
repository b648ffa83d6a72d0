import Base
import CSpawn
import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SystemError {
    /// The error that the call just left in `errno`, or a code that it returned.
    init(_ call: String, _ subject: String, code: Int32 = errno) {
        self.init(call: call, subject: subject, code: code, reason: String(cString: strerror(code)))
    }
}

/// A descriptor that is closed when the value goes.
struct Descriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    /// Gives the number away; it is the receiver's to close.
    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// Opens a file, closed on exec, again after an interruption.
    static func open(_ path: Path, _ flags: Int32, mode: UInt16 = 0) throws(SystemError) -> Descriptor {
        try open(path.text, in: AT_FDCWD, flags, mode: mode, of: path)
    }

    /// The same for a name in a folder that is open; `path` is for messages.
    static func open(
        _ name: String, in folder: Int32, _ flags: Int32, mode: UInt16 = 0, of path: Path
    ) throws(SystemError) -> Descriptor {
        while true {
            let number = openat(folder, name, flags | O_CLOEXEC, mode_t(mode))
            if number >= 0 { return Descriptor(number) }
            if errno != EINTR { throw SystemError("open", path.text) }
        }
    }

    deinit { close(number) }
}

/// Both ends of a pipe, closed on exec.
struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        let code = ends.withUnsafeMutableBufferPointer { devinit_pipe($0.baseAddress!) }
        guard code == 0 else { throw SystemError("pipe", "pipe", code: code) }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }
}

/// Writes everything, through interruptions, short writes and a full non-blocking stream. Returns 0 or the error.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
        let count = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count > 0 { done += count; continue }
        if count == 0 { return EIO }
        switch errno {
        case EINTR: continue
        case EAGAIN:
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&wait, 1, -1)
        default: return errno
        }
    }
    return 0
}

func makeNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}

/// A request to stop that a thread sleeping in `poll` notices.
final class StopRequest: Sendable {
    /// Polls readable once the stop is requested.
    let descriptor: Int32
    private let writing: Int32
    private let requested = Atomic<Bool>(false)

    init() throws(SystemError) {
        let pipe = try Pipe()
        (descriptor, writing) = pipe.give()
    }

    var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Waits until one of the events (`POLLIN`, `POLLOUT`) comes on another descriptor, the stop is requested, or the
    /// milliseconds are over (-1: never). Returns whether something came there.
    func waits(for events: Int32 = Int32(POLLIN), on other: Int32, milliseconds: Int32) -> Bool {
        var ends = (
            pollfd(fd: other, events: Int16(events), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        )
        let count = withUnsafeMutableBytes(of: &ends) {
            poll($0.baseAddress!.assumingMemoryBound(to: pollfd.self), 2, milliseconds)
        }
        return count > 0 && ends.0.revents != 0
    }

    func request() {
        guard !requested.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    deinit {
        close(descriptor)
        close(writing)
    }
}

extension Pipe {
    /// Gives both ends away: the reading one, the writing one.
    consuming func give() -> (Int32, Int32) { (reading.release(), writing.release()) }
}

/// Moments in nanoseconds on a clock that never goes back.
enum Moment {
    /// Stands still while Ctrl-Z keeps us stopped.
    static var now: Int { Suspension.adjusted(unadjusted) }

    static var unadjusted: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }

    /// The moment `duration` from now; far away where that can't be counted.
    static func after(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        guard seconds < 1_000_000_000 else { return Int.max }
        return now + Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }

    /// Milliseconds until the moment for `poll`, rounded up; -1 for never.
    static func wait(until moment: Int) -> Int32 {
        if moment == Int.max { return -1 }
        return Int32(clamping: max(0, (moment - now + 999_999) / 1_000_000))
    }
}
