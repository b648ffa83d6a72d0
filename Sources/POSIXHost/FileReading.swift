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
        let isRegular = found.st_mode & S_IFMT == S_IFREG
        if isRegular {
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
            // The room for one byte more stayed empty: that was the end of a file which is as long as it says.
            if isRegular, count < step, content.count == Int(found.st_size) { return content }
            step = 1 << 16
        }
    }

    /// Reads a part of a regular file.
    static func read(_ path: Path, from offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK)
        var found = stat()
        guard fstat(file.number, &found) == 0 else { throw SystemError("fstat", path.text) }
        guard found.st_mode & S_IFMT == S_IFREG else { throw SystemError("read", path.text, code: EINVAL) }
        let start = max(0, offset)
        let wanted = max(0, min(count, Int(found.st_size) - start))
        var code: Int32 = 0
        let content = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, used in
            used = 0
            while used < wanted {
                let more = pread(file.number, buffer.baseAddress! + used, wanted - used, off_t(start + used))
                if more < 0, errno == EINTR { continue }
                if more < 0 { code = errno }
                if more <= 0 { return }
                used += more
            }
        }
        guard code == 0 else { throw SystemError("read", path.text, code: code) }
        return content
    }
}
