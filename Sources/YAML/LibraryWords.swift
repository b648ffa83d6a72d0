import Base

/// libyaml's messages (0.2.5, scanner.c and parser.c) in plain English. What is not listed is passed on as it is.
struct LibraryWords {
    let text: SourceText
    let problem: SyntaxProblem

    var diagnostic: Diagnostic {
        let words = words
        return Diagnostic(
            code: "yaml-syntax", words.message, at: text.location(ofCharacter: words.position ?? problem.position),
            suggestion: words.suggestion)
    }

    private struct Words {
        var message: String
        var suggestion: String?
        var position: Int?
    }

    /// The line in which the list or mapping around the error starts.
    private var start: String {
        problem.contextPosition.map { "line \(text.location(ofCharacter: $0).line)" } ?? "a line above"
    }

    private var words: Words {
        switch problem.problem {
        case "found character that cannot start any token":
            return Words(message: "no value can start with this character", suggestion: "put quotes around the value")
        case "could not find expected ':'": return missingColon
        case "mapping values are not allowed in this context":
            return Words(
                message: "no key can stand here: the lines above end in a value that is not finished",
                suggestion: "check the indentation of this line")
        case "mapping keys are not allowed in this context":
            return Words(message: "no key can stand here", suggestion: "check the indentation of this line")
        case "block sequence entries are not allowed in this context":
            return Words(message: "no list item can stand here", suggestion: "check the indentation of this line")
        case "did not find expected key":
            return Words(
                message: "this fits no key of the mapping that starts in \(start)",
                suggestion: "check the indentation of this line")
        case "did not find expected '-' indicator":
            return Words(
                message: "this is no item of the list that starts in \(start)",
                suggestion: "check the indentation of this line, or start it with '- '")
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            let bracket = problem.problem.hasSuffix("']'") ? "]" : "}"
            return Words(
                message:
                    "a ',' or '\(bracket)' should stand here: the '\(bracket == "]" ? "[" : "{")' in \(start) is open")
        case "did not find expected node content": return Words(message: "a value should stand here")
        case "did not find expected <document start>":
            return Words(message: "the document has ended before this line", suggestion: "check the indentation")
        case "found unknown escape character":
            return Words(
                message: "'\(escape)' is no escape that YAML knows in double quotes",
                suggestion: "use single quotes, or double the backslash")
        case "did not find expected hexdecimal number":
            return Words(message: "hexadecimal digits should follow '\(escape)'", suggestion: "double the backslash")
        case "found invalid Unicode character escape code":
            return Words(message: "this escape names no Unicode character")
        case "found an indentation indicator equal to 0":
            return Words(message: "a text block can't be indented by 0")
        case "found incompatible YAML document": return Words(message: "only YAML 1.1 and 1.2 are read")
        case "found unknown directive name": return Words(message: "only the directives %YAML and %TAG are known")
        default: return Words(message: problem.problem + (problem.context.map { " (\($0))" } ?? ""))
        }
    }

    private var escape: String { text.slice(problem.position, problem.position + 2) }

    /// A line that is no `key: value`; libyaml notices after it, the place is in the context.
    private var missingColon: Words {
        let position = problem.contextPosition ?? problem.position
        let place = text.location(ofCharacter: position)
        let line = (text.line(place.line) ?? "").unicodeScalars.dropFirst(place.column - 1)
        let name = line.prefix { $0.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains($0) }
        let rest = line.dropFirst(name.count)
        let isGlued = !name.isEmpty && rest.first == ":" && rest.count > 1
        return Words(
            message: "a ':' should follow this key",
            suggestion: isGlued
                ? "put a space after the colon: '\(String(name)): …'" : "write 'key: value', or check the indentation",
            position: position)
    }
}
