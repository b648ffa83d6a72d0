/// Why a reader gives up on a whole file. Readers that skip what they can't read (node, python) never do.
public struct DotenvError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What stopped the reader.
    public enum Reason: Hashable, Sendable {
        /// A name holds this character, which the dialect does not allow there.
        case unexpectedCharacter(Unicode.Scalar, in: String)
        /// `export` with nothing behind it at the end of the file.
        case emptyStatement
        /// A name holds a space.
        case spaceInKey
        /// A quote is never closed; the text is the rest of its first line.
        case unterminatedQuote(String)
        /// A `${…}` that is none.
        case invalidTemplate(String)
        /// `${NAME:?message}` and NAME is not set.
        case missingRequired(name: String, message: String)
        /// Defaults nested deeper than any person writes.
        case nestedTooDeeply
        /// `$(…)` or backquotes: reading the file would run a command, which devinit does not.
        case commandSubstitution
        /// A line that a shell would run rather than assign.
        case command(String)
        /// `export NAME` of a name that has no value.
        case unsetExport(String)
        /// Shell syntax outside the subset that reads alike in every POSIX shell.
        case unsupportedSyntax(String)
    }

    public var reason: Reason
    /// The 1-based line the reader had reached.
    public var line: Int

    public init(_ reason: Reason, line: Int) {
        self.reason = reason
        self.line = line
    }

    /// One sentence without a full stop; wordings of Compose's own errors are kept where it has one.
    public var description: String {
        switch reason {
        case .emptyStatement, .invalidTemplate, .missingRequired: words()
        default: "line \(line): \(words())"
        }
    }

    /// The same without the line; where a secret may stand there, without what stands there.
    public func words(hidingText isHidden: Bool = false) -> String {
        func quoted(_ text: String) -> String { isHidden ? "***" : Self.quoted(text) }
        switch reason {
        case .unexpectedCharacter(let character, let name):
            return "unexpected character \(Self.quoted(String(character))) in variable name \(quoted(name))"
        case .emptyStatement: return "zero length string"
        case .spaceInKey: return "key cannot contain a space"
        case .unterminatedQuote(let text): return "unterminated quoted value \(isHidden ? "***" : text)"
        case .invalidTemplate(let text): return "Invalid template: \(quoted(text))"
        case .missingRequired(let name, let message):
            return "required variable \(name) is missing a value"
                + (message.isEmpty ? "" : ": \(isHidden ? "***" : message)")
        case .nestedTooDeeply: return "defaults are nested too deeply"
        case .commandSubstitution: return "a command substitution is not evaluated"
        case .command(let word): return "a shell would run \(quoted(word)) here"
        case .unsetExport(let name): return "\(name) is exported and has no value"
        case .unsupportedSyntax(let syntax): return "\(syntax) is not read"
        }
    }

    /// Text between double quotes, the few characters that would break a line escaped.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{7}": result += "\\a"
            case "\u{8}": result += "\\b"
            case "\u{b}": result += "\\v"
            case "\u{c}": result += "\\f"
            default:
                guard !scalar.isPrintable else {
                    result.unicodeScalars.append(scalar)
                    continue
                }
                let hex = String(scalar.value, radix: 16)
                let (letter, width) = scalar.value < 0x80 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                result += "\\" + letter + String(repeating: "0", count: Swift.max(0, width - hex.count)) + hex
            }
        }
        return result + "\""
    }
}

extension Unicode.Scalar {
    /// Letters, marks, numbers, punctuation, symbols and the plain space: all that shows as itself.
    fileprivate var isPrintable: Bool {
        if value < 0x80 { return value >= 0x20 && value != 0x7f }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }
}
