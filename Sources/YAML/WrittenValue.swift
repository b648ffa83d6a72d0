/// A value or key as it stands in one line of a file that libyaml could not read.
///
/// A light scan of a single line: good enough to choose the words of an error, never used for reading.
struct WrittenValue: Equatable {
    enum Kind {
        case plain
        /// Something follows the closing quote.
        case afterQuote
        /// Something follows the closing bracket of a list or mapping in brackets.
        case afterBracket
    }

    var text: String
    /// Columns counted from 0 in code points; `end` is the one after the last.
    var start: Int
    var end: Int
    /// Inside `[ ]` or `{ }`, where more characters need quotes.
    var inFlow: Bool
    var kind = Kind.plain

    /// The values of a line, which starts inside that many open brackets.
    static func all(in line: String, depth: Int) -> [WrittenValue] {
        var scanner = LineScanner(line: Array(line.unicodeScalars), depth: depth)
        scanner.scan()
        return scanner.found
    }
}

private struct LineScanner {
    let line: [Unicode.Scalar]
    var depth: Int
    var position = 0
    var found: [WrittenValue] = []
    /// A key of the block mapping was seen: what follows is its value, to the end of the line.
    private var isAfterKey = false
    private var flowStart: Int?

    init(line: [Unicode.Scalar], depth: Int) {
        self.line = line
        self.depth = depth
    }

    mutating func scan() {
        while position < line.count {
            skipBlanks()
            guard position < line.count, line[position] != "#" else { return }
            if depth > 0 { flow() } else { block() }
        }
    }

    private func isBlank(_ index: Int) -> Bool { index >= line.count || line[index] == " " || line[index] == "\t" }

    private mutating func skipBlanks() { while position < line.count, isBlank(position) { position += 1 } }

    /// A ':' that ends a key.
    private func isKeyEnd(_ index: Int) -> Bool {
        index < line.count && line[index] == ":"
            && (isBlank(index + 1) || depth > 0 && ",[]{}".unicodeScalars.contains(line[index + 1]))
    }

    private mutating func block() {
        let start = position
        switch line[position] {
        case "-", "?":
            if !isAfterKey, isBlank(position + 1) { position += 1 } else { plain() }
        case "\"", "'":
            skipQuoted()
            afterClosing(start, .afterQuote)
        case "[", "{":
            depth += 1
            flowStart = start
            position += 1
        case "&", "!":
            if let next = endOfProperty { position = next } else { plain() }
        default: plain()
        }
    }

    /// Where the value starts after a well-formed anchor or known tag; nil when this is none.
    private var endOfProperty: Int? {
        let name = line[position...].prefix { $0 != " " && $0 != "\t" }
        let isKnownTag = name.starts(with: "!!".unicodeScalars) || name.elementsEqual("!reset".unicodeScalars)
        let isAnchor =
            name.first == "&" && name.count > 1
            && name.dropFirst().allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0))
            }
        var next = name.endIndex
        while next < line.count, isBlank(next) { next += 1 }
        guard next < line.count, isKnownTag || isAnchor || "[{\"'".unicodeScalars.contains(line[next]) else {
            return nil
        }
        return next
    }

    private mutating func afterClosing(_ start: Int, _ kind: WrittenValue.Kind) {
        let closed = position
        skipBlanks()
        guard position < line.count, line[position] != "#" || closed == position else { return }
        if line[position] == ":", !isAfterKey, isBlank(position + 1) {
            position += 1
            isAfterKey = true
        } else {
            position = line.count
            add(from: start, kind, inFlow: false)
        }
    }

    private mutating func plain() {
        let start = position
        while position < line.count {
            if !isAfterKey, isKeyEnd(position) {
                add(from: start, .plain, inFlow: false)
                position += 1
                isAfterKey = true
                return
            }
            if line[position] == "#", isBlank(position - 1) {
                add(from: start, .plain, inFlow: false)
                position = line.count
                return
            }
            position += 1
        }
        add(from: start, .plain, inFlow: false)
    }

    private mutating func flow() {
        switch line[position] {
        case ",", ":": position += 1
        case "[", "{":
            depth += 1
            position += 1
        case "]", "}":
            depth -= 1
            position += 1
            if depth == 0, let start = flowStart { afterClosing(start, .afterBracket) }
        case "\"", "'": skipQuoted()
        default: flowPlain()
        }
    }

    private mutating func flowPlain() {
        let start = position
        var braces = 0
        while position < line.count {
            let character = line[position]
            if character == "{" { braces += 1 }
            if character == "}", braces > 0 {
                braces -= 1
            } else if braces == 0, ",[]}".unicodeScalars.contains(character) || isKeyEnd(position) {
                break
            }
            position += 1
        }
        add(from: start, .plain, inFlow: true)
        if position == start { position += 1 }
    }

    private mutating func skipQuoted() {
        let quote = line[position]
        position += 1
        while position < line.count {
            if line[position] == "\\", quote == "\"" { position += 1 } else if line[position] == quote { break }
            position += 1
        }
        position = min(position + 1, line.count)
    }

    private mutating func add(from start: Int, _ kind: WrittenValue.Kind, inFlow: Bool) {
        var end = min(position, line.count)
        while end > start, isBlank(end - 1) { end -= 1 }
        guard end > start else { return }
        var text = ""
        text.unicodeScalars.append(contentsOf: line[start..<end])
        found.append(WrittenValue(text: text, start: start, end: end, inFlow: inFlow, kind: kind))
    }
}
