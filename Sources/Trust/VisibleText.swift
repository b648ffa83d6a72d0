/// Text from a manifest as it may be shown: nothing in it can move the cursor, hide or reorder what is read.
public enum VisibleText {
    /// One line: every character that is not seen as itself is written as `<U+202E>`, line ends too.
    public static func show(_ text: some StringProtocol) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if isPlain(scalar) {
                shown.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                shown += "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
            }
        }
        return shown
    }

    /// The same, line by line: only a newline ends one. A last newline begins none.
    public static func lines(_ text: String) -> [String] {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            show(String($0))
        }
        if lines.count > 1, lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Letters, digits, marks, symbols and the ASCII space; nothing that is invisible or turns the direction.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            false
        default: true
        }
    }
}
