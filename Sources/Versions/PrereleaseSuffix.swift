/// Tells pre-releases from what distributors append to a version.
enum PrereleaseSuffix {
    /// Words that mark a pre-release behind a hyphen, alone or followed by digits.
    private static let words: Set<String> = [
        "alpha", "beta", "rc", "cr", "pre", "preview", "prerelease", "dev", "devel", "nightly", "canary", "snapshot",
        "ea", "eap", "m", "milestone", "next", "unstable", "insider", "insiders",
    ]
    /// Those that also stand right behind a number: Python's `3.13.0b2`. Behind a hyphen `b12` is Java's build.
    private static let shortWords: Set<String> = ["a", "b", "c"]

    /// The text of the pre-release that a version's rest begins with, with its own separator (`-` for a dot), or
    /// empty: of `-rc.1-dirty` it is `-rc.1`, of `rc3` `rc3`, of `.rc2.dirty` `-rc2`, of `-1ubuntu3` nothing.
    static func kept(of rest: Substring) -> String {
        guard let first = rest.utf8.first else { return "" }
        if first.isLetter {
            var text = String(Substring(rest.utf8.prefix { $0.isLetter || $0.isDigit }))
            guard marks(text[...], attached: true) else { return "" }
            text += trailingNumbers(rest.dropFirst(text.utf8.count), after: text[...])
            return text
        }
        if first == UInt8(ascii: ".") || first == UInt8(ascii: "~") {
            let behind = rest.dropFirst()
            let word = Substring(behind.utf8.prefix { $0.isLetter || $0.isDigit })
            guard word.utf8.first?.isLetter == true, marks(word, attached: false) else { return "" }
            return "-" + word + trailingNumbers(behind.dropFirst(word.utf8.count), after: word)
        }
        guard first == UInt8(ascii: "-") else { return "" }
        return hyphenated(rest)
    }

    /// `-ce-rc4`, `-rc.1`, `-preview.1.24101.2`: words up to the one that marks the pre-release, then numbers.
    private static func hyphenated(_ rest: Substring) -> String {
        var text = ""
        var remaining = rest
        while let separator = remaining.utf8.first, separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".") {
            let behind = remaining.dropFirst()
            let word = Substring(behind.utf8.prefix { $0.isLetter || $0.isDigit })
            // A number first is a distributor's revision or a date.
            guard word.utf8.first?.isLetter == true else { return "" }
            text += remaining.prefix(1) + word
            remaining = behind.dropFirst(word.utf8.count)
            if marks(word, attached: false) { return text + trailingNumbers(remaining, after: word) }
        }
        return ""
    }

    /// `.0.44` as far as it goes. A hyphen counts only behind a bare word, as in `-rc-3`: in `-rc1-1` it begins a
    /// distributor's revision.
    private static func trailingNumbers(_ rest: Substring, after word: Substring) -> String {
        var text = ""
        var remaining = rest
        var mayHyphenate = word.utf8.allSatisfy(\.isLetter)
        while let separator = remaining.utf8.first {
            guard separator == UInt8(ascii: ".") || (mayHyphenate && separator == UInt8(ascii: "-")) else { break }
            let word = Substring(remaining.dropFirst().utf8.prefix { $0.isLetter || $0.isDigit })
            guard !word.isEmpty, word.utf8.allSatisfy(\.isDigit) else { break }
            text += remaining.prefix(1) + word
            remaining = remaining.dropFirst(1 + word.utf8.count)
            mayHyphenate = false
        }
        return text
    }

    /// Whether a word marks a pre-release: one of the list, with nothing or a number behind it (`nightly2023…` may go
    /// on with letters, it is a date and a commit).
    private static func marks(_ word: Substring, attached: Bool) -> Bool {
        let letters = word.utf8.prefix { $0.isLetter }
        let name = Substring(letters).lowercased()
        let behind = word.utf8.dropFirst(letters.count)
        if attached, shortWords.contains(name) { return !behind.isEmpty && behind.allSatisfy(\.isDigit) }
        guard words.contains(name) else { return false }
        if name == "m" { return !behind.isEmpty && behind.allSatisfy(\.isDigit) }
        return true
    }

    /// The identifiers of a pre-release in `kept` form at the front of `rest`; none where there is no pre-release.
    static func identifiers(_ rest: String) -> [PrereleaseIdentifier] {
        let kept = kept(of: Substring(rest))
        let text = kept.hasPrefix("-") ? kept.dropFirst() : kept[...]
        return text.split(separator: ".").map { part in
            let digits = part.utf8.allSatisfy(\.isDigit)
            return PrereleaseIdentifier(digits ? Substring(String(Int(part) ?? .max)) : part)
        }
    }
}
