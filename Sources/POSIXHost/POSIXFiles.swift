import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file system of the machine. The larger calls have files of their own.
struct POSIXFiles: FileSystem {
    func status(of path: Path, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        var found = stat()
        guard (followingLinks ? stat(path.text, &found) : lstat(path.text, &found)) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw SystemError("stat", path.text)
        }
        return FileStatus(found)
    }

    func read(_ path: Path, limit: Int) throws(SystemError) -> [UInt8] {
        try FileReading.read(path, limit: limit)
    }

    func read(_ path: Path, from offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        try FileReading.read(path, from: offset, count: count)
    }

    func replace(_ path: Path, with content: [UInt8], mode: UInt16) throws(SystemError) {
        try POSIXFileReplacement.replace(path, with: content, mode: mode)
    }

    func append(to path: Path, mode: UInt16) throws(SystemError) -> any AppendableFile {
        try POSIXAppendableFile(path, mode: mode)
    }

    func entries(of folder: Path) throws(SystemError) -> [FolderEntry] {
        guard let stream = opendir(folder.text) else { throw SystemError("opendir", folder.text) }
        defer { closedir(stream) }
        var entries: [FolderEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = DirectoryEntry.name(of: entry)
            if name == "." || name == ".." { continue }
            entries.append(FolderEntry(name: name, kind: kind(of: entry, in: folder / name)))
        }
        guard errno == 0 else { throw SystemError("readdir", folder.text) }
        return entries.sorted { $0.name < $1.name }
    }

    private func kind(of entry: UnsafeMutablePointer<dirent>, in path: Path) -> FileStatus.Kind {
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN):
            // Some file systems don't say.
            return (try? status(of: path, followingLinks: false))?.kind ?? .other
        default: return .other
        }
    }

    func makeFolder(_ path: Path, mode: UInt16) throws(SystemError) {
        if mkdir(path.text, mode_t(mode)) == 0 { return }
        let code = errno
        if code == ENOENT, path.parent != path, path.text != "." {
            try makeFolder(path.parent, mode: mode)
            if mkdir(path.text, mode_t(mode)) == 0 { return }
        }
        // Another may have been faster; and for /, or a read-only place, the code is another.
        if isFolder(path) { return }
        throw SystemError("mkdir", path.text, code: code)
    }

    func makeLink(at path: Path, to target: String) throws(SystemError) {
        guard symlink(target, path.text) == 0 else { throw SystemError("symlink", path.text) }
    }

    func hold(_ folder: Path, making mode: UInt16?) throws(SystemError) -> any HeldFolder {
        try POSIXHeldFolder(folder, making: mode)
    }

    func linkTarget(of path: Path) throws(SystemError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = buffer.withUnsafeMutableBytes {
            readlink(path.text, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard count >= 0 else { throw SystemError("readlink", path.text) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    func setMode(of path: Path, to mode: UInt16) throws(SystemError) {
        guard chmod(path.text, mode_t(mode)) == 0 else { throw SystemError("chmod", path.text) }
    }

    func remove(_ path: Path) throws(SystemError) {
        guard unlink(path.text) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw SystemError("unlink", path.text)
        }
    }

    func removeTree(_ path: Path) throws(SystemError) { try TreeRemoval.remove(path) }

    func rename(_ path: Path, to target: Path) throws(SystemError) {
        #if canImport(Glibc)
            let result = Glibc.rename(path.text, target.text)
        #else
            let result = Darwin.rename(path.text, target.text)
        #endif
        guard result == 0 else { throw SystemError("rename", path.text) }
    }

    func synchronizeFolder(_ folder: Path) throws(SystemError) { try Durability.synchronizeFolder(folder) }

    func resolve(_ path: Path) throws(SystemError) -> Path {
        guard let found = realpath(path.text, nil) else { throw SystemError("realpath", path.text) }
        defer { free(found) }
        return Path(String(cString: found))
    }

    func lock(_ path: Path) throws(SystemError) -> (any FileLock)? { try POSIXFileLock.take(path) }

    func freeBytes(at path: Path) throws(SystemError) -> Int {
        var place = path
        #if canImport(Glibc)
            var found = statvfs()
            func ask() -> Int32 { statvfs(place.text, &found) }
            func unit() -> Int { Int(found.f_frsize) }
        #else
            // statvfs counts in 32 bits there.
            var found = statfs()
            func ask() -> Int32 { statfs(place.text, &found) }
            func unit() -> Int { Int(found.f_bsize) }
        #endif
        while ask() != 0 {
            if errno == EINTR { continue }
            // What does not stand yet would be made on the file system of its folder.
            guard errno == ENOENT, place.parent != place else { throw SystemError("statfs", path.text) }
            place = place.parent
        }
        let (bytes, overflow) = Int(found.f_bavail).multipliedReportingOverflow(by: unit())
        return overflow ? Int.max : max(0, bytes)
    }
}

extension FileStatus {
    init(_ found: stat) {
        let kind: Kind =
            switch found.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        #if canImport(Glibc)
            let (modified, changed) = (found.st_mtim, found.st_ctim)
        #else
            let (modified, changed) = (found.st_mtimespec, found.st_ctimespec)
        #endif
        self.init(
            kind: kind, size: Int(found.st_size), mode: UInt16(found.st_mode & 0o7777),
            modified: Int(modified.tv_sec) * 1_000_000_000 + Int(modified.tv_nsec),
            changed: Int(changed.tv_sec) * 1_000_000_000 + Int(changed.tv_nsec), inode: UInt64(found.st_ino),
            device: UInt64(truncatingIfNeeded: found.st_dev), links: Int(found.st_nlink), owner: Int(found.st_uid))
    }
}

/// The name inside a `dirent`, whose array is longer in the kernel's buffer than its type says.
enum DirectoryEntry {
    static func name(of entry: UnsafeMutablePointer<dirent>) -> String { String(cString: pointer(entry)) }

    /// Valid until the next `readdir`.
    static func pointer(_ entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
        let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
        return UnsafePointer((UnsafeMutableRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
    }
}
