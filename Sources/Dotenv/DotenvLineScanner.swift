/// Cuts a file into its lines by the reading that the dialects share: `[export] NAME = value [# comment]`, where
/// a quoted value may span lines if nothing but a comment follows its closing quote.
struct DotenvLineScanner {
    private let bytes: [UInt8]
    private var place: Int

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        place = start
    }

    /// The next line; nil at the end.
    mutating func next() -> DotenvLine? {
        guard place < bytes.count else { return nil }
        let start = place
        let entry = scanEntry()
        if entry == nil { place = lineEnd(from: start) }
        let endingStart = place
        if place < bytes.count {
            place += bytes[place] == UInt8(ascii: "\r") ? 2 : 1
        }
        return DotenvLine(bytes: bytes[start..<place], endingStart: endingStart, entry: entry)
    }

    /// The place of the LF, or of the CR right before it, or the end of the file.
    private func lineEnd(from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        return index < bytes.count && index > start && bytes[index - 1] == UInt8(ascii: "\r") ? index - 1 : index
    }

    private func afterBlanks(_ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        return index
    }

    /// Leaves the place at the line ending behind the entry.
    private mutating func scanEntry() -> DotenvLine.Entry? {
        let lineStart = afterBlanks(place)
        if let afterExport = export(at: lineStart), let entry = scanPair(at: afterExport, hasExport: true) {
            return entry
        }
        return scanPair(at: lineStart, hasExport: false)
    }

    private static let word = Array("export".utf8)

    private func export(at start: Int) -> Int? {
        let end = start + Self.word.count
        guard end < bytes.count, bytes[start] == Self.word[0], bytes[start..<end].elementsEqual(Self.word) else {
            return nil
        }
        let behind = afterBlanks(end)
        return behind > end ? behind : nil
    }

    private mutating func scanPair(at start: Int, hasExport: Bool) -> DotenvLine.Entry? {
        var nameEnd = start
        while nameEnd < bytes.count, Self.isNameByte(bytes[nameEnd]) { nameEnd += 1 }
        guard nameEnd > start else { return nil }
        var index = afterBlanks(nameEnd)
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "=") {
            index = afterBlanks(index + 1)
        } else if bytes[index] == UInt8(ascii: ":"), index == nameEnd, afterBlanks(index + 1) > index + 1 {
            index = afterBlanks(index + 1)
        } else {
            return nil
        }
        let key = String(decoding: bytes[start..<nameEnd], as: UTF8.self)
        if let (quoting, end, behind, isFragile) = quotedValue(at: index) {
            place = behind
            return .init(
                key: key, quoting: quoting, hasExport: hasExport, isFragile: isFragile, name: start..<nameEnd,
                value: index..<end)
        }
        let behind = lineEnd(from: index)
        let end = bareEnd(from: index, to: behind)
        place = behind
        let opensQuote = index < end && "'\"`".utf8.contains(bytes[index])
        return .init(
            key: key, quoting: .bare, hasExport: hasExport, isFragile: opensQuote, name: start..<nameEnd,
            value: index..<end)
    }

    /// Whatever no dialect takes for a separator, a quote or a comment.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7f: false
        case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "#"), UInt8(ascii: "'"), UInt8(ascii: "\""),
            UInt8(ascii: "`"):
            false
        default: true
        }
    }

    /// The value's end and the line ending behind it; nil when this is no quoted value.
    private func quotedValue(at start: Int) -> (DotenvQuoting, end: Int, behind: Int, isFragile: Bool)? {
        guard start < bytes.count else { return nil }
        let quote = bytes[start]
        let quoting: DotenvQuoting
        switch quote {
        case UInt8(ascii: "'"): quoting = .single
        case UInt8(ascii: "\""): quoting = .double
        case UInt8(ascii: "`"): quoting = .backtick
        default: return nil
        }
        // The first quote that no backslash stands before; else, on the first line, one that a backslash only
        // seems to escape (`'C:\'`).
        var doubtful: Int?
        var isOnFirstLine = true
        var index = start + 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") { isOnFirstLine = false }
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
                if bytes[index + 1] == quote, isOnFirstLine { doubtful = index + 1 }
                index += bytes[index + 1] == UInt8(ascii: "\n") ? 1 : 2
            } else if byte == quote {
                if let behind = restOfLine(from: index + 1) { return (quoting, index + 1, behind, false) }
                break
            } else {
                index += 1
            }
        }
        guard let doubtful, let behind = restOfLine(from: doubtful + 1) else { return nil }
        return (quoting, doubtful + 1, behind, true)
    }

    /// The line ending, when only white space and a comment stand before it.
    private func restOfLine(from start: Int) -> Int? {
        let end = lineEnd(from: start)
        var index = afterBlanks(start)
        while index < end, bytes[index] == UInt8(ascii: "\r") { index += 1 }
        return index >= end || bytes[index] == UInt8(ascii: "#") ? end : nil
    }

    /// The end of a bare value: before ` #`, trailing white space off. A `#` right behind the separator's space
    /// is taken for a comment, which its writer meant even where Compose reads it as the value.
    private func bareEnd(from start: Int, to lineEnd: Int) -> Int {
        var end = lineEnd
        var index = start
        while index < lineEnd {
            let before = bytes[index - 1]
            if bytes[index] == UInt8(ascii: "#"), before == 0x20 || before == 0x09 {
                end = index
                break
            }
            index += 1
        }
        while end > start, [0x20, 0x09, 0x0d].contains(bytes[end - 1]) { end -= 1 }
        return end
    }
}
