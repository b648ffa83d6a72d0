public import Base
public import HostInterfaces
import Synchronization

/// Hashes of file contents. A file that did not change since it was last read is not read again, also over runs.
///
/// A remembered hash is believed only while size, modification time, change time, inode and device are the same, and
/// only when the file was at rest for two seconds before it was read: a change within the same tick of the file
/// system's clock leaves no other trace (what git calls racy; FAT counts in two seconds).
public final class FileHashes: Sendable {
    /// Larger files are told apart by their status alone, in bytes.
    static let largestFile = 1 << 30
    /// How long a file must be at rest before its hash may be remembered, in nanoseconds.
    static let restingTime = 2_000_000_000

    private let host: Host
    private let file: HashCacheFile
    private let state = Mutex(State())

    private struct State {
        var entries: [String: HashCacheFile.Entry] = [:]
        var isLoaded = false
        var isChanged = false
        var used: Set<String> = []
        var counts = (hits: 0, misses: 0)
    }

    /// How many hashes were known, and for how many a file was read.
    public var counts: (hits: Int, misses: Int) { state.withLock { $0.counts } }

    /// The cache file is read when the first hash is asked for. `root` is the workspace's folder.
    public init(root: Path, host: Host) {
        self.host = host
        file = HashCacheFile(path: root / ".devinit" / "cache" / "hashes", host: host)
    }

    /// The SHA-256 of a file's content, links followed; nil when no readable file stands there.
    public func hash(of path: Path) -> String? {
        guard let status = try? host.files.status(of: path, followingLinks: true), status.kind == .file else {
            return nil
        }
        return hash(of: path, status)
    }

    /// The same where the status is known already.
    func hash(of path: Path, _ status: FileStatus) -> String? {
        let key = path.text
        let known = state.withLock { state -> HashCacheFile.Entry? in
            if !state.isLoaded {
                state.isLoaded = true
                state.entries = file.load()
            }
            state.used.insert(key)
            let known = state.entries[key].flatMap { $0.matches(status) ? $0 : nil }
            if known == nil { state.counts.misses += 1 } else { state.counts.hits += 1 }
            return known
        }
        if let known { return known.hash }
        guard status.size <= Self.largestFile else {
            return "large:\(status.size):\(status.modified):\(status.changed):\(status.inode)"
        }
        let before = Int(host.clock.wallSeconds * 1e9)
        guard let content = try? host.files.read(path, limit: Self.largestFile) else { return nil }
        let hash = host.digests.sha256(content)
        let lastChange = max(status.modified, status.changed)
        let isResting = lastChange <= before - Self.restingTime
        // What changed while it was read is not remembered either.
        if isResting, (try? host.files.status(of: path, followingLinks: true)) == status {
            state.withLock {
                $0.entries[key] = HashCacheFile.Entry(status, hash: hash)
                $0.isChanged = true
            }
        }
        return hash
    }

    /// Writes what was learned, for the next run. A failure costs time only, so it is no error.
    public func save() {
        let entries = state.withLock { state -> [String: HashCacheFile.Entry]? in
            guard state.isChanged else { return nil }
            state.isChanged = false
            if state.entries.count > HashCacheFile.largestCount {
                let used = state.used
                state.entries = state.entries.filter { used.contains($0.key) }
            }
            return state.entries
        }
        if let entries { file.save(entries) }
    }
}
