/// Quotes around a text, for suggestions.
enum Quoting {
    /// In single quotes (YAML 1.2.2, section 7.3.2), or in double ones where that reads better.
    static func single(_ text: String) -> String {
        if text.contains("'"), !text.contains("\""), !text.contains("\\") { return "\"\(text)\"" }
        var out = "'"
        for character in text.unicodeScalars {
            if character == "'" { out += "'" }
            out.unicodeScalars.append(character)
        }
        return out + "'"
    }

    /// In double quotes if nothing in it needs an escape: the usual form for `${…}`.
    static func double(_ text: String) -> String {
        text.contains("\"") || text.contains("\\") ? single(text) : "\"\(text)\""
    }
}
