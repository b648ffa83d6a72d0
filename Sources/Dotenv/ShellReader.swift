import Base

/// `set -a; . ./file` in a POSIX shell, for files that only assign (POSIX XCU 2.2 to 2.10). Whatever would run a
/// command, or depends on the process or on the kind of shell, is refused rather than guessed.
struct ShellReader {
    private let text: Scalars
    private let environment: [String: String]
    private var place = 0
    private var line = 1
    private var values = OrderedMap<String, String>()

    static func values(of text: String, environment: [String: String]) throws(DotenvError) -> OrderedMap<String, String>
    {
        var reader = ShellReader(text: Scalars(text: text), environment: environment)
        while reader.place < reader.text.count { try reader.readCommand() }
        return reader.values
    }

    private init(text: Scalars, environment: [String: String]) {
        self.text = text
        self.environment = environment
    }

    private var current: Unicode.Scalar? { place < text.count ? text[place] : nil }

    private func refuse(_ syntax: String) -> DotenvError { DotenvError(.unsupportedSyntax(syntax), line: line) }

    private mutating func step() {
        if text[place] == "\n" { line += 1 }
        place += 1
    }

    /// Over spaces, tabs and continued lines.
    private mutating func skipBlanks() {
        while let scalar = current {
            if scalar == " " || scalar == "\t" {
                place += 1
            } else if scalar == "\\", place + 1 < text.count, text[place + 1] == "\n" {
                place += 2
                line += 1
            } else {
                return
            }
        }
    }

    /// One simple command up to its line end or `;`: assignments, or `export` with assignments and names.
    private mutating func readCommand() throws(DotenvError) {
        skipBlanks()
        guard let first = current else { return }
        if first == "\n" {
            step()
            return
        }
        if first == ";" { throw refuse("an empty command") }
        if first == "#" {
            while let scalar = current, scalar != "\n" { place += 1 }
            return
        }
        let isExport = text.has("export", at: place) && place + 6 < text.count && [" ", "\t"].contains(text[place + 6])
        if isExport { place += 6 }
        // `export` is a command: all its words are expanded before the first is assigned.
        var exported: [(name: String, value: String)] = []
        while true {
            skipBlanks()
            guard let scalar = current, scalar != "\n", scalar != ";" else { break }
            if scalar == "#" {
                while let next = current, next != "\n" { place += 1 }
                break
            }
            try readAssignment(isExport: isExport, into: &exported)
        }
        for (name, value) in exported { values[name] = value }
        if current != nil { step() }
    }

    private mutating func readAssignment(
        isExport: Bool, into exported: inout [(name: String, value: String)]
    ) throws(DotenvError) {
        let start = place
        if let first = current, first.isNameStart {
            while let scalar = current, scalar.isWord { place += 1 }
        }
        if place > start, current == "=" {
            let name = text[start..<place].text
            place += 1
            let value = try readWord(inExport: isExport).text
            if isExport { exported.append((name, value)) } else { values[name] = value }
            return
        }
        let isName = place > start && (current.map { " \t\n;".unicodeScalars.contains($0) } ?? true)
        if isExport, isName { return }  // `export NAME` changes no value
        while let scalar = current, !" \t\n;".unicodeScalars.contains(scalar) { place += 1 }
        throw DotenvError(.command(text[start..<Swift.max(place, start + 1)].text), line: line)
    }

    /// A word: pieces bare, quoted or expanded, up to a blank or an operator.
    private mutating func readWord(inExport: Bool) throws(DotenvError) -> Scalars {
        var result: Scalars = []
        let start = place
        while let scalar = current {
            switch scalar {
            case " ", "\t", "\n", ";": return result
            case "&", "|", "<", ">", "(", ")": throw refuse("the operator \(scalar)")
            case "~" where place == start || text[place - 1] == ":":
                result += try homeFolder(inExport: inExport)
            case "*", "?", "[":
                if inExport { throw refuse("a file name pattern behind export") }
                result.append(scalar)
                place += 1
            case "\\":
                place += 1
                guard let next = current else { return result + ["\\"] }
                if next != "\n" { result.append(next) }
                step()
            case "'": result += try singleQuoted()
            case "\"": result += try doubleQuoted()
            case "`": throw DotenvError(.commandSubstitution, line: line)
            case "$":
                let value = try expansion(inQuotes: false, depth: 0)
                // Some shells split such a value into several words, others don't.
                if inExport, value.contains(where: { " \t\n*?[".unicodeScalars.contains($0) }) {
                    throw refuse("an unquoted expansion behind export")
                }
                result += value
            default:
                result.append(scalar)
                place += 1
            }
        }
        return result
    }

    private mutating func homeFolder(inExport: Bool) throws(DotenvError) -> Scalars {
        let next = place + 1 < text.count ? text[place + 1] : "\n"
        guard !inExport, "/: \t\n;".unicodeScalars.contains(next), let home = environment["HOME"] else {
            throw refuse("~")
        }
        place += 1
        return Scalars(text: home)
    }

    private mutating func singleQuoted() throws(DotenvError) -> Scalars {
        guard let end = text.place(of: "'", from: place + 1) else {
            throw DotenvError(.unterminatedQuote("'"), line: line)
        }
        let content = Scalars(text[(place + 1)..<end])
        line += content.count { $0 == "\n" }
        place = end + 1
        return content
    }

    private mutating func doubleQuoted() throws(DotenvError) -> Scalars {
        let startLine = line
        var result: Scalars = []
        place += 1
        while let scalar = current {
            switch scalar {
            case "\"":
                place += 1
                return result
            case "\\":
                place += 1
                guard let next = current else { break }
                if next == "\n" {
                    step()
                } else if "$`\"\\".unicodeScalars.contains(next) {
                    result.append(next)
                    place += 1
                } else {
                    result.append("\\")
                }
            case "`": throw DotenvError(.commandSubstitution, line: line)
            case "$": result += try expansion(inQuotes: true, depth: 0)
            default:
                result.append(scalar)
                step()
            }
        }
        throw DotenvError(.unterminatedQuote("\""), line: startLine)
    }

    /// `$NAME`, or `${NAME}` with `-`, `+`, `?` and their colon forms; a lone `$` stays.
    private mutating func expansion(inQuotes: Bool, depth: Int) throws(DotenvError) -> Scalars {
        place += 1
        guard let next = current else { return ["$"] }
        if next == "(" { throw DotenvError(.commandSubstitution, line: line) }
        if next == "{" { return try bracedExpansion(inQuotes: inQuotes, depth: depth) }
        if next.isNameStart {
            let start = place
            while let scalar = current, scalar.isWord { place += 1 }
            if text.has("\\\n", at: place) { throw refuse("a name over two lines") }
            return Scalars(text: value(of: text[start..<place].text) ?? "")
        }
        if text.has("\\\n", at: place) { throw refuse("a name over two lines") }
        if next.isDigit || "@*#?-$!".unicodeScalars.contains(next) { throw refuse("the parameter $\(next)") }
        if !inQuotes, next == "'" || next == "\"" { throw refuse("$\(next)") }
        return ["$"]
    }

    private mutating func bracedExpansion(inQuotes: Bool, depth: Int) throws(DotenvError) -> Scalars {
        guard depth < 100 else { throw DotenvError(.nestedTooDeeply, line: line) }
        place += 1
        let start = place
        guard let first = current, first.isNameStart else { throw refuse("this ${…}") }
        while let scalar = current, scalar.isWord { place += 1 }
        let name = text[start..<place].text
        let found = value(of: name)
        if current == "}" {
            place += 1
            return Scalars(text: found ?? "")
        }
        let isStrict = current == ":"
        if isStrict { place += 1 }
        guard let mark = current, "-+?".unicodeScalars.contains(mark) else { throw refuse("this ${…}") }
        place += 1
        let alternative = try alternative(inQuotes: inQuotes, depth: depth + 1)
        let isGiven = isStrict ? found?.isEmpty == false : found != nil
        switch mark {
        case "-": return isGiven ? Scalars(text: found ?? "") : alternative
        case "+": return isGiven ? alternative : []
        default:
            guard isGiven else {
                throw DotenvError(.missingRequired(name: name, message: alternative.text), line: line)
            }
            return Scalars(text: found ?? "")
        }
    }

    /// The word in `${NAME-word}`, without quotes of its own: shells differ there.
    private mutating func alternative(inQuotes: Bool, depth: Int) throws(DotenvError) -> Scalars {
        var result: Scalars = []
        while let scalar = current {
            switch scalar {
            case "}":
                place += 1
                return result
            case "$": result += try expansion(inQuotes: inQuotes, depth: depth)
            case "`": throw DotenvError(.commandSubstitution, line: line)
            case "'", "\"", "\\", "~": throw refuse("\(scalar) inside ${…}")
            default:
                result.append(scalar)
                step()
            }
        }
        throw DotenvError(.unterminatedQuote("${"), line: line)
    }

    private func value(of name: String) -> String? { values[name] ?? environment[name] }
}
