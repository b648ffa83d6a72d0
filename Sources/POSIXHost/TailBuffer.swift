/// The last bytes of a stream, at most `limit` of them.
struct TailBuffer {
    private var kept: [UInt8] = []
    let limit: Int

    init(limit: Int) { self.limit = max(0, limit) }

    mutating func append(_ bytes: [UInt8]) {
        if bytes.count >= limit {
            kept = Array(bytes.suffix(limit))
            return
        }
        kept += bytes
        // Cutting only at twice the limit moves each byte at most once.
        if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
    }

    var bytes: [UInt8] { kept.count <= limit ? kept : Array(kept.suffix(limit)) }
}
