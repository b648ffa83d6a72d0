/// Reads a line of the cache, field by field, without taking it apart first.
struct HashCacheLine {
    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// To the start of the next line.
    mutating func skip() {
        _ = field(upTo: UInt8(ascii: "\n"))
    }

    mutating func entry() -> (String, HashCacheFile.Entry)? {
        guard let hash = field(upTo: UInt8(ascii: " ")), let size = number(), let modified = number(),
            let changed = number(), let inode = number(), let device = number()
        else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        return (
            name,
            HashCacheFile.Entry(
                size: size, modified: modified, changed: changed, inode: UInt64(bitPattern: Int64(inode)),
                device: UInt64(bitPattern: Int64(device)), hash: String(decoding: bytes[hash], as: UTF8.self))
        )
    }

    /// What stands before the next such byte, which is passed over; nil, and at the end of the line, where the line
    /// has none.
    private mutating func field(upTo end: UInt8) -> Range<Int>? {
        let start = position
        while position < bytes.count, bytes[position] != end {
            if bytes[position] == UInt8(ascii: "\n") { return nil }
            position += 1
        }
        guard position < bytes.count else { return nil }
        position += 1
        return start..<position - 1
    }

    /// Decimal with a space after it, up to 19 digits; wraps at 64 bits as it was written.
    private mutating func number() -> Int? {
        guard var digits = field(upTo: UInt8(ascii: " ")), !digits.isEmpty else { return nil }
        let isNegative = bytes[digits.lowerBound] == UInt8(ascii: "-")
        if isNegative { digits = digits.lowerBound + 1..<digits.upperBound }
        guard !digits.isEmpty else { return nil }
        var value = 0
        for digit in bytes[digits] {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value &* 10 &+ Int(digit - 0x30)
        }
        return isNegative ? 0 &- value : value
    }
}
