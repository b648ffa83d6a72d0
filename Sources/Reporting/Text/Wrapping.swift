/// Breaks text into lines of a terminal.
public enum Wrapping {
    /// Breaks at spaces. A word wider than the line stands on a line of its own, unbroken, so that a path can
    /// still be copied; the terminal folds it. Nil columns: one line.
    public static func words(_ text: String, columns: Int?) -> [String] {
        guard let columns, DisplayWidth.of(text) > columns else { return [text] }
        var lines: [String] = []
        var line = ""
        var width = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            let own = DisplayWidth.of(word)
            if !line.isEmpty, width + 1 + own > columns {
                lines.append(line)
                line = ""
                width = 0
            }
            if !line.isEmpty {
                line += " "
                width += 1
            }
            line += word
            width += own
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// Breaks anywhere between characters, so that nothing is wider than `columns`.
    public static func hard(_ text: String, columns: Int) -> [String] {
        guard columns > 0, DisplayWidth.of(text) > columns else { return [text] }
        var lines: [String] = []
        var line = ""
        var width = 0
        for character in text {
            let own = DisplayWidth.of(String(character))
            // A cluster wider than the whole line can't be shown at all.
            if own > columns { continue }
            if width + own > columns {
                lines.append(line)
                line = ""
                width = 0
            }
            line.append(character)
            width += own
        }
        lines.append(line)
        return lines
    }
}
