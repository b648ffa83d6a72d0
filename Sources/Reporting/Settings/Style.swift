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
        var text = ""
        write(line, to: &text)
        return text
    }

    /// Several lines, each with its newline.
    public func text(_ lines: [StyledLine]) -> String {
        var text = ""
        for line in lines {
            write(line, to: &text)
            text += "\n"
        }
        return text
    }

    private func write(_ line: StyledLine, to text: inout String) {
        let space = UInt8(ascii: " ")
        guard let last = line.pieces.lastIndex(where: { !$0.text.utf8.allSatisfy { $0 == space } }) else { return }
        for index in 0...last {
            let piece = line.pieces[index]
            var shown = piece.text
            if index == last { while shown.utf8.last == space { shown.removeLast() } }
            if isColored, let code = piece.ink.code {
                text += "\u{1B}[\(code)m\(shown)\u{1B}[0m"
            } else {
                text += shown
            }
        }
    }

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
