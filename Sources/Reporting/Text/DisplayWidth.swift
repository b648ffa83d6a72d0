/// How many columns of a terminal a text takes.
///
/// Terminals disagree about joined emoji: some show a family as one picture two columns wide, others as its
/// members side by side. The sum over the code points is the widest of the answers, so a line that fits by this
/// count fits everywhere; at worst a column after such an emoji stands a little to the left.
public enum DisplayWidth {
    /// Columns of a text without control characters.
    public static func of(_ text: some StringProtocol) -> Int {
        if SafeText.isPrintableASCII(text) { return text.utf8.count }
        var width = 0
        var last: (scalar: Unicode.Scalar, width: Int)?
        for scalar in text.unicodeScalars {
            if scalar.value == 0xFE0F, let base = last, base.width == 1, base.scalar.properties.isEmoji {
                // The emoji selector turns a narrow sign into a picture.
                width += 1
                last = nil
                continue
            }
            let own = of(scalar)
            width += own
            last = (scalar, own)
        }
        return width
    }

    /// Columns of one code point on its own: 0, 1 or 2.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x7F { return value < 0x20 ? 0 : 1 }
        if value < 0xA0 { return 0 }
        if value < 0x300 { return 1 }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        if WideRanges.contains(value) { return 2 }
        // The halfwidth Hangul filler is invisible, but takes its column.
        if properties.isDefaultIgnorableCodePoint, value != 0xFFA0 { return 0 }
        // Vowels and finals of Hangul join the syllable before them.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        return 1
    }

    /// The longest beginning that fits in so many columns, never cutting through a character.
    public static func prefix(_ text: String, fitting columns: Int) -> String {
        if text.utf8.count <= columns { return text }
        var width = 0
        var end = text.startIndex
        for character in text {
            let own = of(String(character))
            if width + own > columns { break }
            width += own
            end = text.index(after: end)
        }
        return String(text[..<end])
    }

    /// The text, or its beginning with `mark` where it is wider than `columns`.
    public static func truncate(_ text: String, to columns: Int, mark: String) -> String {
        if of(text) <= columns { return text }
        let room = columns - of(mark)
        return room < 0 ? String(repeating: ".", count: max(0, columns)) : prefix(text, fitting: room) + mark
    }

    /// The text with spaces behind it up to `columns`.
    public static func pad(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - of(text)))
    }
}
