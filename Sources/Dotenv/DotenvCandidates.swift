/// The ways in which a value might be written, plainest first. They only propose; the readers dispose.
enum DotenvCandidates {
    static func all(for value: String) -> [String] {
        let scalars = Scalars(text: value)
        var candidates: [String] = []
        func add(_ text: String) {
            if !candidates.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { candidates.append(text) }
        }
        func quoted(_ quote: String, _ escapes: [Unicode.Scalar: String]) {
            add(quote + escaping(scalars, escapes) + quote)
        }

        let hasSpecial = scalars.contains {
            $0.value < 0x20 || $0.value == 0x7f || "'\"`\\$#!".unicodeScalars.contains($0)
        }
        if !hasSpecial { add(value) }
        let lineEscapes: [Unicode.Scalar: String] = ["\n": "\\n", "\r": "\\r"]
        // Plain double quotes, only where nothing in them is special to anyone.
        if !scalars.contains(where: { "\"\\$`!".unicodeScalars.contains($0) }) { quoted("\"", lineEscapes) }
        if !scalars.contains("'") { quoted("'", [:]) }
        if !scalars.contains("\"") { quoted("\"", lineEscapes) }
        if !scalars.contains("\"") { quoted("\"", [:]) }
        quoted("\"", ["\\": "\\\\", "\"": "\\\"", "$": "\\$"])
        quoted("\"", ["\\": "\\\\", "\"": "\\\"", "$": "\\$", "`": "\\`"])
        quoted("\"", ["\\": "\\\\", "\"": "\\\"", "$": "\\$", "\n": "\\n", "\r": "\\r"])
        quoted("\"", ["\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\r": "\\r"])
        quoted("\"", ["\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\r": "\\r", "$": "$$"])
        quoted("'", ["'": "\\'"])
        quoted("'", ["'": "\\'", "\\": "\\\\"])
        if !scalars.contains("`") { quoted("`", [:]) }
        // dotenv-expand without anyone who keeps the backslash.
        for quote in ["'", "\"", "`"] where !value.unicodeScalars.contains(Unicode.Scalar(quote) ?? " ") {
            quoted(quote, ["$": "\\$"])
        }
        quoted("'", ["'": "'\\''"])
        // Bare with special characters inside: no quote at its start, or a reader may look for its partner lines below.
        if let first = scalars.first, !"'\"`".unicodeScalars.contains(first), !scalars.contains("\n"),
            !scalars.contains("\r")
        {
            add(value)
            add(escaping(scalars, ["$": "\\$"]))
            add(escaping(scalars, ["$": "$$"]))
        }
        return candidates
    }

    private static func escaping(_ value: Scalars, _ escapes: [Unicode.Scalar: String]) -> String {
        var result: Scalars = []
        for scalar in value {
            if let escape = escapes[scalar] {
                result += Scalars(text: escape)
            } else {
                result.append(scalar)
            }
        }
        return result.text
    }
}
