/// Which versions are good enough, in node-semver's grammar: `>=1.2 <2`, `^20`, `~3.10`, `1.x || 2.x`, `1.2 - 2.3`.
///
/// Default options of node-semver 7.8: strict, and pre-releases are in only where a bound names one of the same
/// version. Two differences, on purpose: `*` inside a version (`1.2.*3`) is an error here, where node-semver drops the
/// star; and numeric pre-release identifiers above 2^53 are compared exactly.
public struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    /// The range as written, white space reduced.
    public let description: String
    /// Alternatives, each a list of bounds that must all hold; an empty list is any version.
    let alternatives: [[Comparator]]

    /// Throws what is wrong with the first part that can't be read.
    public init(parsing text: String) throws(VersionRangeError) {
        let reduced = text.unicodeScalars.split(whereSeparator: \.isSpace).map { String($0) }.joined(separator: " ")
        description = reduced
        var alternatives: [[Comparator]] = []
        for alternative in reduced.splitAlternatives() {
            alternatives.append(try RangeParser(range: reduced).bounds(of: alternative))
        }
        self.alternatives = Self.simplified(alternatives)
    }

    /// Every version but pre-releases.
    public static let any = VersionRange(description: "*", alternatives: [[]])

    private init(description: String, alternatives: [[Comparator]]) {
        self.description = description
        self.alternatives = alternatives
    }

    /// Whether the version is in the range.
    public func contains(_ version: Version) -> Bool {
        alternatives.contains { bounds in
            bounds.allSatisfy { $0.holds(for: version) }
                && (!version.isPrerelease || bounds.contains { $0.names(prereleaseOf: version) })
        }
    }

    /// Whether a bound names a pre-release of the same three numbers, as `>=1.2.3-rc.1` does for 1.2.3-rc.2.
    public func names(prereleaseOf version: Version) -> Bool {
        alternatives.contains { $0.contains { $0.names(prereleaseOf: version) } }
    }

    /// The lowest version in the range; nil when there is none, as in `>2 <1`.
    public var minimum: Version? {
        // The least member of a list of bounds is 0.0.0, or stands at a bound or directly above one, or is the first
        // pre-release of a version of which a bound names one.
        var candidates = [Version(0, 0, 0)]
        for version in alternatives.joined().map(\.version) {
            let (major, minor, patch) = version.numbers
            candidates += [version, version.release, Version(major, minor, patch, prerelease: [.number(0)])]
            if patch < Version.largestNumber { candidates.append(Version(major, minor, patch + 1)) }
            if version.isPrerelease {
                candidates.append(Version(major, minor, patch, prerelease: version.prerelease + [.number(0)]))
            }
        }
        return candidates.filter(contains).min()
    }

    /// Whether any version can be in the range.
    public var isSatisfiable: Bool { minimum != nil }

    /// The bounds that the range stands for: `^1.2` is `>=1.2.0 <2.0.0-0`; empty for any version.
    public var bounds: String {
        alternatives.map { $0.map(\.description).joined(separator: " ") }.joined(separator: "||")
    }

    /// As node-semver does: alternatives that hold nothing go, unless all do; one that holds everything stands alone,
    /// so that `* || 1.0.0-beta` does not contain 1.0.0-beta.
    private static func simplified(_ alternatives: [[Comparator]]) -> [[Comparator]] {
        let possible = alternatives.filter { $0.first != .nothing }
        guard let first = possible.first else { return Array(alternatives.prefix(1)) }
        if possible.count > 1, possible.contains([]) { return [[]] }
        return possible.count == 1 ? [first] : possible
    }
}

extension Comparator {
    /// Whether this bound is a pre-release of the same three numbers.
    func names(prereleaseOf other: Version) -> Bool { version.isPrerelease && version.numbers == other.numbers }
}

extension String {
    /// The texts between `||`, trimmed.
    fileprivate func splitAlternatives() -> [String] {
        var parts: [String] = [""]
        var bytes = Substring(self)
        while !bytes.isEmpty {
            if bytes.hasPrefix("||") {
                bytes.removeFirst(2)
                parts.append("")
            } else {
                parts[parts.count - 1].append(bytes.removeFirst())
            }
        }
        return parts.map { String($0.trimmingSpaces()) }
    }
}
