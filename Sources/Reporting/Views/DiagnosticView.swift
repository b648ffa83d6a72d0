public import Base
public import HostInterfaces

/// Problems of a file for people: the place, the words, the line with a caret under it, what to do.
///
///     init.yaml:12:7: error: unknown key 'imge'
///      12 |       imge: postgres
///         |       ^
///         = did you mean 'image'?
public struct DiagnosticView: Sendable {
    private let style: Style
    private let columns: Int?
    private let source: @Sendable (SourceLocation) -> String?

    /// - Parameters:
    ///   - columns: of the terminal; nil: lines stay as long as they are.
    ///   - source: the text of the line at a place, without its break; nil where it can't be read.
    public init(style: Style, columns: Int?, source: @escaping @Sendable (SourceLocation) -> String?) {
        self.style = style
        self.columns = columns
        self.source = source
    }

    /// Writes every problem, ordered by place, to standard error.
    public func write(_ problems: Diagnostics, to terminal: any Terminal) {
        let lines = problems.sorted.flatMap { self.lines($0) }
        if !lines.isEmpty { terminal.write(style.text(lines), to: .error) }
    }

    /// Where and what, the line of the file with a caret, and what to do.
    public func lines(_ problem: Diagnostic) -> [StyledLine] {
        let messages = SafeText.lines(problem.message)
        var head = StyledLine()
        if let location = problem.location { head.add("\(location): ", .strong) }
        head.add(problem.severity.rawValue, ink(problem.severity))
        head.add(": " + (messages.first ?? problem.code))
        var lines = [head] + messages.dropFirst().map { "  " + StyledLine($0) }
        var gutter = "  "
        if let location = problem.location, let text = source(location) {
            let number = String(location.line)
            gutter = String(repeating: " ", count: number.utf8.count + 2)
            let excerpt = Excerpt(
                text, column: location.column, columns: columns.map { max(8, $0 - gutter.utf8.count - 2) },
                mark: style.ellipsis)
            lines.append(StyledLine(" \(number) | ", .faint) + StyledLine(excerpt.text))
            let caret = String(repeating: " ", count: excerpt.caret)
            lines.append(
                StyledLine(gutter + "| ", .faint) + StyledLine(caret) + StyledLine("^", ink(problem.severity)))
        }
        if let suggestion = problem.suggestion {
            for (index, part) in SafeText.lines(suggestion).enumerated() {
                lines.append(StyledLine(gutter + (index == 0 ? "= " : "  "), .faint) + StyledLine(part, .accent))
            }
        }
        return lines
    }

    private func ink(_ severity: Diagnostic.Severity) -> Ink {
        switch severity {
        case .error: .bad
        case .warning: .warning
        case .note: .accent
        }
    }
}

/// The part of a source line that is shown, and how many columns stand before the caret.
struct Excerpt: Hashable, Sendable {
    private(set) var text: String
    private(set) var caret: Int

    /// `column` counts code points from 1; one behind the end of the line points behind its text. A line wider
    /// than `columns` is cut on both sides of the place.
    init(_ line: String, column: Int, columns: Int?, mark: String) {
        let scalars = line.unicodeScalars.filter { $0 != "\n" && $0 != "\r" }
        let split =
            scalars.index(
                scalars.startIndex, offsetBy: max(0, column - 1), limitedBy: scalars.endIndex) ?? scalars.endIndex
        // Both halves are made safe apart, so that the caret counts what is really shown before it.
        var before = Self.shown(scalars[..<split])
        let after = Self.shown(scalars[split...])
        if let columns {
            // Room for the place itself and a few columns behind it.
            let most = max(1, columns - min(max(1, DisplayWidth.of(after)), max(1, columns / 3)))
            if DisplayWidth.of(before) > most {
                let room = max(0, most - DisplayWidth.of(mark))
                before = mark + Self.suffix(before, fitting: room)
            }
            let left = max(0, columns - DisplayWidth.of(before))
            text = before + DisplayWidth.truncate(after, to: left, mark: mark)
        } else {
            text = before + after
        }
        caret = DisplayWidth.of(before)
    }

    /// Tabs are shown as four columns, whatever stands before them.
    private static func shown(_ scalars: Substring.UnicodeScalarView) -> String {
        var expanded = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar == "\t" { expanded.append(contentsOf: "    ".unicodeScalars) } else { expanded.append(scalar) }
        }
        return SafeText.line(String(expanded))
    }

    private static func suffix(_ text: String, fitting columns: Int) -> String {
        var width = 0
        var start = text.endIndex
        while start > text.startIndex {
            let before = text.index(before: start)
            let own = DisplayWidth.of(text[before..<start])
            if width + own > columns { break }
            width += own
            start = before
        }
        return String(text[start...])
    }
}
