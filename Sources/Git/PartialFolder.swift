import Base
import HostInterfaces

/// The folder beside a target in which its clone grows: `.NAME.devinit-RANDOM`, holding a lock and the checkout.
///
/// The lock ends with the process that holds it, however that ends, so a folder whose lock is free is a left-over.
struct PartialFolder {
    let folder: Path
    /// Where the clone goes.
    let checkout: Path
    private let files: any FileSystem
    private let lock: any FileLock

    /// Makes the folder (and the target's parents), after removing what dead runs left for the same target.
    init(beside target: Path, host: Host) throws(GitFailure) {
        files = host.files
        let prefix = ".\(target.name).devinit-"
        let random = host.randomness.bytes(6).hexadecimal
        do throws(SystemError) {
            try files.makeFolder(target.parent, mode: 0o777)
            PartialFolder.removeRemains(in: target.parent, prefix: prefix, host: host)
            folder = target.parent / (prefix + random)
            checkout = folder / target.name
            try files.makeFolder(folder, mode: 0o777)
            guard let lock = try files.lock(folder / PartialFolder.lockName) else {
                throw SystemError(call: "flock", subject: folder.text, code: 11, reason: "locked by another process")
            }
            self.lock = lock
        } catch {
            throw PartialFolder.failure(error)
        }
    }

    private static let lockName = "lock"

    private static func removeRemains(in parent: Path, prefix: String, host: Host) {
        for entry in (try? host.files.entries(of: parent)) ?? []
        where entry.kind == .folder && entry.name.hasPrefix(prefix) {
            let folder = parent / entry.name
            if host.files.exists(folder / lockName) {
                guard let lock = try? host.files.lock(folder / lockName) else { continue }
                try? host.files.removeTree(folder)
                lock.release()
            } else if let status = try? host.files.status(of: folder, followingLinks: false),
                host.clock.wallSeconds - Double(status.modified) / 1e9 > 60
            {
                // Without a lock it is either a moment old and about to get one, or dead.
                try? host.files.removeTree(folder)
            }
        }
    }

    /// Empties the place, for another try.
    func clear() throws(GitFailure) {
        do throws(SystemError) { try files.removeTree(checkout) } catch { throw PartialFolder.failure(error) }
    }

    /// Puts the whole checkout in its place. An empty folder there is replaced; anything else is left alone.
    func move(to target: Path) throws(GitFailure) {
        do throws(SystemError) { try files.rename(checkout, to: target) } catch {
            if files.exists(target) { throw PartialFolder.occupied(target) }
            throw PartialFolder.failure(error)
        }
    }

    /// Removes what is left of it.
    func remove() {
        try? files.removeTree(folder)
        lock.release()
    }

    static func occupied(_ target: Path) -> GitFailure {
        GitFailure(
            .refused, "Something stands at \(target) already, so nothing was cloned there.",
            hint: "Move it away, or set another `path`.")
    }

    static func failure(_ error: SystemError) -> GitFailure {
        GitFailure(.disk, "Making room for the clone failed: \(error)", hint: "Check space and permissions there.")
    }
}
