/// How a word looks, before anything is known about options.
enum Word {
    static let dash = UInt8(ascii: "-")

    /// Whether the word asks for an option: `-x`, `--x`; not `-` (standard input) and not a negative number.
    static func isOption(_ word: String) -> Bool {
        word.utf8.first == dash && word.utf8.count > 1 && !isNegativeNumber(word)
    }

    static func isLong(_ word: String) -> Bool { word.utf8.starts(with: [dash, dash]) }

    /// `-5`, `-0.5`: no option begins with a digit.
    static func isNegativeNumber(_ word: String) -> Bool {
        let rest = word.utf8.dropFirst()
        guard word.utf8.first == dash, let first = rest.first, isDigit(first) else { return false }
        let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
    }

    /// The name of a long option and the value after `=`, nil where there is none.
    static func splitLong(_ word: String) -> (name: String, value: String?) {
        let body = word.unicodeScalars.dropFirst(2)
        guard let equals = body.firstIndex(of: "=") else { return (String(body), nil) }
        return (String(body[..<equals]), String(body[body.index(after: equals)...]))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
