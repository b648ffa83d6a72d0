import Base
import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What makes writing survive a loss of power.
enum Durability {
    static func synchronize(_ descriptor: Int32, _ subject: Path) throws(SystemError) {
        #if !canImport(Glibc)
            // On macOS fsync leaves data in the drive's cache; where this is not supported, fsync is all there is.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        while fsync(descriptor) != 0 {
            if errno == EINTR { continue }
            // The file system has no such notion.
            if errno == EINVAL || errno == ENOTSUP { return }
            throw SystemError("fsync", subject.text)
        }
    }

    /// Makes names in the folder durable. A folder that we may write but not read can't be synced; that is no error.
    static func synchronizeFolder(_ folder: Path) throws(SystemError) {
        try synchronizeFolder(folder, named: folder.text, in: AT_FDCWD)
    }

    /// The same for a folder that is held open.
    static func synchronizeFolder(_ folder: Path, held descriptor: Int32) throws(SystemError) {
        try synchronizeFolder(folder, named: ".", in: descriptor)
    }

    private static func synchronizeFolder(_ folder: Path, named name: String, in parent: Int32) throws(SystemError) {
        let descriptor: Descriptor
        do { descriptor = try .open(name, in: parent, O_RDONLY | O_DIRECTORY, of: folder) } catch {
            if error.code == EACCES { return }
            throw error
        }
        try synchronize(descriptor.number, folder)
    }
}

final class POSIXAppendableFile: AppendableFile, FileSynchronization {
    private let path: Path
    private let descriptor: Int32
    private let hasDurableName = Atomic<Bool>(false)

    init(_ path: Path, mode: UInt16) throws(SystemError) {
        self.path = path
        descriptor = try Descriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: mode).release()
    }

    func append(_ bytes: [UInt8]) throws(SystemError) {
        let code = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        guard code == 0 else { throw SystemError("write", path.text, code: code) }
    }

    func synchronize() throws(SystemError) { try perform() }

    var isNamed: Bool { hasDurableName.load(ordering: .relaxed) }
    func synchronizeContent() throws(SystemError) { try Durability.synchronize(descriptor, path) }
    func synchronizeName() throws(SystemError) {
        try Durability.synchronizeFolder(path.parent)
        hasDurableName.store(true, ordering: .relaxed)
    }

    func truncate(to length: Int) throws(SystemError) {
        while ftruncate(descriptor, off_t(length)) != 0 {
            if errno != EINTR { throw SystemError("ftruncate", path.text) }
        }
    }

    deinit { close(descriptor) }
}
