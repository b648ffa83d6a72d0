import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct POSIXClock: Clock {
    var monotonicSeconds: Double { Double(Moment.now) / 1e9 }

    var wallSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// The standard library's generator is the system's: `getrandom` on Linux, `arc4random_buf` on macOS.
struct POSIXRandomness: Randomness {
    func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next() as UInt64) { bytes += $0 }
        }
        return Array(bytes.prefix(count))
    }
}
