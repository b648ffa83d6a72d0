import Base

/// Bytes of a file → UTF-8 without a byte order mark (YAML 1.2.2, section 5.2).
enum TextDecoding {
    /// Throws a `not-text` diagnostic that names the byte where the file stops being text.
    static func decode(_ bytes: [UInt8], file: String) throws(Diagnostic) -> SourceText {
        let text: [UInt8]
        if bytes.starts(with: [0xFF, 0xFE]) {
            text = try decodeUTF16(bytes, file: file, isBigEndian: false)
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            text = try decodeUTF16(bytes, file: file, isBigEndian: true)
        } else {
            let skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            if let bad = firstInvalid(bytes, from: skipped) {
                throw notText(file, at: bad, place(of: bad - skipped, in: Array(bytes[skipped..<bad]), file))
            }
            text = skipped == 0 ? bytes : Array(bytes[skipped...])
        }
        let source = SourceText(file: file, bytes: text)
        if let problem = forbidden(in: source) { throw problem }
        return source
    }

    private static func notText(_ file: String, at byte: Int, _ location: SourceLocation) -> Diagnostic {
        Diagnostic(
            code: "not-text", "the file is not text: byte \(byte) (counted from 0) is not UTF-8", at: location,
            suggestion: "save it as UTF-8")
    }

    private static func place(of byte: Int, in before: [UInt8], _ file: String) -> SourceLocation {
        let source = SourceText(file: file, bytes: before)
        return source.location(ofCharacter: source.characterCount)
    }

    /// The first byte that is no well-formed UTF-8 (Unicode 15, table 3-7); nil when all are.
    private static func firstInvalid(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return index
            }
            guard index + length <= bytes.count, second.contains(bytes[index + 1]),
                bytes[(index + 2)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
            else { return index }
            index += length
        }
        return nil
    }

    private static func decodeUTF16(
        _ bytes: [UInt8], file: String, isBigEndian: Bool
    ) throws(Diagnostic) -> [UInt8] {
        func unit(_ index: Int) -> UInt16 {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 2
        while index < bytes.count {
            var value: UInt32 = 0xFFFF_FFFF
            var length = 2
            if index + 1 < bytes.count {
                value = UInt32(unit(index))
                if (0xD800..<0xDC00).contains(value), index + 3 < bytes.count {
                    let low = UInt32(unit(index + 2))
                    if (0xDC00..<0xE000).contains(low) {
                        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
                        length = 4
                    }
                }
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw Diagnostic(
                    code: "not-text", "the file is not text: byte \(index) (counted from 0) is not UTF-16",
                    at: place(of: out.count, in: out, file), suggestion: "save it as UTF-8")
            }
            out += Array(String(Character(scalar)).utf8)
            index += length
        }
        return out
    }

    /// Characters that YAML does not allow (section 5.1). They are found here rather than by the C library,
    /// because here the place is known.
    private static func forbidden(in source: SourceText) -> Diagnostic? {
        let bytes = source.bytes
        for (offset, byte) in bytes.enumerated() {
            // Nearly all bytes are printable ASCII.
            if byte >= 0x20, byte < 0x7F { continue }
            let isMark = byte == 0xEF && bytes[offset...].starts(with: [0xEF, 0xBB, 0xBF])
            let isHighControl =
                byte == 0xC2 && offset + 1 < bytes.count && bytes[offset + 1] < 0xA0 && bytes[offset + 1] != 0x85
            let isNoncharacter =
                byte == 0xEF
                && (bytes[offset...].starts(with: [0xEF, 0xBF, 0xBE])
                    || bytes[offset...].starts(with: [0xEF, 0xBF, 0xBF]))
            let isControl = byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
            guard isMark || isHighControl || isNoncharacter || isControl else { continue }
            let before = SourceText(file: source.file, bytes: Array(bytes[..<offset]))
            let location = before.location(ofCharacter: before.characterCount)
            if byte == 0 {
                return Diagnostic(
                    code: "not-text", "the file is not text: byte \(offset) (counted from 0) is zero", at: location,
                    suggestion: "save it as UTF-8")
            }
            let character = String(decoding: bytes[offset..<min(offset + 3, bytes.count)], as: UTF8.self)
            let number = String(character.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
            return Diagnostic(
                code: "yaml-character",
                isMark
                    ? "an invisible byte order mark (\(name)) stands inside the file"
                    : "the control character \(name) may not stand in YAML", at: location,
                suggestion: isMark
                    ? "delete it" : "delete it, or write it as an escape such as \"\\x\(number)\" in double quotes")
        }
        return nil
    }
}
