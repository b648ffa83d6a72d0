public import Base

/// The decoded text of a file: lines for carets, and places from counted characters.
///
/// Lines end at LF, CR LF or CR, as editors count them.
public struct SourceText: Sendable {
    /// The file's name for messages.
    public let file: String
    private let source: SourceFile
    /// UTF-8 without a byte order mark.
    let bytes: [UInt8]
    /// Where each line starts, in code points and in bytes.
    private let lineStarts: [(character: Int, byte: Int)]
    /// The byte of every 64th code point: a file of one long line must not make each look-up a walk through it.
    private let checkpoints: [Int]
    let characterCount: Int

    init(file: String, bytes: [UInt8]) {
        self.file = file
        source = SourceFile(file)
        self.bytes = bytes
        var starts = [(character: 0, byte: 0)]
        var checkpoints: [Int] = []
        var character = 0
        checkpoints.reserveCapacity(bytes.count / Self.stride + 1)
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if character & (Self.stride - 1) == 0 { checkpoints.append(offset) }
            character += 1
            if byte >= 0x20 { continue }
            let isReturn = byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A)
            if byte == 0x0A || isReturn { starts.append((character, offset + 1)) }
        }
        lineStarts = starts
        self.checkpoints = checkpoints
        characterCount = character
    }

    /// A power of two.
    private static let stride = 64

    /// The number of lines; a file that ends with a line break has an empty last one.
    public var lineCount: Int { lineStarts.count }

    /// That line without its line break, counted from 1; nil when there is none.
    public func line(_ number: Int) -> String? {
        guard number >= 1, number <= lineStarts.count else { return nil }
        let end = number < lineStarts.count ? lineStarts[number].byte : bytes.count
        var slice = bytes[lineStarts[number - 1].byte..<end]
        while let last = slice.last, last == 0x0A || last == 0x0D { slice.removeLast() }
        return String(decoding: slice, as: UTF8.self)
    }

    /// The place of the character with that number, counted from 0 in code points.
    public func location(ofCharacter index: Int) -> SourceLocation {
        location(ofCharacter: index, inLine: line(ofCharacter: index, near: 0))
    }

    func location(ofCharacter index: Int, inLine line: Int) -> SourceLocation {
        SourceLocation(in: source, line: line + 1, column: index - lineStarts[line].character + 1)
    }

    /// The line, counted from 0, of that character; found at once when it is the one at `near` or the next.
    func line(ofCharacter index: Int, near: Int) -> Int {
        for line in near..<min(near + 2, lineStarts.count) where lineStarts[line].character <= index {
            if line + 1 == lineStarts.count || lineStarts[line + 1].character > index { return line }
        }
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle].character <= index { low = middle } else { high = middle }
        }
        return low
    }

    /// The number of the character at which a line (from 1) starts.
    func characterIndex(ofLine line: Int) -> Int { lineStarts[min(max(line, 1), lineStarts.count) - 1].character }

    /// The byte at which the character with that number starts; the nearest end for
    /// numbers outside the text.
    func byteOffset(ofCharacter index: Int) -> Int {
        guard index > 0 else { return 0 }
        guard index < characterCount else { return bytes.count }
        var offset = checkpoints[index / Self.stride]
        for _ in 0..<index % Self.stride {
            repeat { offset += 1 } while offset < bytes.count && bytes[offset] & 0xC0 == 0x80
        }
        return offset
    }

    /// The text between two characters counted from 0.
    func slice(_ start: Int, _ end: Int) -> String {
        let first = byteOffset(ofCharacter: start)
        return String(decoding: bytes[first..<max(first, byteOffset(ofCharacter: end))], as: UTF8.self)
    }

    /// The character after an anchor and a tag that start at the given one (YAML 1.2.2, section 6.9).
    func skipProperties(from index: Int) -> Int {
        var index = index
        var offset = byteOffset(ofCharacter: index)
        func advance() {
            repeat { offset += 1 } while offset < bytes.count && bytes[offset] & 0xC0 == 0x80
            index += 1
        }
        var end = index
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "&"), UInt8(ascii: "!"):
                let isVerbatim = bytes[offset...].starts(with: "!<".utf8)
                while offset < bytes.count, !" \t\r\n".utf8.contains(bytes[offset]) {
                    // In `[!reset, a]` the tag ends at the comma.
                    if !isVerbatim, ",[]{}".utf8.contains(bytes[offset]) { return index }
                    advance()
                }
                end = index
            case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0A, 0x0D: advance()
            case UInt8(ascii: "#"):
                while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { advance() }
            default: return index
            }
        }
        return end
    }
}
