/// Cuts a stream of bytes into lines, ended by LF or CRLF.
public struct LineSplitter: Sendable {
    private var rest: [UInt8] = []
    private let limit: Int

    /// `limit`: bytes that a line may have.
    public init(limit: Int) { self.limit = limit }

    /// The lines that are complete now; nil when one is too long.
    public mutating func add(_ bytes: [UInt8]) -> [String]? {
        // What was kept holds no line end, so only the new bytes are searched.
        var lines: [String] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: 10) {
            rest += bytes[start..<end]
            if rest.last == 13 { rest.removeLast() }
            guard rest.count <= limit else { return nil }
            lines.append(String(decoding: rest, as: UTF8.self))
            rest.removeAll(keepingCapacity: true)
            start = end + 1
        }
        rest += bytes[start...]
        return rest.count <= limit ? lines : nil
    }

    /// What stands behind the last line end, if anything.
    public mutating func finish() -> String? {
        defer { rest = [] }
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }
}
