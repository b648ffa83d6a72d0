import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum FileReading {
    /// Reads to the end. Never waits for somebody to open the other end of a named pipe.
    static func read(_ path: Path, limit: Int) throws(SystemError) -> [UInt8] {
        let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK)
        var found = stat()
        guard fstat(file.number, &found) == 0 else { throw SystemError("fstat", path.text) }
        if found.st_mode & S_IFMT == S_IFREG {
            if Int(found.st_size) > limit { throw SystemError("read", path.text, code: EFBIG) }
        } else {
            _ = fcntl(file.number, F_SETFL, fcntl(file.number, F_GETFL) & ~O_NONBLOCK)
        }
        // One byte more than the size, so that the end is seen without another round. Files of /proc say 0.
        var content: [UInt8] = []
        var step = min(max(Int(found.st_size) + 1, 4096), 16 << 20)
        while true {
            var count = 0
            let piece = [UInt8](unsafeUninitializedCapacity: step) { buffer, used in
                #if canImport(Glibc)
                    count = Glibc.read(file.number, buffer.baseAddress!, buffer.count)
                #else
                    count = Darwin.read(file.number, buffer.baseAddress!, buffer.count)
                #endif
                used = max(0, count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("read", path.text)
            }
            if count == 0 { return content }
            if content.isEmpty { content = piece } else { content += piece }
            if content.count > limit { throw SystemError("read", path.text, code: EFBIG) }
            step = 1 << 16
        }
    }
}
