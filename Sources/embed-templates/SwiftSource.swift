/// Swift source that holds files as literals.
enum SwiftSource {
    /// One table in the order given. The element type is spelled out because the type checker would
    /// otherwise take very long over hundreds of literals.
    static func holding(_ files: [(path: String, text: String)]) -> String {
        var source = "// Made by embed-templates at build time.\n"
        source += "enum EmbeddedFiles {\n    static let all: [(path: String, text: String)] = [\n"
        for file in files { source += "        (\(literal(file.path)), \(literal(file.text))),\n" }
        return source + "    ]\n}\n"
    }

    /// A literal of one line in plain ASCII. Not a raw or multi-line literal: the compiler would turn
    /// CR LF into LF there, and refuses or warns of NUL and other control characters.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\t": literal += "\\t"
            case " "..."~": literal.unicodeScalars.append(scalar)
            default: literal += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return literal + "\""
    }
}
