import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Removes a folder with all it holds, by descriptors: a link that is put in the way meanwhile is not followed.
struct TreeRemoval {
    /// Deeper folders are first moved up, so that a path of any depth needs few descriptors.
    private static let depthLimit = 64

    private let root: Int32
    private let device: dev_t
    private let path: Path
    private var moved = 0

    static func remove(_ path: Path) throws(SystemError) {
        var found = stat()
        guard lstat(path.text, &found) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw SystemError("stat", path.text)
        }
        guard found.st_mode & S_IFMT == S_IFDIR else {
            return try POSIXFiles().remove(path)
        }
        let folder = try open(AT_FDCWD, path.text, path)
        defer { close(folder) }
        var removal = TreeRemoval(root: folder, device: found.st_dev, path: path)
        // What was moved up is found in the next round.
        repeat {
            removal.moved = 0
            try removal.empty(folder, path, depth: 0)
        } while removal.moved > 0
        guard rmdir(path.text) == 0 || errno == ENOENT else { throw SystemError("rmdir", path.text) }
    }

    private init(root: Int32, device: dev_t, path: Path) {
        self.root = root
        self.device = device
        self.path = path
    }

    private mutating func empty(_ folder: Int32, _ path: Path, depth: Int) throws(SystemError) {
        for name in try names(in: folder, path) {
            let place = path / name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            try removeEntry(name, in: folder, place, depth: depth)
        }
    }

    private mutating func removeEntry(
        _ name: [CChar], in folder: Int32, _ path: Path, depth: Int
    ) throws(SystemError) {
        var found = stat()
        guard fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return }
            // A folder without x lets us read names and nothing else.
            guard errno == EACCES, fchmod(folder, 0o700) == 0,
                fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0
            else { throw SystemError("stat", path.text) }
            return try removeEntry(name, in: folder, path, depth: depth)
        }
        guard found.st_mode & S_IFMT == S_IFDIR else { return try unlink(name, in: folder, path, flags: 0) }
        // Emptying what is mounted there would be more than was asked for.
        guard found.st_dev == device else { throw SystemError("rmdir", path.text, code: EBUSY) }
        if depth >= Self.depthLimit {
            fchmodat(folder, name, 0o700, Int32(AT_SYMLINK_NOFOLLOW))
            let above = ".devinit-removal-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
            if renameat(folder, name, root, above) == 0 {
                moved += 1
                return
            }
        }
        let child = try Self.open(folder, name, path)
        defer { close(child) }
        try empty(child, path, depth: depth + 1)
        try unlink(name, in: folder, path, flags: Int32(AT_REMOVEDIR))
    }

    private func unlink(
        _ name: [CChar], in folder: Int32, _ path: Path, flags: Int32
    ) throws(SystemError) {
        if unlinkat(folder, name, flags) == 0 || errno == ENOENT { return }
        // Removing a name needs to write the folder that holds it, not the file.
        if errno == EACCES, fchmod(folder, 0o700) == 0, unlinkat(folder, name, flags) == 0 { return }
        throw SystemError(flags == 0 ? "unlink" : "rmdir", path.text)
    }

    private static func open(_ folder: Int32, _ name: UnsafePointer<CChar>, _ path: Path) throws(SystemError) -> Int32 {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(folder, name, flags)
        if descriptor < 0, errno == EACCES {
            fchmodat(folder, name, 0o700, Int32(AT_SYMLINK_NOFOLLOW))
            descriptor = openat(folder, name, flags)
        }
        guard descriptor >= 0 else { throw SystemError("open", path.text) }
        return descriptor
    }

    /// The names as bytes: they need not be UTF-8.
    private func names(in folder: Int32, _ path: Path) throws(SystemError) -> [[CChar]] {
        // A second descriptor with a place of its own, because closing the stream closes it.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw SystemError("opendir", path.text, code: code)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = DirectoryEntry.pointer(entry)
            let bytes = Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
            if bytes == [46, 0] || bytes == [46, 46, 0] { continue }
            names.append(bytes)
        }
        return names
    }
}
