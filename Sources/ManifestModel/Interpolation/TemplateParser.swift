/// What is wrong with a text's `${…}`, and where: the offset in Unicode scalars from its first character.
public struct TemplateError: Error, Hashable, Sendable {
    public let message: String
    public let offset: Int
}

extension Template {
    /// Takes a text apart. `$$` is a dollar, `$1`, `$(x)` and a lone `$` are literal; `${1}`, `${X:=y}`,
    /// `${ X}` and an open `${` are errors, as the Compose specification's reference code has it.
    public init(parsing text: String) throws(TemplateError) {
        guard text.utf8.contains(UInt8(ascii: "$")) else {
            self.init(literal: text)
            return
        }
        var parser = TemplateParser(scalars: Array(text.unicodeScalars))
        self.init(segments: try parser.segments(upTo: parser.scalars.count, depth: 0))
    }
}

private struct TemplateParser {
    let scalars: [Unicode.Scalar]
    var position = 0

    mutating func segments(upTo end: Int, depth: Int) throws(TemplateError) -> [Template.Segment] {
        guard depth < 20 else { throw TemplateError(message: "${…} nested deeper than 20", offset: position) }
        var segments: [Template.Segment] = []
        var literal = String.UnicodeScalarView()
        func flush() {
            if !literal.isEmpty { segments.append(.literal(String(literal))) }
            literal = .init()
        }
        while position < end {
            let scalar = scalars[position]
            let next = position + 1 < end ? scalars[position + 1] : nil
            if scalar == "$", next == "$" {
                literal.append("$")
                position += 2
            } else if scalar == "$", next == "{" {
                flush()
                segments.append(try braced(upTo: end, depth: depth))
            } else if scalar == "$", let next, isNameStart(next) {
                flush()
                position += 1
                segments.append(.variable(name: name(upTo: end), operation: nil))
            } else {
                literal.append(scalar)
                position += 1
            }
        }
        flush()
        return segments
    }

    private mutating func braced(upTo end: Int, depth: Int) throws(TemplateError) -> Template.Segment {
        let start = position
        guard let close = closingBrace(from: position + 1, upTo: end) else {
            throw TemplateError(message: "this ${ is not closed by a }; write $$ for a plain dollar", offset: start)
        }
        position += 2
        guard position < close, isNameStart(scalars[position]) else {
            throw TemplateError(
                message: "a name must follow ${ at once: letters, digits and _, not a digit first", offset: start)
        }
        var path = [name(upTo: close)]
        while position < close, scalars[position] == "." {
            position += 1
            path.append(dottedName(upTo: close))
            if path.last == "" { throw TemplateError(message: "a name must follow the dot", offset: position) }
        }
        let operation = try operation(upTo: close, dotted: path.count > 1, start: start, depth: depth)
        position = close + 1
        return path.count > 1
            ? .reference(Reference(path: path), operation: operation) : .variable(name: path[0], operation: operation)
    }

    private mutating func operation(
        upTo close: Int, dotted: Bool, start: Int, depth: Int
    ) throws(TemplateError) -> Template.Operation? {
        if position == close { return nil }
        let colon = scalars[position] == ":"
        if colon { position += 1 }
        guard position < close, let kind = Template.Operation.Kind(rawValue: String(scalars[position])),
            colon || !dotted
        else {
            let allowed = dotted ? ":-, :? and :+" : ":-, -, :?, ?, :+ and +"
            throw TemplateError(message: "after the name in ${…} only \(allowed) may follow", offset: position)
        }
        position += 1
        let operand = Template(segments: try segments(upTo: close, depth: depth + 1))
        return Template.Operation(kind: kind, emptyIsMissing: colon, operand: operand)
    }

    /// The brace that closes the one at `open`; braces inside are counted.
    private func closingBrace(from open: Int, upTo end: Int) -> Int? {
        var depth = 0
        for index in open..<end {
            if scalars[index] == "{" { depth += 1 }
            if scalars[index] == "}" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    private mutating func name(upTo end: Int) -> String {
        let start = position
        while position < end, isNamePart(scalars[position]) { position += 1 }
        return text(from: start)
    }

    /// A segment after a dot: hyphens are allowed, for node names have them, and slashes and dots are not.
    private mutating func dottedName(upTo end: Int) -> String {
        let start = position
        while position < end, isNamePart(scalars[position]) || scalars[position] == "-" { position += 1 }
        return text(from: start)
    }

    private func text(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        return String(view)
    }

    private func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        isNameStart(scalar) || ("0"..."9").contains(scalar)
    }
}
