import Base
import CSpawn
import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Programs that stay when devinit ends: each leads a session, so no terminal's hang-up and no Ctrl-C reaches it.
enum DetachedProcess {
    /// Those that this very process started: their parent, so we must reap them.
    private static let own = Mutex<Set<pid_t>>([])

    static func start(_ request: ProcessRequest, log: Path) throws(ProcessError) -> ProcessIdentity {
        do {
            // A log may hold secrets, so it is the owner's alone.
            let log = try Descriptor.open(log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
            let input = try input(of: request)
            let streams = Spawn.Streams(input: input.number, output: log.number, error: log.number)
            let id: pid_t
            do { id = try Spawn.start(request, streams: streams, place: devinit_spawn_own_session) } catch {
                throw Failure.process(error)
            }
            own.withLock { _ = $0.insert(id) }
            // Not reaped yet, so the number is its own even when it has ended already.
            return ProcessIdentity(id: id, startTime: max(0, Int(devinit_start_time(id))))
        } catch let error as SystemError {
            throw .failed(error)
        } catch Failure.process(let error) {
            throw error
        } catch {
            throw .failed(SystemError("posix_spawn", request.arguments.first ?? "", code: EIO))
        }
    }

    static func isRunning(_ process: ProcessIdentity) -> Bool {
        reap(process.id)
        guard process.id > 1 else { return false }
        let start = devinit_start_time(process.id)
        return start >= 0 && (process.startTime == 0 || start == process.startTime)
    }

    static func end(_ process: ProcessIdentity, grace: Duration) {
        guard isRunning(process) else { return }
        let killAt = Moment.after(grace)
        kill(-process.id, SIGTERM)
        kill(-process.id, SIGCONT)
        if waitUntilGone(process, until: killAt) { return }
        kill(-process.id, SIGKILL)
        _ = waitUntilGone(process, until: Moment.after(.seconds(2)))
    }

    /// The group outlives its leader: what the leader left behind is waited for too.
    private static func waitUntilGone(_ process: ProcessIdentity, until moment: Int) -> Bool {
        var pause: UInt32 = 1_000
        while true {
            if !isRunning(process), !devinit_group_is_alive(process.id) { return true }
            if Moment.now >= moment { return false }
            usleep(pause)
            pause = min(pause * 2, 25_000)
        }
    }

    private static func reap(_ id: pid_t) {
        own.withLock { own in
            guard own.contains(id), devinit_child_state(id) == devinit_child_ended else { return }
            _ = devinit_reap(id)
            own.remove(id)
        }
    }

    private static func input(of request: ProcessRequest) throws(SystemError) -> Descriptor {
        switch request.input {
        case .none: return try .open("/dev/null", O_RDONLY)
        case .file(let path): return try .open(request.folder.appending(path), O_RDONLY)
        case .bytes(let bytes):
            // Nobody will be there to feed a pipe, so a file without a name holds them.
            var name = Array("/tmp/devinit-input.XXXXXX".utf8CString)
            let file = Descriptor(name.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) })
            guard file.number >= 0 else { throw SystemError("mkstemp", "/tmp") }
            _ = fcntl(file.number, F_SETFD, FD_CLOEXEC)
            _ = name.withUnsafeBufferPointer { unlink($0.baseAddress!) }
            let code = bytes.withUnsafeBytes { writeAll($0, to: file.number) }
            guard code == 0 else { throw SystemError("write", "/tmp", code: code) }
            lseek(file.number, 0, SEEK_SET)
            return file
        }
    }

    private enum Failure: Error { case process(ProcessError) }
}
