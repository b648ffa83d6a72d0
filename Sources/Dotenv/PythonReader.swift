import Base

/// python-dotenv 1.2 reading a file: Python's text mode makes every line end LF first; a line that does not fit
/// is skipped to its end; `${NAME}` and `${NAME:-default}` are expanded in every quoting, `$NAME` never.
struct PythonReader {
    private let text: Scalars
    private let environment: [String: String]
    private var place = 0
    private var values = OrderedMap<String, String>()
    /// Names that stand without `=`: they have no value and hide an earlier one.
    private var valueless: Set<String> = []

    static func values(of text: String, environment: [String: String]) -> OrderedMap<String, String> {
        var scalars = NodeReader.withUnixLines(Scalars(text: text))
        if scalars.first == "\u{feff}" { scalars.removeFirst() }
        var reader = PythonReader(text: scalars, environment: environment)
        while reader.place < scalars.count {
            if !reader.readBinding() { reader.skipLine() }
        }
        return reader.values
    }

    private init(text: Scalars, environment: [String: String]) {
        self.text = text
        self.environment = environment
    }

    private mutating func skip(while belongs: (Unicode.Scalar) -> Bool) {
        while place < text.count, belongs(text[place]) { place += 1 }
    }

    private mutating func skipBlanks() { skip { $0.isPythonSpace && $0 != "\n" } }

    private mutating func skipLine() {
        skip { $0 != "\n" }
        if place < text.count { place += 1 }
    }

    /// False when the line does not fit; the place is then where the misfit was found.
    private mutating func readBinding() -> Bool {
        skip(while: \.isPythonSpace)
        guard place < text.count else { return true }
        if text.has("export", at: place), place + 6 < text.count, text[place + 6].isPythonSpace, text[place + 6] != "\n"
        {
            place += 6
            skipBlanks()
        }
        guard let key = readKey() else { return false }
        skipBlanks()
        var value: Scalars?
        if place < text.count, text[place] == "=" {
            place += 1
            skipBlanks()
            guard let read = readValue() else { return false }
            value = read
        }
        let beforeComment = place
        skipBlanks()
        if place < text.count, text[place] == "#" { skip { $0 != "\n" } } else { place = beforeComment }
        skipBlanks()
        guard place == text.count || text[place] == "\n" else {
            place = beforeComment
            return false
        }
        if place < text.count { place += 1 }
        if let name = key.name { store(value, for: name) }
        return true
    }

    /// A key, or none where a comment begins; nil when neither stands here.
    private mutating func readKey() -> (name: String?, Void)? {
        guard place < text.count else { return nil }
        if text[place] == "#" { return (nil, ()) }
        let start = place
        if text[place] == "'" {
            guard let closing = text.place(of: "'", from: start + 1), closing > start + 1 else { return nil }
            place = closing + 1
            return (text[(start + 1)..<closing].text, ())
        }
        skip { $0 != "=" && $0 != "#" && !$0.isPythonSpace }
        return place > start ? (text[start..<place].text, ()) : nil
    }

    private mutating func readValue() -> Scalars? {
        guard place < text.count else { return [] }
        switch text[place] {
        case "'": return readQuoted("'", escapes: ["\\": "\\", "'": "'"])
        case "\"":
            return readQuoted(
                "\"",
                escapes: [
                    "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r",
                    "t": "\t", "v": "\u{b}",
                ])
        default:
            let start = place
            skip { $0 != "\n" }
            var value = text[start..<place]
            if let comment = value.indices.first(where: { text[$0] == "#" && $0 > start && text[$0 - 1].isPythonSpace })
            {
                value = value[..<comment]
            }
            return Scalars(value.trimmingEnd(\.isPythonSpace))
        }
    }

    /// Closes at the first quote without a backslash before it, else at the last one of all.
    private mutating func readQuoted(_ quote: Unicode.Scalar, escapes: [Unicode.Scalar: Unicode.Scalar]) -> Scalars? {
        var closing: Int?
        var index = place + 1
        while index < text.count {
            if text[index] == "\\", index + 1 < text.count, text[index + 1] == quote {
                closing = index + 1
                index += 2
                continue
            }
            if text[index] == quote {
                closing = index
                break
            }
            index += 1
        }
        guard let closing else { return nil }
        var result: Scalars = []
        index = place + 1
        while index < closing {
            if text[index] == "\\", index + 1 < closing, let scalar = escapes[text[index + 1]] {
                result.append(scalar)
                index += 2
            } else {
                result.append(text[index])
                index += 1
            }
        }
        place = closing + 1
        return result
    }

    private mutating func store(_ value: Scalars?, for name: String) {
        guard let value else {
            values[name] = nil
            valueless.insert(name)
            return
        }
        let expanded = expanding(value)
        valueless.remove(name)
        values[name] = expanded
    }

    private func expanding(_ value: Scalars) -> String {
        var result: Scalars = []
        var index = 0
        while index < value.count {
            if value.has("${", at: index), let (name, alternative, end) = variable(in: value, at: index) {
                if let found = environment[name] ?? values[name] {
                    result += Scalars(text: found)
                } else if !valueless.contains(name) {
                    result += alternative
                }
                index = end
            } else {
                result.append(value[index])
                index += 1
            }
        }
        return result.text
    }

    private func variable(
        in value: Scalars, at start: Int
    ) -> (name: String, alternative: ArraySlice<Unicode.Scalar>, end: Int)? {
        var index = start + 2
        while index < value.count, value[index] != "}", value[index] != ":" { index += 1 }
        guard index < value.count else { return nil }
        let name = value[(start + 2)..<index].text
        if value[index] == "}" { return (name, [], index + 1) }
        guard value.has(":-", at: index), let end = value.place(of: "}", from: index + 2) else { return nil }
        return (name, value[(index + 2)..<end], end + 1)
    }
}
