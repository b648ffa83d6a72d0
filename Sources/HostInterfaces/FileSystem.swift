public import Base

/// Files and folders. Every call is short and blocks; names are passed on as they are.
public protocol FileSystem: Sendable {
    /// What stands at the path; nil when nothing does (`ENOENT`, `ENOTDIR`).
    func status(of path: Path, followingLinks: Bool) throws(SystemError) -> FileStatus?
    /// The whole content; fails with `EFBIG` beyond `limit` bytes.
    func read(_ path: Path, limit: Int) throws(SystemError) -> [UInt8]
    /// At most `count` bytes from an offset on; fewer where the file ends before. Regular files only (`EINVAL`).
    func read(_ path: Path, from offset: Int, count: Int) throws(SystemError) -> [UInt8]
    /// Replaces the file as a whole or not at all: a new file beside it, written, synced, renamed over it.
    /// A link at `path` is followed to its target first, and stays a link.
    func replace(_ path: Path, with content: [UInt8], mode: UInt16) throws(SystemError)
    /// Opens for appending, creating it with `mode`.
    func append(to path: Path, mode: UInt16) throws(SystemError) -> any AppendableFile
    /// The names in a folder, sorted, without `.` and `..`.
    func entries(of folder: Path) throws(SystemError) -> [FolderEntry]
    /// Creates the folder and its parents; one that is there is fine.
    func makeFolder(_ path: Path, mode: UInt16) throws(SystemError)
    func makeLink(at path: Path, to target: String) throws(SystemError)
    /// Opens a folder and holds it; makes what is missing of it with `mode`, where one is given. Fails (`ELOOP`,
    /// `ENOTDIR`) where a link is on the way: the path was resolved before.
    func hold(_ folder: Path, making mode: UInt16?) throws(SystemError) -> any HeldFolder
    func linkTarget(of path: Path) throws(SystemError) -> String
    func setMode(of path: Path, to mode: UInt16) throws(SystemError)
    /// Removes a file or a link; nothing there is fine.
    func remove(_ path: Path) throws(SystemError)
    /// Removes a folder with all it holds, never following a link out of it; nothing there is fine.
    func removeTree(_ path: Path) throws(SystemError)
    func rename(_ path: Path, to target: Path) throws(SystemError)
    /// Returns once the names in the folder would survive a loss of power; what is in its files is another matter.
    func synchronizeFolder(_ folder: Path) throws(SystemError)
    /// The path without any link in it; fails where something on the way is missing.
    func resolve(_ path: Path) throws(SystemError) -> Path
    /// Takes an exclusive lock (`flock`) on the file, created when missing; nil when another process holds it.
    /// The lock ends with the value's `release` or with the process.
    func lock(_ path: Path) throws(SystemError) -> (any FileLock)?
    /// Bytes that a user may still write on the file system of this path.
    func freeBytes(at path: Path) throws(SystemError) -> Int
}

/// What `stat` tells of a path.
public struct FileStatus: Hashable, Sendable {
    /// What stands at the path. A link only where links are not followed.
    public enum Kind: String, Sendable { case file, folder, link, other }

    public var kind: Kind
    public var size: Int
    /// Permission bits.
    public var mode: UInt16
    /// Nanoseconds since 1970 of the last change of the content.
    public var modified: Int
    /// Nanoseconds since 1970 of the last change of content or attributes.
    public var changed: Int
    public var inode: UInt64
    public var device: UInt64
    public var links: Int
    public var owner: Int

    public init(
        kind: Kind, size: Int, mode: UInt16, modified: Int, changed: Int, inode: UInt64, device: UInt64, links: Int,
        owner: Int
    ) {
        self.kind = kind
        self.size = size
        self.mode = mode
        self.modified = modified
        self.changed = changed
        self.inode = inode
        self.device = device
        self.links = links
        self.owner = owner
    }
}

/// A name in a folder.
public struct FolderEntry: Hashable, Sendable {
    public var name: String
    public var kind: FileStatus.Kind

    public init(name: String, kind: FileStatus.Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A file that only grows. Closed when the last reference to it goes.
public protocol AppendableFile: AnyObject, Sendable {
    func append(_ bytes: [UInt8]) throws(SystemError)
    /// Returns once what was appended would survive a loss of power (`fsync`, `F_FULLFSYNC`).
    func synchronize() throws(SystemError)
    /// Cuts the file to a length: what drops a torn record.
    func truncate(to length: Int) throws(SystemError)
}

/// A lock on a file, held until it is released or the process ends.
public protocol FileLock: AnyObject, Sendable {
    func release()
}

extension FileSystem {
    /// Whether anything at all stands there, a dangling link included.
    public func exists(_ path: Path) -> Bool { (try? status(of: path, followingLinks: false)) != nil }

    /// Whether a folder stands there, also through a link.
    public func isFolder(_ path: Path) -> Bool {
        (try? status(of: path, followingLinks: true))?.kind == .folder
    }

    /// Whether a regular file stands there, also through a link.
    public func isFile(_ path: Path) -> Bool {
        (try? status(of: path, followingLinks: true))?.kind == .file
    }

    /// The content as text, bytes that are no UTF-8 replaced; nil when it can't be read. Up to 16 MiB.
    public func text(of path: Path) -> String? {
        (try? read(path, limit: 16 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }
}
