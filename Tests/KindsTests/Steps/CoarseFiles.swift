import Base
import HostInterfaces
import Synchronization

/// The real files on a file system whose clock stands still when a test says so, and that counts what is read.
final class CoarseFiles: FileSystem {
    private let inner: any FileSystem
    private let state = Mutex((modified: Int?.none, reads: [String: Int]()))

    init(_ inner: any FileSystem) { self.inner = inner }

    /// From now on every file looks as if it was written at that time, in nanoseconds since 1970.
    func freeze(at modified: Int) { state.withLock { $0.modified = modified } }

    /// How often files of that name were read.
    func reads(of name: String) -> Int { state.withLock { $0.reads[name] ?? 0 } }

    func status(of path: Path, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        guard var status = try inner.status(of: path, followingLinks: followingLinks) else { return nil }
        if let modified = state.withLock({ $0.modified }) {
            status.modified = modified
            status.changed = modified
        }
        return status
    }

    func read(_ path: Path, limit: Int) throws(SystemError) -> [UInt8] {
        state.withLock { $0.reads[path.name, default: 0] += 1 }
        return try inner.read(path, limit: limit)
    }

    func read(_ path: Path, from offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        try inner.read(path, from: offset, count: count)
    }

    func hold(_ folder: Path, making mode: UInt16?) throws(SystemError) -> any HeldFolder {
        try inner.hold(folder, making: mode)
    }

    func replace(_ path: Path, with content: [UInt8], mode: UInt16) throws(SystemError) {
        try inner.replace(path, with: content, mode: mode)
    }
    func append(to path: Path, mode: UInt16) throws(SystemError) -> any AppendableFile {
        try inner.append(to: path, mode: mode)
    }
    func entries(of folder: Path) throws(SystemError) -> [FolderEntry] { try inner.entries(of: folder) }
    func makeFolder(_ path: Path, mode: UInt16) throws(SystemError) { try inner.makeFolder(path, mode: mode) }
    func makeLink(at path: Path, to target: String) throws(SystemError) { try inner.makeLink(at: path, to: target) }
    func linkTarget(of path: Path) throws(SystemError) -> String { try inner.linkTarget(of: path) }
    func setMode(of path: Path, to mode: UInt16) throws(SystemError) { try inner.setMode(of: path, to: mode) }
    func remove(_ path: Path) throws(SystemError) { try inner.remove(path) }
    func removeTree(_ path: Path) throws(SystemError) { try inner.removeTree(path) }
    func rename(_ path: Path, to target: Path) throws(SystemError) { try inner.rename(path, to: target) }
    func synchronizeFolder(_ folder: Path) throws(SystemError) { try inner.synchronizeFolder(folder) }
    func resolve(_ path: Path) throws(SystemError) -> Path { try inner.resolve(path) }
    func lock(_ path: Path) throws(SystemError) -> (any FileLock)? { try inner.lock(path) }
    func freeBytes(at path: Path) throws(SystemError) -> Int { try inner.freeBytes(at: path) }
}
