/// Text as its Unicode scalars: what the real readers' rules are written in. A `Character` would join a CR
/// with its LF, and a letter with the accent behind it.
typealias Scalars = [Unicode.Scalar]

extension Array where Element == Unicode.Scalar {
    init(text: String) { self = Array(text.unicodeScalars) }

    /// The first place at or behind `start` where the scalar stands.
    func place(of scalar: Unicode.Scalar, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == scalar { return index }
            index += 1
        }
        return nil
    }

    /// Where the quote at a place may close, in the order in which the regular expressions of the JavaScript and the Ruby
    /// reader try: the first one without a backslash before it, then those with one, last first.
    func closingQuotes(of opening: Int) -> [Int] {
        let quote = self[opening]
        var escaped: [Int] = []
        var place = opening + 1
        while place < count {
            if self[place] == "\\", place + 1 < count, self[place + 1] == quote {
                escaped.append(place + 1)
                place += 2
            } else if self[place] == quote {
                return [place] + escaped.reversed()
            } else {
                place += 1
            }
        }
        return escaped.reversed()
    }

    /// Whether the text stands at that place.
    func has(_ text: StaticString, at start: Int) -> Bool {
        text.withUTF8Buffer { bytes in
            guard start + bytes.count <= count else { return false }
            return bytes.indices.allSatisfy { self[start + $0].value == UInt32(bytes[$0]) }
        }
    }
}

extension Collection where Element == Unicode.Scalar {
    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}

extension BidirectionalCollection where Element == Unicode.Scalar, SubSequence == Self {
    func trimming(_ belongs: (Unicode.Scalar) -> Bool) -> Self {
        drop(while: belongs).trimmingEnd(belongs)
    }

    func trimmingEnd(_ belongs: (Unicode.Scalar) -> Bool) -> Self {
        var rest = self
        while let last = rest.last, belongs(last) { rest.removeLast() }
        return rest
    }
}

/// What counts as white space, by the language a reader is written in.
extension Unicode.Scalar {
    /// Go's `unicode.IsSpace`: the White_Space property.
    var isGoSpace: Bool { value < 0x80 ? (value >= 9 && value <= 13) || value == 32 : properties.isWhitespace }

    /// Python's `\s` in text: White_Space and the four information separators.
    var isPythonSpace: Bool { isGoSpace || (0x1c...0x1f).contains(value) }

    /// JavaScript's `\s`: White_Space without NEL, and the byte order mark.
    var isScriptSpace: Bool { (isGoSpace && value != 0x85) || value == 0xfeff }

    /// JavaScript's line terminators, where `^` and `$` match in multi-line mode.
    var isScriptLineEnd: Bool { value == 0xa || value == 0xd || value == 0x2028 || value == 0x2029 }

    /// `[A-Za-z0-9_]`.
    var isWord: Bool {
        switch value {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: true
        default: false
        }
    }

    /// `[A-Za-z_]`.
    var isNameStart: Bool { isWord && !isDigit }

    /// `[0-9]`.
    var isDigit: Bool { (0x30...0x39).contains(value) }
}
