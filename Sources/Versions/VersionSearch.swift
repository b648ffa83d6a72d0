/// Finds the version in plain text.
enum VersionSearch {
    /// The version in a text that a pattern led to: from its first digit.
    static func version(within text: Substring) -> String? {
        guard let digit = text.utf8.firstIndex(where: \.isDigit) else { return nil }
        return read(text[digit...])
    }

    /// The first line's first number with a dot, else its first number that stands where a version would; then the
    /// next line. Lines that begin with a path are passed over.
    static func first(in text: String) -> String? {
        for line in text.split(separator: "\n") where !line.hasPrefix("/") {
            if let found = dotted(in: line) ?? single(in: line) { return found }
        }
        return nil
    }

    private static func dotted(in line: Substring) -> String? {
        var search = line
        while let start = search.utf8.firstIndex(where: \.isDigit) {
            var scanner = VersionScanner(search[start...])
            _ = scanner.digits()
            if scanner.dottedDigits(atMost: 16) != nil { return read(search[start...]) }
            search = scanner.remaining
        }
        return nil
    }

    /// `less 590`, `openjdk 21 2023-09-19`, `17beta1` behind the word version: a number at the front of the line or
    /// behind one word.
    private static func single(in line: Substring) -> String? {
        var words = line.split(separator: " ").prefix(2)[...]
        if let index = line.split(separator: " ").firstIndex(where: { $0.lowercased().hasPrefix("version") }) {
            words = line.split(separator: " ").dropFirst(index + 1).prefix(1)
        }
        for word in words {
            let bare = word.drop { $0 == "v" || $0 == "V" || $0 == "\"" || $0 == "(" || $0 == "=" }
            guard bare.utf8.first?.isDigit == true else { continue }
            // No date, time, share or plain word that begins with a digit.
            let digits = bare.utf8.prefix(while: \.isDigit).count
            let rest = bare.utf8.dropFirst(digits).first
            if let rest, "/:%".utf8.contains(rest) || (digits == 4 && rest == UInt8(ascii: "-")) { continue }
            if digits <= 4, let found = read(bare) { return found }
        }
        return nil
    }

    /// Reads the version at the front of a text: numbers by dots, then what belongs to it.
    private static func read(_ text: Substring) -> String? {
        var scanner = VersionScanner(text)
        var version = String(scanner.digits())
        guard !version.isEmpty else { return nil }
        while let next = scanner.dottedDigits(atMost: 16) { version += "." + next }
        var rest = scanner.remaining
        if rest.hasPrefix("_") {
            // Java's update number.
            let update = Substring(rest.utf8.dropFirst().prefix(while: \.isDigit))
            if !update.isEmpty {
                version += "_" + update
                rest = rest.dropFirst(1 + update.utf8.count)
            }
        }
        let letters = Substring(rest.utf8.prefix { $0.isLetter || $0.isDigit })
        // OpenSSL's patch letter (two of them after z).
        if version.contains("."), (1...2).contains(letters.utf8.count), isPatchLetters(letters) {
            return version + letters
        }
        return version + PrereleaseSuffix.kept(of: rest)
    }

    private static func isPatchLetters(_ letters: Substring) -> Bool {
        let bytes = Array(letters.utf8)
        guard bytes.allSatisfy({ $0.isLetter && $0 > UInt8(ascii: "Z") }) else { return false }
        return bytes.count == 1 || bytes[0] == UInt8(ascii: "z")
    }
}
