import Synchronization

/// Makes lines of pieces. Progress bars that return to the line's start end a line too.
final class LineGatherer: Sendable {
    private let state = Mutex<[UInt8]>([])
    private let onLine: @Sendable (String, Bool) -> Void

    init(onLine: @escaping @Sendable (_ line: String, _ isError: Bool) -> Void) { self.onLine = onLine }

    func add(_ bytes: [UInt8], isError: Bool) {
        let lines = state.withLock { rest in
            rest += bytes
            var lines: [String] = []
            while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
                if end > 0 { lines.append(String(decoding: rest[..<end], as: UTF8.self)) }
                rest.removeFirst(end + 1)
            }
            return lines
        }
        for line in lines { onLine(line, isError) }
    }

    /// What is left without an end of line.
    func finish() {
        let rest = state.withLock { rest in
            defer { rest = [] }
            return rest
        }
        if !rest.isEmpty { onLine(String(decoding: rest, as: UTF8.self), false) }
    }
}
