import Base

/// Ruby's dotenv 3 (`Dotenv::Parser`): one regular expression matched again and again over the whole text, much like
/// Node's, then quotes, escapes and `$NAME` by rules of its own.
struct RubyReader {
    private let text: Scalars
    private let environment: [String: String]
    /// Whether `\n` in double quotes is a line feed: so before release 3, and since with `DOTENV_LINEBREAK_MODE=legacy`.
    private let expandsLines: Bool
    private var values = OrderedMap<String, String>()

    static func values(
        of text: String, environment: [String: String], expandsLines: Bool = false
    ) throws(DotenvError) -> OrderedMap<String, String> {
        var scalars = NodeReader.withUnixLines(Scalars(text: text))
        if scalars.first == "\u{feff}" { scalars.removeFirst() }
        var reader = RubyReader(text: scalars, environment: environment, expandsLines: expandsLines)
        try reader.read()
        return reader.values
    }

    private init(text: Scalars, environment: [String: String], expandsLines: Bool) {
        self.text = text
        self.environment = environment
        self.expandsLines = expandsLines
    }

    private mutating func read() throws(DotenvError) {
        var place = 0
        var counted = 0
        var line = 1
        while place <= text.count {
            guard place == 0 || text[place - 1] == "\n" else {
                place += 1
                continue
            }
            let start = afterSpaces(place)
            while counted < min(start, text.count) {
                if text[counted] == "\n" { line += 1 }
                counted += 1
            }
            if let end = try readBinding(at: start, line: line) {
                place = max(end, place + 1)
            } else {
                place = start + 1
            }
        }
    }

    private func afterSpaces(_ start: Int) -> Int {
        var place = start
        while place < text.count, text[place].isRubySpace { place += 1 }
        return place
    }

    private mutating func readBinding(at start: Int, line: Int) throws(DotenvError) -> Int? {
        if text.has("export", at: start) {
            let name = afterSpaces(start + 6)
            if name > start + 6, let end = try readPair(at: name, hasExport: true, line: line) { return end }
        }
        return try readPair(at: start, hasExport: false, line: line)
    }

    private mutating func readPair(at start: Int, hasExport: Bool, line: Int) throws(DotenvError) -> Int? {
        var place = start
        while place < text.count, text[place].isWord || text[place] == "." { place += 1 }
        guard place > start else { return nil }
        let key = text[start..<place].text
        let equals = afterSpaces(place)
        var raw: ArraySlice<Unicode.Scalar>?
        let end: Int
        if equals < text.count, text[equals] == "=" {
            (raw, end) = rawValue(at: equals + 1)
        } else if place + 1 < text.count, text[place] == ":", text[place + 1].isRubySpace {
            (raw, end) = rawValue(at: place + 2)
        } else if let tail = matchEnd(behind: place) {
            end = tail
        } else {
            return nil
        }
        if let given = environment[key] {
            values[key] = given
        } else if hasExport, raw == nil {
            if values[key] == nil { throw DotenvError(.unsetExport(key), line: line) }
        } else {
            values[key] = try cleaned(raw ?? [], line: line)
        }
        return end
    }

    /// The value with its quotes, nil where there is none, and the end of the match.
    private func rawValue(at place: Int) -> (raw: ArraySlice<Unicode.Scalar>?, end: Int) {
        let quotePlace = afterSpaces(place)
        if quotePlace < text.count, text[quotePlace] == "'" || text[quotePlace] == "\"" {
            for closing in text.closingQuotes(of: quotePlace) {
                if let end = matchEnd(behind: closing + 1) { return (text[place...closing], end) }
            }
        }
        var end = place
        while end < text.count, text[end] != "#", text[end] != "\n" { end += 1 }
        return (end > place ? text[place..<end] : nil, matchEnd(behind: end) ?? end)
    }

    /// The end of white space, an optional comment and the end of a line; nil where something else stands.
    private func matchEnd(behind place: Int) -> Int? {
        var end = afterSpaces(place)
        if end == text.count { return end }
        if text[end] == "#" {
            while end < text.count, text[end] != "\n" { end += 1 }
            return end
        }
        return text[place..<end].lastIndex(of: "\n")
    }

    private func cleaned(_ raw: ArraySlice<Unicode.Scalar>, line: Int) throws(DotenvError) -> String {
        var value = Scalars(raw.trimmingEnd { $0.isRubySpace || $0 == "\0" }.drop(while: \.isRubySpace))
        var quote: Unicode.Scalar?
        if value.count > 1, let first = value.first, first == value.last, first == "'" || first == "\"" {
            quote = first
            value = Scalars(value[1..<(value.count - 1)])
        }
        if quote == "'" { return value.text }
        if quote == "\"" { value = withLines(value) }
        return try withoutCommands(substituted(Self.unescaped(value)), line: line).text
    }

    /// `\n` and `\r`: line ends, or, in newer releases, kept as they are through the unescaping that follows.
    private func withLines(_ value: Scalars) -> Scalars {
        var result: Scalars = []
        var place = 0
        while place < value.count {
            if value[place] == "\\", place + 1 < value.count, value[place + 1] == "n" || value[place + 1] == "r" {
                if expandsLines {
                    result.append(value[place + 1] == "n" ? "\n" : "\r")
                } else {
                    result += ["\\", "\\", value[place + 1]]
                }
                place += 2
            } else {
                result.append(value[place])
                place += 1
            }
        }
        return result
    }

    /// A backslash goes, save before `$`.
    private static func unescaped(_ value: Scalars) -> Scalars {
        var result: Scalars = []
        var place = 0
        while place < value.count {
            if value[place] == "\\", place + 1 < value.count, value[place + 1] != "$" { place += 1 }
            result.append(value[place])
            place += 1
        }
        return result
    }

    /// `$NAME` and `${NAME}`, names in either case; `\$` is a dollar.
    private func substituted(_ value: Scalars) -> Scalars {
        var result: Scalars = []
        var place = 0
        while place < value.count {
            let isEscaped = value[place] == "\\" && place + 1 < value.count && value[place + 1] == "$"
            let dollar = isEscaped ? place + 1 : place
            guard value[dollar] == "$", dollar + 1 == value.count || value[dollar + 1] != "(" else {
                result.append(value[place])
                place += 1
                continue
            }
            var end = dollar + 1
            if end < value.count, value[end] == "{" { end += 1 }
            let start = end
            while end < value.count, value[end].isWord { end += 1 }
            let name = value[start..<end].text
            if end < value.count, value[end] == "}" { end += 1 }
            if isEscaped || name.isEmpty {
                result += value[dollar..<end]
            } else {
                result += Scalars(text: values[name] ?? environment[name] ?? "")
            }
            place = end
        }
        return result
    }

    /// `$(…)` would be run; `\$(…)` is text.
    private func withoutCommands(_ value: Scalars, line: Int) throws(DotenvError) -> Scalars {
        var result: Scalars = []
        for place in value.indices {
            if value[place] == "$", value.has("(", at: place + 1), Self.isClosed(value, from: place + 1) {
                guard result.last == "\\" else { throw DotenvError(.commandSubstitution, line: line) }
                result.removeLast()
            }
            result.append(value[place])
        }
        return result
    }

    /// Whether the parenthesis that opens there holds something and closes, as those inside it do.
    private static func isClosed(_ value: Scalars, from opening: Int) -> Bool {
        var depth = 0
        for place in opening..<value.count {
            if value[place] == "(" { depth += 1 }
            if value[place] == ")" {
                if value[place - 1] == "(" { return false }
                depth -= 1
                if depth == 0 { return true }
            }
        }
        return false
    }
}

extension Unicode.Scalar {
    /// `\s` of Ruby's regular expressions.
    fileprivate var isRubySpace: Bool { value == 32 || (9...13).contains(value) }
}
