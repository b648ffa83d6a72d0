import Base
import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An exclusive `flock`, which the kernel ends with the process and no child inherits.
final class POSIXFileLock: FileLock {
    private let descriptor: Mutex<Int32>

    private init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    static func take(_ path: Path) throws(SystemError) -> POSIXFileLock? {
        while true {
            let file = try Descriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
            while flock(file.number, LOCK_EX | LOCK_NB) != 0 {
                if errno == EINTR { continue }
                if errno == EWOULDBLOCK { return nil }
                throw SystemError("flock", path.text)
            }
            // Somebody may have removed the file in between: then we hold a lock that nobody else sees.
            var held = stat()
            var named = stat()
            guard fstat(file.number, &held) == 0 else { throw SystemError("fstat", path.text) }
            if stat(path.text, &named) == 0, held.st_ino == named.st_ino, held.st_dev == named.st_dev {
                return POSIXFileLock(file.release())
            }
        }
    }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    deinit { release() }
}
