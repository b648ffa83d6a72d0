/// 500 values that people's env files break on: every special character alone, in pairs, and mixed at random.
enum NastyStrings {
    static let all: [String] = {
        let specials = [
            "'", "\"", "`", "\\", "$", "#", "\n", "\r", "\t", " ", "=", ":", "!", "&", ";", "|", "*", "?", "~", "{",
            "}",
            "${A}", "$A", "$$", "$1", "\\n", "\\$", "%", "é", "🙂", "日本", "\u{feff}", "\u{a0}", "\u{2028}", "e\u{301}",
            "(",
        ]
        let whole = [
            "", "plain", "a b", " lead", "trail ", "it's", "say \"hi\"", "'", "p@ss#word", "C:\\dir\\", "a\nb",
            "a\r\nb",
            "-----BEGIN KEY-----\nabc+/=\n-----END KEY-----\n", "{\"a\": \"b's\", \"c\": [1, 2]}", "export A=1",
            "A=1\nB=2",
            "$(rm -rf /)", "`id`", "${A:-b}", "${A", "a$", "#start", "a #b", "true", "null", "~", "~/x", "*",
        ]
        var random = SeededGenerator(seed: 7)
        var values: [String] = []
        var known: Set<[UInt8]> = []
        func add(_ value: String) { if known.insert(Array(value.utf8)).inserted { values.append(value) } }
        for value in whole + specials { add(value) }
        for special in specials {
            for value in [special + "x", "x" + special, "x" + special + "y", special + special] { add(value) }
        }
        while values.count < 500 {
            let parts = (0..<Int.random(in: 2...6, using: &random)).map { _ in
                Bool.random(using: &random) ? "x" : specials.randomElement(using: &random) ?? ""
            }
            add(parts.joined())
        }
        return values
    }()
}
