/// Text set into lines of a width, in columns of one character each.
enum Wrapping {
    /// The words of one paragraph; a word longer than the width stands alone on its line.
    static func lines(_ text: String, width: Int) -> [String] {
        pack(text.split(whereSeparator: { $0 == " " || $0 == "\n" }), width: width)
    }

    /// Pieces that are not broken, with a space between them.
    static func pack(_ pieces: [some StringProtocol], width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in pieces {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// The paragraphs of a text: what empty lines separate.
    static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [String] = []
        var open = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                if !open.isEmpty { paragraphs.append(open) }
                open = ""
            } else {
                open += (open.isEmpty ? "" : "\n") + line
            }
        }
        return open.isEmpty ? paragraphs : paragraphs + [open]
    }
}
