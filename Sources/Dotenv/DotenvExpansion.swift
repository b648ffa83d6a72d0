import Base

/// dotenv-expand 12, as Next, Vite and Prisma bundle it: expansion behind motdotla/dotenv, so quotes are gone
/// and do not protect; a backslash before `$` does.
enum DotenvExpansion {
    /// Replacements for one value at most: the real one can go on for ever on two names that name each other.
    private static let replacementLimit = 1000
    /// Characters that may be gone through for one value, all replacements together: `$&` has it double each time.
    private static let workLimit = 1 << 20

    static func expanding(
        _ parsed: OrderedMap<String, String>, environment: [String: String]
    ) throws(DotenvError) -> OrderedMap<String, String> {
        var result = OrderedMap<String, String>()
        for (key, value) in parsed {
            if let given = environment[key], !given.isEmpty, given != value {
                result[key] = resolvingEscapes(Scalars(text: given)).text
            } else {
                let expanded = try expanded(Scalars(text: value), environment: environment, running: result)
                result[key] = resolvingEscapes(expanded).text
            }
        }
        return result
    }

    private static func expanded(
        _ value: Scalars, environment: [String: String], running: OrderedMap<String, String>
    ) throws(DotenvError) -> Scalars {
        var result = value
        var seen: Set<String> = []
        var replacements = 0
        var work = 0
        while let reference = try firstReference(in: result) {
            replacements += 1
            work += result.count
            guard replacements <= replacementLimit, work <= workLimit else {
                throw DotenvError(.nestedTooDeeply, line: 1)
            }
            seen.insert(result.text)
            let (key, mark, alternative) = split(result[reference.expression])
            let found = environment[key] ?? running[key]
            let isGiven = found?.isEmpty == false
            let replacement: Scalars
            if mark == "+" {
                replacement = isGiven ? alternative : []
            } else if isGiven, let found, !seen.contains(found) {
                replacement = Scalars(text: found)
            } else {
                replacement = alternative
            }
            result = replacing(Scalars(result[reference.whole]), in: result, with: replacement)
            if let current = running[key], Scalars(text: current) == result { break }
        }
        return result
    }

    /// The first `${…}` without braces inside, or `$NAME`, without a backslash before it.
    private static func firstReference(
        in text: Scalars
    ) throws(DotenvError) -> (whole: Range<Int>, expression: Range<Int>)? {
        var place = 0
        while let dollar = text.place(of: "$", from: place) {
            place = dollar + 1
            guard place < text.count, dollar == 0 || text[dollar - 1] != "\\" else { continue }
            if text[place] == "(" {
                // Releases from 2026 on run this as a command.
                throw DotenvError(.commandSubstitution, line: 1)
            } else if text[place] == "{" {
                var end = place + 1
                while end < text.count, text[end] != "{", text[end] != "}" { end += 1 }
                if end < text.count, text[end] == "}", end > place + 1 {
                    return (dollar..<(end + 1), (place + 1)..<end)
                }
            } else if text[place].isNameStart {
                var end = place + 1
                while end < text.count, text[end].isWord { end += 1 }
                return (dollar..<end, place..<end)
            }
        }
        return nil
    }

    /// `NAME`, `-` or `+` (with or without colon: the same here), and what stands behind it.
    private static func split(
        _ expression: ArraySlice<Unicode.Scalar>
    ) -> (key: String, mark: Unicode.Scalar?, alternative: Scalars) {
        guard let mark = expression.firstIndex(where: { $0 == "-" || $0 == "+" }) else {
            return (expression.text, nil, [])
        }
        let hasColon = mark > expression.startIndex && expression[mark - 1] == ":"
        return (expression[..<(hasColon ? mark - 1 : mark)].text, expression[mark], Scalars(expression[(mark + 1)...]))
    }

    /// JavaScript's `text.replace(template, replacement)`: the first place where the template stands, which need
    /// not be the one that matched, and `$$`, `$&`, `` $` ``, `$'` mean something in the replacement.
    private static func replacing(_ template: Scalars, in text: Scalars, with replacement: Scalars) -> Scalars {
        var start = 0
        while start + template.count < text.count, text[start..<(start + template.count)] != template[...] {
            start += 1
        }
        let end = start + template.count
        var result = Scalars(text[..<start])
        var place = 0
        while place < replacement.count {
            let next = place + 1 < replacement.count ? replacement[place + 1] : " "
            if replacement[place] == "$", "$&`'".unicodeScalars.contains(next) {
                switch next {
                case "$": result.append("$")
                case "&": result += template
                case "`": result += text[..<start]
                default: result += text[end...]
                }
                place += 2
            } else {
                result.append(replacement[place])
                place += 1
            }
        }
        return result + text[end...]
    }

    private static func resolvingEscapes(_ text: Scalars) -> Scalars {
        var result: Scalars = []
        for scalar in text {
            if scalar == "$", result.last == "\\" { result.removeLast() }
            result.append(scalar)
        }
        return result
    }
}
