/// Takes the frames off the logs of a container without a terminal (Docker Engine API, "Attach", stream format): a head
/// of eight bytes, which are the stream, three zeros and the length. With a terminal there are none.
struct LogFrames: Sendable {
    /// Of a head that has not come whole.
    private var head: [UInt8] = []
    /// Bytes that the frame still has.
    private var left = 0
    private var isPlain = false

    /// What this piece holds besides heads.
    mutating func add(_ piece: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var rest = piece[...]
        while !rest.isEmpty {
            if isPlain { return out + rest }
            if left > 0 {
                let part = rest.prefix(left)
                out += part
                rest = rest.dropFirst(part.count)
                left -= part.count
            } else {
                let part = rest.prefix(8 - head.count)
                head += part
                rest = rest.dropFirst(part.count)
                out += readHead()
            }
        }
        return out
    }

    /// The lines of a log that has come whole, without those that are empty.
    static func lines(of log: [UInt8]) -> [String] {
        var frames = LogFrames()
        return String(decoding: frames.add(log), as: UTF8.self).split(separator: "\n").map { line in
            String(line.last == "\r" ? line.dropLast() : line)
        }
    }

    /// What was taken for a head and is none.
    private mutating func readHead() -> [UInt8] {
        let begin: [(UInt8) -> Bool] = [{ $0 <= 2 }, { $0 == 0 }, { $0 == 0 }, { $0 == 0 }]
        guard zip(head, begin).allSatisfy({ $1($0) }) else {
            isPlain = true
            defer { head = [] }
            return head
        }
        guard head.count == 8 else { return [] }
        left = head[4...].reduce(0) { $0 << 8 | Int($1) }
        head = []
        return []
    }
}
