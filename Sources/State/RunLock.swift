import Base
public import HostInterfaces

/// At most one run at a time works on a workspace. The lock is the kernel's (`flock`), so a holder that died
/// never blocks; what is written in the file only tells people who it is.
public final class RunLock: Sendable {
    /// Who holds it.
    public struct Holder: Hashable, Sendable {
        public var pid: Int32
        /// The command line as typed, without secrets.
        public var command: String
        /// Seconds since 1970.
        public var startedAt: Double

        public init(pid: Int32, command: String, startedAt: Double) {
            self.pid = pid
            self.command = command
            self.startedAt = startedAt
        }
    }

    /// What became of waiting for the lock.
    public enum Outcome: Sendable {
        case acquired(RunLock)
        /// Another process had it for the whole time; nil when it did not say who it is.
        case held(by: Holder?)
    }

    private let lock: any FileLock
    private let file: any AppendableFile

    private init(lock: any FileLock, file: any AppendableFile) {
        self.lock = lock
        self.file = file
    }

    /// Takes the lock, asking again every 100 ms for as long as `waiting`. `onWait` is called once, before the
    /// first wait. A cancelled task stops waiting.
    public static func acquire(
        in folder: StateFolder, host: Host, as holder: Holder, waiting: Duration = .seconds(10),
        onWait: (@Sendable (Holder?) -> Void)? = nil
    ) async throws(SystemError) -> Outcome {
        try folder.prepare()
        let path = folder.path / "lock"
        let deadline = host.clock.monotonicSeconds + waiting.seconds
        var hasWaited = false
        while true {
            if let lock = try host.files.lock(path) { return .acquired(try claim(lock, at: path, host, holder)) }
            if host.clock.monotonicSeconds >= deadline || Task.isCancelled {
                return .held(by: self.holder(in: path, host))
            }
            if !hasWaited { onWait?(self.holder(in: path, host)) }
            hasWaited = true
            try? await host.clock.sleep(for: .milliseconds(100))
        }
    }

    /// Whoever holds the lock of that workspace, as far as it said; nil when nobody is written there.
    public static func holder(in folder: StateFolder, host: Host) -> Holder? { holder(in: folder.path / "lock", host) }

    /// Gives the lock back. It also ends with the process.
    public func release() {
        try? file.truncate(to: 0)
        lock.release()
    }

    /// Writes into the locked file itself: replacing it would leave the lock on a file that has no name.
    private static func claim(
        _ lock: any FileLock, at path: Path, _ host: Host, _ holder: Holder
    ) throws(SystemError) -> RunLock {
        do throws(SystemError) {
            let file = try host.files.append(to: path, mode: 0o600)
            try file.truncate(to: 0)
            let text: JSON = [
                "pid": .integer(Int(holder.pid)), "command": .string(holder.command),
                "started_at": .number(holder.startedAt),
            ]
            try file.append(text.bytes() + [UInt8(ascii: "\n")])
            return RunLock(lock: lock, file: file)
        } catch {
            lock.release()
            throw error
        }
    }

    private static func holder(in path: Path, _ host: Host) -> Holder? {
        guard let text = host.files.text(of: path), let json = try? JSON(parsing: text),
            let pid = json["pid"]?.integer.flatMap({ Int32(exactly: $0) })
        else { return nil }
        return Holder(
            pid: pid, command: json["command"]?.string ?? "", startedAt: json["started_at"]?.number ?? 0)
    }
}
