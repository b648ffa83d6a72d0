/// What Node's own `--env-file` reads, for one value: it follows motdotla/dotenv save for a few corners (the
/// first quote closes whatever stands before it, carriage returns vanish, `\r` stays), which vary between
/// Node's releases. So this is no full reader but the part in which all of them agree.
enum NodeEnvFile {
    /// The value of `NAME=text`; nil where releases differ or Node would read on into other lines.
    static func value(of text: String) -> String? {
        let scalars = Scalars(text: text)
        guard !scalars.contains("\r"), scalars.first != " ", scalars.last != " " else { return nil }
        guard let quote = scalars.first, ["'", "\"", "`"].contains(quote) else {
            return scalars.contains("\n") || scalars.contains("#") ? nil : text
        }
        guard scalars.count >= 2, scalars.place(of: quote, from: 1) == scalars.count - 1 else { return nil }
        var result: Scalars = []
        var place = 1
        while place < scalars.count - 1 {
            if quote == "\"", scalars[place] == "\\", scalars[place + 1] == "n" {
                result.append("\n")
                place += 2
            } else {
                result.append(scalars[place])
                place += 1
            }
        }
        return result.text
    }
}
