/// Turns one alternative of a range into bounds: node-semver `Range.parseRange`, without its rewriting of text.
struct RangeParser {
    /// The whole range, for errors.
    let range: String

    /// The bounds of an alternative; empty for any version, `[.nothing]` for none.
    func bounds(of alternative: String) throws(VersionRangeError) -> [Comparator] {
        let words = Self.withoutBuild(alternative).split(separator: " ").map(String.init)
        var found: [Comparator] = []
        if let hyphenated = try hyphenBounds(words) {
            found = hyphenated
        } else {
            for word in Self.joined(words) { found += try bounds(of: word, in: word) }
        }
        if found.contains(.nothing) { return [.nothing] }
        var seen: Set<Comparator> = []
        return found.filter { !$0.isAnything && seen.insert($0).inserted }
    }

    /// Build metadata says nothing in a range.
    private static func withoutBuild(_ text: String) -> String {
        var kept = ""
        var rest = Substring(text)
        while let plus = rest.utf8.firstIndex(of: UInt8(ascii: "+")) {
            kept += rest[..<plus]
            var scanner = VersionScanner(rest[plus...])
            scanner.skip("+")
            let behind = scanner.remaining
            if scanner.skipBuild() { rest = scanner.remaining } else { kept += "+"; rest = behind }
        }
        return kept + rest
    }

    /// Joins an operator with what follows it: `> 1.2` is `>1.2`. From the right, so that `~ > 1` becomes `~>1`.
    private static func joined(_ words: [String]) -> [String] {
        var joined: [String] = []
        for word in words.reversed() {
            guard let next = joined.last else { joined.append(word); continue }
            var scanner = VersionScanner(Substring(word))
            if scanner.skip("~") { scanner.skip(">") } else { scanner.skip("^") }
            if !scanner.skip("<") { scanner.skip(">") }
            scanner.skip("=")
            let isOperator = scanner.isAtEnd
            if isOperator, word != "^", word != "~", startsVersion(next) {
                joined[joined.count - 1] = word + next
            } else if word == "~" || word == "~>" {
                joined[joined.count - 1] = "~" + next
            } else if word == "^" {
                joined[joined.count - 1] = "^" + next
            } else {
                joined.append(word)
            }
        }
        return joined.reversed()
    }

    private static func startsVersion(_ word: String) -> Bool {
        var scanner = VersionScanner(Substring(word))
        scanner.skip(anyOf: "v=")
        guard let first = scanner.remaining.utf8.first else { return false }
        return first.isDigit || "xX*".utf8.contains(first)
    }

    /// `from - to`, both with parts left open as one likes; nil where the words are no such thing.
    private func hyphenBounds(_ words: [String]) throws(VersionRangeError) -> [Comparator]? {
        guard words.count == 3, words[1] == "-" else { return nil }
        var from = VersionScanner(Substring(words[0]))
        var to = VersionScanner(Substring(words[2]))
        let fromPrefix = from.skip(anyOf: "v=")
        let toPrefix = to.skip(anyOf: "v=")
        guard let low = from.partialVersion(), from.isAtEnd, let high = to.partialVersion(), to.isAtEnd else {
            return nil
        }
        var found: [Comparator] = []
        if !low.anyMajor {
            if !low.anyPatch, !low.anyMinor, !Self.isPlain(fromPrefix) { throw refused(words[0]) }
            found.append(.init(.greaterOrEqual, try lowest(low, in: words[0])))
        }
        if !high.anyMajor {
            if high.anyMinor || high.anyPatch {
                found.append(.init(.less, try next(high, high.anyMinor ? .major : .minor, in: words[2])))
            } else {
                if high.prerelease.isEmpty, !Self.isPlain(toPrefix) { throw refused(words[2]) }
                guard let version = high.exact else { throw refused(words[2]) }
                found.append(.init(.lessOrEqual, version))
            }
        }
        return found
    }

    /// One word: an operator and a version.
    private func bounds(of word: String, in part: String) throws(VersionRangeError) -> [Comparator] {
        guard word.utf8.count <= Version.longestText else { throw refused(part) }
        var scanner = VersionScanner(Substring(word))
        if scanner.skip("^") {
            let version = try open(&scanner, part)
            if version.anyMajor { return [] }
            let end: Place =
                switch true {
                case version.anyMinor, version.majorNumber != 0: .major
                case version.anyPatch, version.minorNumber != 0: .minor
                default: .patch
                }
            return try from(version, upTo: end, part)
        }
        if scanner.skip("~") {
            scanner.skip(">")
            let version = try open(&scanner, part)
            if version.anyMajor { return [] }
            return try from(version, upTo: version.anyMinor ? .major : .minor, part)
        }
        var relation = ""
        if scanner.skip("<") { relation = "<" } else if scanner.skip(">") { relation = ">" }
        if scanner.skip("=") { relation += "=" }
        let prefix = scanner.skip(anyOf: "v=")
        let version = try open(&scanner, part)
        return try compared(
            relation == "=" ? .equal : Comparator.Operator(rawValue: relation) ?? .equal, version, prefix, part)
    }

    /// A plain comparison: `>=1.2`, `1.x`, `<=2.0.0-rc.1`.
    private func compared(
        _ relation: Comparator.Operator, _ version: PartialVersion, _ prefix: Substring, _ part: String
    ) throws(VersionRangeError) -> [Comparator] {
        // `x.2` and `1.x.3` name nothing.
        if version.anyMajor, !version.anyMinor { throw refused(part) }
        if version.anyMinor, !version.anyPatch { throw refused(part) }
        if version.anyMajor { return relation == .less || relation == .greater ? [.nothing] : [] }
        guard version.anyPatch else {
            guard Self.isPlain(prefix), let exact = version.exact else { throw refused(part) }
            return [.init(relation, exact)]
        }
        let place: Place = version.anyMinor ? .major : .minor
        switch relation {
        case .equal: return try from(version, upTo: place, part)
        case .less:
            let low = try lowest(version, in: part)
            return [.init(.less, Version(low.major, low.minor, low.patch, prerelease: [.number(0)]))]
        case .greaterOrEqual: return [.init(.greaterOrEqual, try lowest(version, in: part))]
        case .lessOrEqual: return [.init(.less, try next(version, place, in: part))]
        case .greater: return [.init(.greaterOrEqual, try next(version, place, in: part).release)]
        }
    }

    /// Which number the end of a range counts up.
    private enum Place { case major, minor, patch }

    private func from(
        _ version: PartialVersion, upTo place: Place, _ part: String
    ) throws(VersionRangeError) -> [Comparator] {
        [.init(.greaterOrEqual, try lowest(version, in: part)), .init(.less, try next(version, place, in: part))]
    }

    /// The version with 0 for every part left open, and from there on.
    private func lowest(_ version: PartialVersion, in part: String) throws(VersionRangeError) -> Version {
        if !version.anyMinor, !version.anyPatch {
            guard let exact = version.exact else { throw refused(part) }
            return exact
        }
        guard let major = version.majorNumber else { throw refused(part) }
        if version.anyMinor { return Version(major, 0, 0) }
        guard let minor = version.minorNumber else { throw refused(part) }
        return Version(major, minor, 0)
    }

    /// The first pre-release of the next major, minor or patch version: below it, and its pre-releases, is the rest.
    private func next(
        _ version: PartialVersion, _ place: Place, in part: String
    ) throws(VersionRangeError) -> Version {
        guard let major = version.majorNumber else { throw refused(part) }
        let minor = place == .major ? 0 : version.minorNumber
        let patch = place == .patch ? version.patchNumber : 0
        guard let minor, let patch else { throw refused(part) }
        let largest = place == .major ? major : place == .minor ? minor : patch
        guard largest < Version.largestNumber else { throw refused(part) }
        switch place {
        case .major: return Version(major + 1, 0, 0, prerelease: [.number(0)])
        case .minor: return Version(major, minor + 1, 0, prerelease: [.number(0)])
        case .patch: return Version(major, minor, patch + 1, prerelease: [.number(0)])
        }
    }

    /// The version behind an operator, up to the end of the word.
    private func open(_ scanner: inout VersionScanner, _ part: String) throws(VersionRangeError) -> PartialVersion {
        scanner.skip(anyOf: "v=")
        guard let version = scanner.partialVersion(), scanner.isAtEnd else { throw refused(part) }
        return version
    }

    /// A full version takes at most a `v` before it; `==1.2.3` is refused where `==1.2` is not.
    private static func isPlain(_ prefix: Substring) -> Bool { prefix.isEmpty || prefix == "v" }

    private func refused(_ part: String) -> VersionRangeError { VersionRangeError(range: range, part: part) }
}

extension VersionScanner {
    /// Takes build metadata (behind its plus) as far as it goes; false where there is none.
    mutating func skipBuild() -> Bool {
        let isPart: (UInt8) -> Bool = { $0.isDigit || $0.isLetter || $0 == UInt8(ascii: "-") }
        guard let first = remaining.utf8.first, isPart(first) else { return false }
        let bytes = Array(remaining.utf8)
        var end = 0
        while end < bytes.count {
            if isPart(bytes[end]) {
                end += 1
            } else if bytes[end] == UInt8(ascii: "."), end + 1 < bytes.count, isPart(bytes[end + 1]) {
                end += 2
            } else {
                break
            }
        }
        self = VersionScanner(remaining.dropFirst(end))
        return true
    }
}
