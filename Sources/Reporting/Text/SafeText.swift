/// Text from outside — output of steps, names, messages — made fit for a screen.
///
/// Escape sequences are taken out, a carriage return and a backspace do what they would do on a terminal, and
/// what else would be invisible or move the cursor is written out: `^G`, `<U+202E>`. Logs keep the raw text.
public enum SafeText {
    /// One line: breaks become spaces, tabs are expanded to stops of eight, and at most `limit` code points are
    /// kept.
    public static func line(_ text: String, limit: Int = 4096) -> String {
        if text.utf8.count <= limit, isPrintableASCII(text) { return text }
        var scanner = Scanner()
        for scalar in text.unicodeScalars {
            scanner.take(scalar)
            if scanner.count >= limit {
                scanner.finish()
                return scanner.text + "…"
            }
        }
        scanner.finish()
        return scanner.text
    }

    /// Whether each byte is a character that takes one column, as in most texts.
    static func isPrintableASCII(_ text: some StringProtocol) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }
        // On the bytes themselves: this is asked for every piece of every line.
        return text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPlain) } ?? text.utf8.allSatisfy(isPlain)
    }

    /// The lines of a text, each made safe; a break at the end opens no further line.
    public static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\u{2028}" || scalar == "\u{2029}" {
                lines.append(Self.line(String(line)))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
        }
        if !line.isEmpty { lines.append(Self.line(String(line))) }
        return lines
    }

    private struct Scanner {
        private enum Mode { case text, escape, intermediate, control, string, stringEscape }

        private var kept = String.UnicodeScalarView()
        private var mode = Mode.text
        private var column = 0
        private var hasReturned = false
        /// Code points in the line so far.
        var count: Int = 0
        var text: String { String(kept) }

        mutating func take(_ scalar: Unicode.Scalar) {
            let value = scalar.value
            switch mode {
            case .text: takeText(scalar)
            case .escape:
                switch scalar {
                case "[": mode = .control
                case "]", "P", "X", "^", "_": mode = .string
                case _ where (0x20...0x2F).contains(value): mode = .intermediate
                default: mode = .text
                }
            case .intermediate: if !(0x20...0x2F).contains(value) { mode = .text }
            case .control: if (0x40...0x7E).contains(value) { mode = .text }
            case .string:
                if value == 0x07 || value == 0x9C { mode = .text }
                if value == 0x1B { mode = .stringEscape }
            case .stringEscape: mode = scalar == "\\" ? .text : .string
            }
        }

        mutating func finish() { hasReturned = false }

        private mutating func takeText(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x1B: mode = .escape
            case 0x9B: mode = .control
            case 0x90, 0x98, 0x9D, 0x9E, 0x9F: mode = .string
            case 0x0D: hasReturned = true
            case 0x08:
                if let last = kept.popLast() {
                    count -= 1
                    column -= DisplayWidth.of(last)
                }
            case 0x09:
                restart()
                for _ in 0..<(8 - max(0, column) % 8) { keep(" ") }
            case 0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029:
                hasReturned = false
                keep(" ")
            case 0..<0x20: write("^\(Unicode.Scalar(UInt8(scalar.value + 0x40)))")
            case 0x7F: write("^?")
            case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF:
                // Marks that turn the direction of writing can make a command look like another one.
                let digits = String(scalar.value, radix: 16, uppercase: true)
                write("<U+" + String(repeating: "0", count: 4 - digits.count) + digits + ">")
            default:
                restart()
                keep(scalar)
            }
        }

        private mutating func write(_ text: String) {
            restart()
            for scalar in text.unicodeScalars { keep(scalar) }
        }

        private mutating func keep(_ scalar: Unicode.Scalar) {
            kept.append(scalar)
            count += 1
            column += DisplayWidth.of(scalar)
        }

        /// What follows a carriage return takes the place of the line so far: a bar that redraws itself.
        private mutating func restart() {
            guard hasReturned else { return }
            hasReturned = false
            kept = String.UnicodeScalarView()
            count = 0
            column = 0
        }
    }
}
