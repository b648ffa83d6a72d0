import Base

/// Compose's reader (compose-go `dotenv`): a scanner over the whole text rather than lines, so what follows a
/// closing quote is simply the next statement.
struct ComposeReader {
    private let text: Scalars
    private let environment: [String: String]
    private var place = 0
    private var line = 1
    private var values = OrderedMap<String, String>()

    static func values(of text: String, environment: [String: String]) throws(DotenvError) -> OrderedMap<String, String>
    {
        var scalars = Scalars(text: text)
        if scalars.first == "\u{feff}" { scalars.removeFirst() }
        var reader = ComposeReader(text: scalars, environment: environment)
        try reader.read()
        return reader.values
    }

    private init(text: Scalars, environment: [String: String]) {
        self.text = text
        self.environment = environment
    }

    private mutating func read() throws(DotenvError) {
        while skipToStatement() {
            let (key, isInherited) = try name()
            if key.contains(" ") { throw DotenvError(.spaceInKey, line: line) }
            if isInherited {
                if let value = environment[key.text] { values[key.text] = value }
                continue
            }
            values[key.text] = try value()
        }
    }

    /// Over white space and comment lines; false at the end of the text.
    private mutating func skipToStatement() -> Bool {
        while place < text.count {
            let scalar = text[place]
            if scalar == "\n" { line += 1 }
            if scalar.isGoSpace {
                place += 1
            } else if scalar == "#" {
                guard let end = text.place(of: "\n", from: place) else { return false }
                place = end
            } else {
                return true
            }
        }
        return false
    }

    /// The name before `=` or `:`; a name alone on its line is taken over from the environment.
    private mutating func name() throws(DotenvError) -> (key: Scalars, isInherited: Bool) {
        if text.has("export", at: place), place + 6 < text.count, text[place + 6].isGoPatternSpace {
            place += 6
            skipBlanks()
        }
        let start = place
        guard start < text.count else { throw DotenvError(.emptyStatement, line: line) }
        var key: Scalars = []
        var isInherited = false
        var index = start
        var after = start  // without a separator, the text itself is the value of a nameless key
        scan: while index < text.count {
            let scalar = text[index]
            switch scalar {
            case "=", ":", "\n":
                key = Scalars(text[start..<index])
                after = index + 1
                isInherited = scalar == "\n"
                break scan
            case "_", ".", "-", "[", "]": break
            default:
                guard scalar.isComposeBlank || scalar.isGoLetterOrNumber else {
                    let end = text.place(of: "\n", from: start) ?? text.count
                    throw DotenvError(.unexpectedCharacter(scalar, in: text[start..<end].text), line: line)
                }
            }
            index += 1
        }
        if isInherited, !key.contains(" ") { line += 1 }
        place = after
        skipBlanks()
        return (Scalars(key[...].trimmingEnd(\.isGoSpace)), isInherited)
    }

    private mutating func skipBlanks() {
        while place < text.count, text[place].isComposeBlank { place += 1 }
    }

    private mutating func value() throws(DotenvError) -> String {
        guard place < text.count, text[place] == "\"" || text[place] == "'" else { return try unquotedValue() }
        let quote = text[place]
        let start = place
        var content: Scalars = []
        var isEscaped = false
        var index = start + 1
        while index < text.count {
            let scalar = text[index]
            index += 1
            if scalar == "\n" { line += 1 }
            if scalar == quote {
                guard isEscaped else {
                    place = index
                    return quote == "\"" ? try expanded(Self.unescaped(content)) : content.text
                }
                isEscaped = false
                content.append(scalar)
            } else if !isEscaped, scalar == "\\" {
                isEscaped = true
            } else {
                if isEscaped { content.append("\\") }
                isEscaped = false
                content.append(scalar)
            }
        }
        let end = text.place(of: "\n", from: start) ?? text.count
        throw DotenvError(.unterminatedQuote(text[start..<end].text), line: line)
    }

    private mutating func unquotedValue() throws(DotenvError) -> String {
        let end = text.place(of: "\n", from: place) ?? text.count
        var content = text[place..<end]
        place = Swift.min(end + 1, text.count)
        line += 1
        if let comment = content.indices.first(where: { text[$0] == " " && $0 + 1 < end && text[$0 + 1] == "#" }) {
            content = content[..<comment]
        }
        return try expanded(Scalars(content.trimmingEnd(\.isGoSpace)))
    }

    private func expanded(_ content: Scalars) throws(DotenvError) -> String {
        try ComposeSubstitution(line: line) { environment[$0] ?? values[$0] }.expanding(content)
    }

    /// Escapes of a double-quoted value. `\$` becomes `$$`, which the substitution then takes for one `$`;
    /// octal takes exactly three digits behind `\0`, shorter or larger ones only lose their zero.
    static func unescaped(_ content: Scalars) -> Scalars {
        var result: Scalars = []
        var index = 0
        while index < content.count {
            guard content[index] == "\\", index + 1 < content.count else {
                result.append(content[index])
                index += 1
                continue
            }
            let code = content[index + 1]
            index += 2
            switch code {
            case "a": result.append("\u{7}")
            case "b": result.append("\u{8}")
            case "f": result.append("\u{c}")
            case "n": result.append("\n")
            case "r": result.append("\r")
            case "t": result.append("\t")
            case "v": result.append("\u{b}")
            case "\"", "\\": result.append(code)
            case "$": result += ["$", "$"]
            case "0":
                let digits = content[index...].prefix(3).prefix { $0.isDigit }
                index += digits.count
                let number = digits.allSatisfy { $0.value <= 0x37 } ? UInt32(digits.text, radix: 8) : nil
                if digits.count == 3, let number, number <= 255, let scalar = Unicode.Scalar(number) {
                    result.append(scalar)
                } else {
                    result.append("\\")
                    result += digits
                }
            default: result += ["\\", code]
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Spaces inside a line, as compose-go counts them.
    fileprivate var isComposeBlank: Bool {
        switch value {
        case 9, 0xb, 0xc, 0xd, 0x20, 0x85, 0xa0: true
        default: false
        }
    }

    /// `\s` of Go's regular expressions.
    fileprivate var isGoPatternSpace: Bool { value == 9 || value == 10 || value == 12 || value == 13 || value == 32 }

    /// Go's `unicode.IsLetter` or `unicode.IsNumber`.
    fileprivate var isGoLetterOrNumber: Bool {
        if value < 0x80 { return isWord && self != "_" }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
