import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Replaces a file as a whole or not at all.
struct POSIXFileReplacement: ~Copyable, FileReplacement {
    private let target: Path
    private let content: [UInt8]
    private let mode: UInt16
    /// The file that stands there now.
    private let old: stat?
    /// The folder that is held open, in which the names below are; else they are paths.
    private let folder: Int32
    private let name: String
    private let temporary: String
    private let file: Descriptor

    private init(
        _ target: Path, named name: String, in folder: Int32, with content: [UInt8], mode: UInt16, old: stat?,
        temporary: String, file: consuming Descriptor
    ) {
        (self.target, self.content, self.mode) = (target, content, mode)
        (self.name, self.folder, self.old, self.temporary) = (name, folder, old, temporary)
        self.file = file
    }

    static func replace(_ path: Path, with content: [UInt8], mode: UInt16) throws(SystemError) {
        let target = try followLinks(path)
        try replace(target, named: target.text, in: AT_FDCWD, with: content, mode: mode)
    }

    /// The same for a name in a folder that is held open; `target` is its path, for messages. A link of that name is
    /// refused.
    static func replace(
        _ target: Path, named name: String, in folder: Int32, with content: [UInt8], mode: UInt16
    ) throws(SystemError) {
        var found = stat()
        let exists = fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0
        if exists, found.st_mode & S_IFMT != S_IFREG {
            // Renaming over a device or a pipe would destroy it.
            let isFolder = found.st_mode & S_IFMT == S_IFDIR
            throw SystemError("open", target.text, code: isFolder ? EISDIR : EINVAL)
        }
        let beside = TemporaryName.next
        let temporary = folder == AT_FDCWD ? (target.parent / beside).text : beside
        let file = try Descriptor.open(
            temporary, in: folder, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, of: target)
        try POSIXFileReplacement(
            target, named: name, in: folder, with: content, mode: mode, old: exists ? found : nil,
            temporary: temporary, file: file
        ).perform()
    }

    func write() throws(SystemError) {
        let code = content.withUnsafeBytes { writeAll($0, to: file.number) }
        guard code == 0 else { throw SystemError("write", target.text, code: code) }
        if let old { Self.keepOwner(of: old, on: file.number) }
        guard fchmod(file.number, mode_t(mode)) == 0 else { throw SystemError("fchmod", target.text) }
    }

    func synchronize() throws(SystemError) { try Durability.synchronize(file.number, target) }

    func giveName() throws(SystemError) {
        guard renameat(folder, temporary, folder, name) == 0 else { throw SystemError("rename", target.text) }
    }

    func discard() { unlinkat(folder, temporary, 0) }

    func synchronizeFolder() throws(SystemError) {
        if folder == AT_FDCWD { return try Durability.synchronizeFolder(target.parent) }
        try Durability.synchronizeFolder(target.parent, held: folder)
    }

    /// The file that a chain of links ends at; it need not stand.
    private static func followLinks(_ path: Path) throws(SystemError) -> Path {
        var place = path
        for _ in 0..<40 {
            var found = stat()
            guard lstat(place.text, &found) == 0, found.st_mode & S_IFMT == S_IFLNK else { return place }
            place = place.parent.appending(Path(try POSIXFiles().linkTarget(of: place)))
        }
        throw SystemError("open", path.text, code: ELOOP)
    }

    /// Root that edits a user's file must not take it away from them.
    private static func keepOwner(of old: stat, on file: Int32) {
        // Others may give a file to a group of theirs at most; a refusal changes nothing that was promised.
        if geteuid() == 0 { _ = fchown(file, old.st_uid, old.st_gid) } else { _ = fchown(file, uid_t.max, old.st_gid) }
    }
}
