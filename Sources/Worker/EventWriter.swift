import Base
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes JSON lines on standard output; progress at most ten times a second, but never losing a phase's start.
final class EventWriter {
    private var lastWrite: ContinuousClock.Instant?
    private var lastPhase: GitProgress.Phase?

    func write(_ event: WorkerEvent) {
        var bytes = event.json.bytes()
        bytes.append(0x0A)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.writeOnce($0) }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more: there is nobody to work for.
            if count <= 0 { exit(75) }
            rest = rest.dropFirst(count)
        }
    }

    private static func writeOnce(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
        #endif
    }

    func progress(_ progress: GitProgress) {
        let isNew = progress.phase != lastPhase
        lastPhase = progress.phase
        let isWhole = progress.total > 0 && progress.done == progress.total
        if isNew || isWhole || isDue { write(.progress(progress)) }
    }

    /// A sign of life, not more often than progress.
    func activity(_ words: String) {
        if isDue { write(.activity(words)) }
    }

    private var isDue: Bool {
        let now = ContinuousClock.now
        if let lastWrite, now - lastWrite < .milliseconds(100) { return false }
        lastWrite = now
        return true
    }
}
