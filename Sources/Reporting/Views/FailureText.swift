public import Execution

/// The one rendering of a failed node: what happened, what it wrote last, where the rest is, what to do.
public struct FailureText: Sendable {
    private static let tailLines = 10
    private static let namedSkips = 5

    private let style: Style
    private let columns: Int?

    /// `columns`: of the terminal; nil: lines stay as long as they are.
    public init(style: Style, columns: Int?) {
        self.style = style
        self.columns = columns
    }

    /// - Parameters:
    ///   - output: the last lines that the node wrote, where the failure itself brings none.
    ///   - log: the path of the whole log.
    ///   - skipped: what was not tried because of this failure.
    public func lines(
        _ id: NodeID, _ failure: NodeFailure, seconds: Double = 0, attempts: Int = 1, output: [String] = [],
        log: String? = nil, skipped: [NodeID] = []
    ) -> [StyledLine] {
        let messages = SafeText.lines(failure.message)
        var head = StyledLine(style.failedSign + " ", .bad)
        head.add(id.description, .strong)
        let first = (messages.first ?? "failed") + timing(seconds, attempts)
        var lines: [StyledLine]
        if let columns, head.width + 2 + DisplayWidth.of(first) > columns {
            lines = [head] + indented(first)
        } else {
            lines = [head + "  " + StyledLine(first)]
        }
        for message in messages.dropFirst() { lines += indented(message) }
        let tail = (failure.output.isEmpty ? output : failure.output).suffix(Self.tailLines)
        for line in tail { lines += quoted(line) }
        if let log { lines += labelled("log", log) }
        if !skipped.isEmpty {
            lines += labelled("skipped because of it", Words.list(skipped.map(\.description), most: Self.namedSkips))
        }
        if let remedy = failure.remedy { lines += labelled("to do", remedy) }
        return lines
    }

    private func timing(_ seconds: Double, _ attempts: Int) -> String {
        var parts: [String] = []
        if attempts > 1 { parts.append("\(attempts) attempts") }
        if seconds > 0 { parts.append(Words.elapsed(seconds)) }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    private func quoted(_ line: String) -> [StyledLine] {
        let text = SafeText.line(line)
        let parts = columns.map { Wrapping.hard(text, columns: max(8, $0 - 6)) } ?? [text]
        return parts.map { StyledLine("    | ", .faint) + StyledLine($0) }
    }

    private func indented(_ text: String) -> [StyledLine] {
        Wrapping.words(text, columns: columns.map { max(1, $0 - 4) }).map { "    " + StyledLine($0) }
    }

    private func labelled(_ label: String, _ text: String) -> [StyledLine] {
        let parts = SafeText.lines(text)
        if let columns, label.utf8.count + 6 + (parts.map { DisplayWidth.of($0) }.max() ?? 0) > columns {
            return ["    " + StyledLine(label + ":", .faint)]
                + parts.flatMap { part in
                    Wrapping.words(part, columns: max(1, columns - 6)).map { "      " + StyledLine($0) }
                }
        }
        let space = String(repeating: " ", count: label.utf8.count + 6)
        return parts.enumerated().map { index, part in
            (index == 0 ? "    " + StyledLine(label + ": ", .faint) : StyledLine(space)) + StyledLine(part)
        }
    }
}
