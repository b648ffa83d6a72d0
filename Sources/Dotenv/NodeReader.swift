import Base

/// motdotla/dotenv 17: one regular expression, matched again and again over the whole text. What it gives back
/// on failure (backtracking) is part of the dialect and is spelled out here step by step.
struct NodeReader {
    private let text: Scalars
    private var values = OrderedMap<String, String>()

    static func values(of text: String) -> OrderedMap<String, String> {
        var reader = NodeReader(text: withUnixLines(Scalars(text: text)))
        reader.read()
        return reader.values
    }

    private init(text: Scalars) { self.text = text }

    /// CR and CRLF become LF.
    static func withUnixLines(_ text: Scalars) -> Scalars {
        guard text.contains("\r") else { return text }
        var result: Scalars = []
        result.reserveCapacity(text.count)
        for (index, scalar) in text.enumerated() {
            if scalar == "\r" {
                result.append("\n")
            } else if scalar != "\n" || index == 0 || text[index - 1] != "\r" {
                result.append(scalar)
            }
        }
        return result
    }

    private mutating func read() {
        var place = 0
        while place <= text.count {
            guard place == 0 || text[place - 1].isScriptLineEnd else {
                place += 1
                continue
            }
            let start = afterSpaces(place)
            if let end = readBinding(at: start) {
                place = end
            } else {
                place = start + 1  // every line start up to here leads to the same failure
            }
        }
    }

    private func afterSpaces(_ start: Int) -> Int {
        var place = start
        while place < text.count, text[place].isScriptSpace { place += 1 }
        return place
    }

    /// Takes the binding whose name (or `export`) stands at `start`; gives the end of the match.
    private mutating func readBinding(at start: Int) -> Int? {
        if text.has("export", at: start) {
            let name = afterSpaces(start + 6)
            if name > start + 6, let end = readPair(at: name) { return end }
        }
        return readPair(at: start)
    }

    private mutating func readPair(at start: Int) -> Int? {
        var place = start
        while place < text.count, text[place].isWord || text[place] == "." || text[place] == "-" { place += 1 }
        guard place > start else { return nil }
        let key = text[start..<place].text
        let equals = afterSpaces(place)
        if equals < text.count, text[equals] == "=" {
            place = equals + 1
        } else if place + 1 < text.count, text[place] == ":", text[place + 1].isScriptSpace {
            place += 2
        } else {
            return nil
        }
        let (raw, end) = rawValue(at: place)
        values[key] = Self.cleaned(raw)
        return end
    }

    /// The value with its quotes, and the end of the match: first a quoted value with nothing but a comment
    /// behind it, white space (line ends included) before it; else all up to `#` or the end of the line.
    private func rawValue(at place: Int) -> (raw: ArraySlice<Unicode.Scalar>, end: Int) {
        let quotePlace = afterSpaces(place)
        if quotePlace < text.count, ["'", "\"", "`"].contains(text[quotePlace]) {
            for closing in text.closingQuotes(of: quotePlace) {
                if let end = matchEnd(behind: closing + 1) { return (text[place...closing], end) }
            }
        }
        var end = place
        while end < text.count, text[end] != "#", text[end] != "\n" { end += 1 }
        return (text[place..<end], matchEnd(behind: end) ?? end)
    }

    /// The end of white space, an optional comment and the end of a line; nil where something else stands.
    private func matchEnd(behind place: Int) -> Int? {
        var end = afterSpaces(place)
        if end == text.count { return end }
        if text[end] == "#" {
            while end < text.count, !text[end].isScriptLineEnd { end += 1 }
            return end
        }
        return text[place..<end].lastIndex(where: \.isScriptLineEnd)
    }

    /// Trimmed, without its quotes, `\n` and `\r` resolved where it began with a double quote.
    private static func cleaned(_ raw: ArraySlice<Unicode.Scalar>) -> String {
        let value = Scalars(raw.trimming(\.isScriptSpace))
        var content = withoutQuotes(value)
        if value.first == "\"" {
            content = replacing("n", with: "\n", in: content)
            content = replacing("r", with: "\r", in: content)
        }
        return content.text
    }

    /// The quote pairs that open at the start of a line and close at the end of one, the widest first.
    private static func withoutQuotes(_ value: Scalars) -> Scalars {
        var result: Scalars = []
        var place = 0
        while place < value.count {
            let scalar = value[place]
            let isLineStart = place == 0 || value[place - 1].isScriptLineEnd
            if isLineStart, ["'", "\"", "`"].contains(scalar),
                let closing = value[(place + 1)...].indices.last(where: {
                    value[$0] == scalar && ($0 + 1 == value.count || value[$0 + 1].isScriptLineEnd)
                })
            {
                result += value[(place + 1)..<closing]
                place = closing + 1
            } else {
                result.append(scalar)
                place += 1
            }
        }
        return result
    }

    private static func replacing(_ code: Unicode.Scalar, with scalar: Unicode.Scalar, in text: Scalars) -> Scalars {
        var result: Scalars = []
        var place = 0
        while place < text.count {
            if text[place] == "\\", place + 1 < text.count, text[place + 1] == code {
                result.append(scalar)
                place += 2
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return result
    }
}
