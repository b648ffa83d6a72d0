/// How text looks on one stream: with colours or without, with signs beyond ASCII or without.
public struct Style: Hashable, Sendable {
    public var isColored: Bool
    public var isUnicode: Bool

    public init(isColored: Bool, isUnicode: Bool) {
        self.isColored = isColored
        self.isUnicode = isUnicode
    }

    /// No colours, ASCII signs.
    public static let plain = Style(isColored: false, isUnicode: false)

    /// The line as it is written, without a newline. Spaces at its end are dropped.
    public func text(_ line: StyledLine) -> String {
        var pieces = line.pieces
        while let last = pieces.last {
            var text = last.text[...]
            while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
            pieces.removeLast()
            if text.isEmpty { continue }
            pieces.append(StyledLine.Piece(text: String(text), ink: last.ink))
            break
        }
        guard isColored else { return pieces.map(\.text).joined() }
        return pieces.map { piece in
            piece.ink.code.map { "\u{1B}[\($0)m\(piece.text)\u{1B}[0m" } ?? piece.text
        }.joined()
    }

    /// Several lines, each with its newline.
    public func text(_ lines: [StyledLine]) -> String { lines.map { text($0) + "\n" }.joined() }

    /// What stands for text that was cut off.
    public var ellipsis: String { isUnicode ? "…" : "..." }
    var doneSign: String { isUnicode ? "✓" : "+" }
    var failedSign: String { isUnicode ? "✗" : "x" }
    var skippedSign: String { isUnicode ? "○" : "o" }
    var stoppedSign: String { isUnicode ? "■" : "#" }
    var warningSign: String { "!" }
    var retrySign: String { isUnicode ? "↻" : "~" }
    var arrow: String { isUnicode ? "→" : "->" }
    var filledBar: String { isUnicode ? "█" : "#" }
    var emptyBar: String { isUnicode ? "░" : "." }
    var spinner: [String] {
        isUnicode ? ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] : ["|", "/", "-", "\\"]
    }
}
