import Base

/// A syntax error in plain words, at the place to mend.
///
/// libyaml says what it did not find; people want to know what they wrote. What the line looks like decides
/// first, libyaml's words only where nothing was recognised.
struct SyntaxExplanation {
    let text: SourceText
    let problem: SyntaxProblem
    /// The event before the error.
    let quotedBefore: Range<Int>?
    /// The first characters of the flow collections that are open.
    let openFlows: [Int]

    var diagnostic: Diagnostic {
        tab ?? quotes ?? unclosedQuote ?? LibraryWords(text: text, problem: problem).diagnostic
    }

    private var place: SourceLocation { text.location(ofCharacter: problem.position) }

    private func lineText(_ line: Int) -> String { text.line(line) ?? "" }

    private func location(line: Int, column: Int) -> SourceLocation {
        SourceLocation(file: text.file, line: line, column: column)
    }

    // MARK: Tabs

    private var tab: Diagnostic? {
        let place = place
        let line = Array(lineText(place.line).unicodeScalars)
        let indentation = line.prefix { $0 == " " || $0 == "\t" }
        if let index = indentation.firstIndex(of: "\t"), openFlows.isEmpty || place.column - 1 <= indentation.count {
            return Diagnostic(
                code: "yaml-tab", "YAML does not allow tabs for indentation",
                at: location(line: place.line, column: index + 1), suggestion: "use spaces")
        }
        guard text.slice(problem.position, problem.position + 1) == "\t" else { return nil }
        return Diagnostic(code: "yaml-tab", "a tab can't stand here", at: place, suggestion: "use spaces")
    }

    // MARK: Missing quotes

    private var quotes: Diagnostic? {
        let place = place
        guard !isInsideQuotes else { return nil }
        let lineStart = text.characterIndex(ofLine: place.line)
        let values = WrittenValue.all(
            in: lineText(place.line), depth: openFlows.count { $0 < lineStart })
        let column = place.column - 1
        guard
            let value = values.last(where: { $0.start <= column && column <= $0.end })
                ?? values.last(where: { $0.start <= column }),
            let reason = reason(value)
        else { return nil }
        let quoted = value.text.contains("${") ? Quoting.double(value.text) : Quoting.single(value.text)
        return Diagnostic(
            code: "yaml-quotes", reason, at: location(line: place.line, column: value.start + 1),
            suggestion: (isTextBlock(value) ? "start the text in the next line, or " : "")
                + "put quotes around it: \(quoted)")
    }

    /// `run: | echo` was meant as a text block.
    private func isTextBlock(_ value: WrittenValue) -> Bool {
        let start = value.text.unicodeScalars.prefix(3)
        guard !value.inFlow, let first = start.first, first == "|" || first == ">", let third = start.last else {
            return false
        }
        return start.count == 3 && start.dropFirst().first == " " && third.properties.isAlphabetic
    }

    private var isInsideQuotes: Bool {
        problem.context == "while scanning a quoted scalar"
            || problem.context == "while parsing a quoted scalar"
    }

    private func reason(_ value: WrittenValue) -> String? {
        switch value.kind {
        case .afterQuote:
            return startsInsideQuotedText ? nil : "text follows the closing quote"
        case .afterBracket: return "text follows the closing bracket"
        case .plain: break
        }
        if value.inFlow, value.text.contains("${") {
            return "'${' without quotes starts a mapping inside '{ }' and '[ ]'"
        }
        switch value.text.unicodeScalars.first {
        case ">", "|":
            let first = value.text.prefix(1)
            return "a value that starts with '\(first)' is read as the head of a text block"
        case "*": return "a value that starts with '*' is read as an alias"
        case "&": return "a value that starts with '&' is read as an anchor"
        case "!": return "a value that starts with '!' is read as a tag"
        case "%" where value.start == 0: return "a line that starts with '%' is read as a directive"
        case "%": return "a value can't start with '%'"
        case "@": return "a value can't start with '@'"
        case "`": return "a value can't start with a backtick"
        case ",", "]", "}": return "a value can't start with '\(value.text.prefix(1))'"
        default: break
        }
        if problem.problem.hasPrefix("mapping values are not allowed"), containsKeyEnd(value.text) {
            return "a second ': ' stands in this value"
        }
        if problem.problem == "found unexpected ':'" { return "a ':' stands in this value" }
        if problem.problem.hasPrefix("block sequence entries"), value.text.hasPrefix("- ") {
            return "a list item can't stand in the line of its key"
        }
        return nil
    }

    private func containsKeyEnd(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.contains { index in
            scalars[index] == ":" && (index + 1 == scalars.count || scalars[index + 1] == " ")
        }
    }

    // MARK: Quotes that end elsewhere

    /// The quoted text before the error began in an earlier line: its closing quote is probably missing there.
    private var startsInsideQuotedText: Bool { longQuote != nil }

    private var longQuote: SourceLocation? {
        guard let quotedBefore else { return nil }
        let start = text.location(ofCharacter: quotedBefore.lowerBound)
        let end = text.location(ofCharacter: quotedBefore.upperBound)
        return start.line < end.line && end.line == place.line ? start : nil
    }

    private var unclosedQuote: Diagnostic? {
        if isInsideQuotes, let start = problem.contextPosition,
            problem.problem == "found unexpected end of stream"
                || problem.problem == "found unexpected document indicator"
        {
            return Diagnostic(
                code: "yaml-syntax", "this quote is never closed", at: text.location(ofCharacter: start))
        }
        guard let start = longQuote else { return nil }
        return Diagnostic(
            code: "yaml-syntax",
            "text follows the quoted text that starts in line \(start.line), column \(start.column)", at: place,
            suggestion: "look for a missing closing quote in line \(start.line)")
    }
}
