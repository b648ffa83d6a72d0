import Base

/// One glob, taken apart into path segments. `*` and `?` stay within a segment, `**` stands for any number of
/// folders, `[a-z]`, `[!a]` for one character, `{a,b}` for either, `\` takes a character as it is.
///
/// Names that begin with a dot are nothing special: what a build reads includes `.babelrc`. A last segment without
/// wildcards that is a folder stands for all below it, so `src` means `src/**`.
struct GlobPattern: Hashable, Sendable {
    enum Segment: Hashable, Sendable {
        case literal(String)
        case wildcard([Token])
        /// `**`
        case anyDepth
    }

    enum Token: Hashable, Sendable {
        case scalar(Unicode.Scalar)
        case anyOne
        case anyMany
        case oneOf([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    /// Folders upwards from the base: leading `..`.
    var up = 0
    var segments: [Segment] = []
    var isAbsolute = false

    var isLiteral: Bool { segments.allSatisfy { if case .literal = $0 { true } else { false } } }

    /// Takes apart one pattern whose braces are already expanded.
    init(_ text: String) {
        isAbsolute = text.utf8.first == UInt8(ascii: "/")
        let parts = Path(text).segments
        for part in parts {
            switch part {
            case ".": continue
            case "..":
                if case .literal = segments.last { segments.removeLast() } else if segments.isEmpty { up += 1 }
            case "**":
                if segments.last != .anyDepth { segments.append(.anyDepth) }
            default: segments.append(Self.segment(part))
            }
        }
    }

    private static func segment(_ text: Substring) -> Segment {
        if !text.utf8.contains(where: isSpecial) { return .literal(String(text)) }
        var tokens: [Token] = []
        var literal = String.UnicodeScalarView()
        var isLiteral = true
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            switch scalar {
            case "\\" where index < scalars.count:
                literal.append(scalars[index])
                tokens.append(.scalar(scalars[index]))
                index += 1
            case "*":
                isLiteral = false
                if tokens.last != .anyMany { tokens.append(.anyMany) }
            case "?":
                isLiteral = false
                tokens.append(.anyOne)
            case "[":
                if let (token, next) = characterClass(scalars, from: index) {
                    isLiteral = false
                    tokens.append(token)
                    index = next
                } else {
                    literal.append(scalar)
                    tokens.append(.scalar(scalar))
                }
            default:
                literal.append(scalar)
                tokens.append(.scalar(scalar))
            }
        }
        return isLiteral ? .literal(String(literal)) : .wildcard(tokens)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): true
        default: false
        }
    }

    /// `[a-z_]`, `[!0-9]`, `[]x]`; nil where it is not closed: a bracket then stands for itself.
    private static func characterClass(_ scalars: [Unicode.Scalar], from start: Int) -> (Token, Int)? {
        var index = start
        let isNegated = index < scalars.count && (scalars[index] == "!" || scalars[index] == "^")
        if isNegated { index += 1 }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        let first = index
        while index < scalars.count, scalars[index] != "]" || index == first {
            var low = scalars[index]
            if low == "\\", index + 1 < scalars.count {
                index += 1
                low = scalars[index]
            }
            if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
                let high = scalars[index + 2]
                if low <= high { ranges.append(low...high) }
                index += 3
            } else {
                ranges.append(low...low)
                index += 1
            }
        }
        return index < scalars.count ? (.oneOf(ranges, isNegated: isNegated), index + 1) : nil
    }
}

extension GlobPattern.Segment {
    /// Compares bytes: two file names that look alike are two names.
    func matches(_ name: Substring) -> Bool {
        switch self {
        case .literal(let text): text.utf8.elementsEqual(name.utf8)
        case .anyDepth: true
        case .wildcard(let tokens): Self.matches(tokens, Array(name.unicodeScalars))
        }
    }

    /// Greedy with one place to go back to, so no name takes more than length × pattern.
    private static func matches(_ tokens: [GlobPattern.Token], _ name: [Unicode.Scalar]) -> Bool {
        var token = 0
        var position = 0
        var lastStar: (token: Int, position: Int)?
        while position < name.count {
            if token < tokens.count, tokens[token] == .anyMany {
                lastStar = (token, position)
                token += 1
            } else if token < tokens.count, tokens[token].matches(name[position]) {
                token += 1
                position += 1
            } else if let star = lastStar {
                lastStar = (star.token, star.position + 1)
                token = star.token + 1
                position = star.position + 1
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyMany }
    }
}

extension GlobPattern.Token {
    func matches(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let own): own == scalar
        case .anyOne, .anyMany: true
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
        }
    }
}
