/// `$NAME` and `${NAME…}` as Compose reads them in env files (compose-go `template`): names without regard to
/// case, operators `:-` `-` `:+` `+` `:?` `?` with nested defaults, `$$` for one `$`, anything else literal.
struct ComposeSubstitution {
    /// Defaults within defaults go no deeper; a hostile file must not exhaust the stack.
    private static let depthLimit = 100

    /// For errors.
    let line: Int
    let lookup: (String) -> String?

    func expanding(_ template: Scalars) throws(DotenvError) -> String {
        try expanding(template, depth: 0).text
    }

    private func expanding(_ template: Scalars, depth: Int) throws(DotenvError) -> Scalars {
        guard depth < Self.depthLimit else { throw DotenvError(.nestedTooDeeply, line: line) }
        var result: Scalars = []
        var index = 0
        var lastBrace = BraceOfLine()
        while index < template.count {
            guard template[index] == "$", index + 1 < template.count else {
                result.append(template[index])
                index += 1
                continue
            }
            let next = template[index + 1]
            if next == "$" {
                result.append("$")
                index += 2
            } else if next.isComposeNameStart {
                let end = nameEnd(in: template, from: index + 1)
                result += Scalars(text: lookup(template[(index + 1)..<end].text) ?? "")
                index = end
            } else if next == "{" {
                index = try expandBraces(in: template, at: index, &lastBrace, into: &result, depth: depth)
            } else {
                result.append("$")
                index += 1
            }
        }
        return result
    }

    /// Expands the `${…}` at `start` and gives the place behind it.
    private func expandBraces(
        in template: Scalars, at start: Int, _ lastBrace: inout BraceOfLine, into result: inout Scalars, depth: Int
    ) throws(DotenvError) -> Int {
        let nameStart = start + 2
        guard nameStart < template.count, template[nameStart].isComposeNameStart else {
            throw DotenvError(.invalidTemplate(lastBrace.template(template, at: start)), line: line)
        }
        let nameEnd = nameEnd(in: template, from: nameStart)
        let name = template[nameStart..<nameEnd].text
        if nameEnd < template.count, template[nameEnd] == "}" {
            result += Scalars(text: lookup(name) ?? "")
            return nameEnd + 1
        }
        var word = nameEnd
        let isStrict = word < template.count && template[word] == ":"
        if isStrict { word += 1 }
        // The expression reaches to the last brace of its line; the balanced one inside it ends it.
        guard word < template.count, ["-", "+", "?"].contains(template[word]),
            let outermost = lastBrace.place(in: template, from: word + 1)
        else { throw DotenvError(.invalidTemplate(lastBrace.template(template, at: start)), line: line) }
        let closing = balancedBrace(in: template, from: start, through: outermost) ?? outermost
        let alternative = Scalars(template[(word + 1)..<Swift.max(closing, word + 1)])
        let value = lookup(name)
        let isGiven = isStrict ? value?.isEmpty == false : value != nil
        switch template[word] {
        case "-":
            result += isGiven ? Scalars(text: value ?? "") : try expanding(alternative, depth: depth + 1)
        case "+":
            result += isGiven ? try expanding(alternative, depth: depth + 1) : Scalars(text: value ?? "")
        default:
            guard isGiven, let value else {
                let message = try expanding(alternative, depth: depth + 1).text
                throw DotenvError(.missingRequired(name: name, message: message), line: line)
            }
            result += Scalars(text: value)
        }
        lastBrace.began(rest: (closing + 1)..<Swift.max(closing + 1, outermost + 1))
        return closing + 1
    }

    /// The brace that balances the first one. The character behind an opening brace is never looked at, as upstream.
    private func balancedBrace(in template: Scalars, from start: Int, through last: Int) -> Int? {
        var depth = 0
        var index = start
        while index <= last {
            if template[index] == "}" {
                depth -= 1
                if depth == 0 { return index }
            } else if template[index] == "{" {
                depth += 1
                index += 1
            }
            index += 1
        }
        return nil
    }

    private func nameEnd(in template: Scalars, from start: Int) -> Int {
        var index = start + 1
        while index < template.count, template[index].isComposeNameStart || template[index].isDigit { index += 1 }
        return index
    }
}

/// The last closing brace of a line, found once per line so that long lines stay linear.
private struct BraceOfLine {
    private var lineEnd = -1
    private var brace: Int?
    /// What errors call the template: behind an expression, the rest up to the line's last brace.
    private var rest: Range<Int>?

    mutating func began(rest: Range<Int>) { self.rest = rest }

    func template(_ text: Scalars, at place: Int) -> String {
        guard let rest, rest.contains(place) else { return text.text }
        return text[rest].text
    }

    mutating func place(in text: Scalars, from start: Int) -> Int? {
        if start > lineEnd {
            lineEnd = text.place(of: "\n", from: start) ?? text.count
            brace = text[start..<lineEnd].lastIndex(of: "}")
        }
        guard let brace, brace >= start else { return nil }
        return brace
    }
}

extension Unicode.Scalar {
    /// `(?i)[_a-z]` in Go, which folds the long s and the Kelvin sign in.
    fileprivate var isComposeNameStart: Bool { isNameStart || value == 0x17f || value == 0x212a }
}
