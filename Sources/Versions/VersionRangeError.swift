/// Why a text is no version range.
public struct VersionRangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole range as written.
    public let range: String
    /// The part that can't be read.
    public let part: String
    /// What is wrong with the part, as the end of a sentence that begins with it.
    public let reason: String

    /// What ranges look like, for people.
    public static let examples = "\">=1.2 <2\", \"^20\", \"~3.10\", \"1.x || 2.x\" or \"1.2 - 2.3\""

    public var description: String {
        let place = part == range ? "\"\(part)\"" : "\"\(part)\" in \"\(range)\""
        return "\(place) \(reason); a range looks like \(Self.examples)"
    }
}

extension VersionRangeError {
    /// Finds the words for a part that the grammar refuses.
    init(range: String, part: String) {
        self.init(range: range, part: part, reason: Self.reason(part))
    }

    private static func reason(_ part: String) -> String {
        let bytes = part.utf8
        if bytes.count > Version.longestText { return "is longer than \(Version.longestText) characters" }
        if part.contains(",") { return "has a comma; bounds are joined by a space" }
        if part.hasPrefix("!") { return "excludes a version, which a range can't" }
        if part.contains("|") { return "has a lone |; alternatives are joined by ||" }
        if part == "-" { return "stands for nothing; from - to needs a version on both sides" }
        if bytes.allSatisfy({ "<>=~^".utf8.contains($0) }) { return "has no version behind it" }
        if part.hasPrefix("==") { return "has two equals signs; one or none means equal" }
        guard let digit = bytes.firstIndex(where: \.isDigit) else { return "is no version" }
        let core = part[digit...].utf8.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
        let numbers = (Substring(core)).split(separator: ".", omittingEmptySubsequences: false)
        let isOpen = core.endIndex < part.endIndex && "xX*".contains(part[core.endIndex])
        if numbers.contains(""), !isOpen { return "has a dot without a number" }
        if numbers.count > 3 { return "has more than three numbers" }
        if numbers.contains(where: { $0.hasPrefix("0") && $0.utf8.count > 1 }) {
            return "has a number that begins with 0"
        }
        if numbers.contains(where: { !$0.isEmpty && (Int($0) ?? .max) >= Version.largestNumber }) {
            return "has a number that is too large"
        }
        if core.endIndex < part.endIndex, part[core.endIndex] == "-", numbers.count < 3 {
            return "names a pre-release, which needs three numbers before it"
        }
        return "is no version"
    }
}
