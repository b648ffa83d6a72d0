/// A version as Semantic Versioning 2.0.0 defines it, read as node-semver 7 reads it.
///
/// Build metadata has no part in order (SemVer §10), and so none in equality either.
public struct Version: Sendable {
    public let major: Int
    public let minor: Int
    public let patch: Int
    /// What follows the hyphen, by dots; empty for a release.
    public let prerelease: [PrereleaseIdentifier]
    /// What follows the plus, by dots.
    public let build: [String]

    /// The largest number a version may hold, JavaScript's `Number.MAX_SAFE_INTEGER`.
    public static let largestNumber = 9_007_199_254_740_991
    /// The longest text that is read as a version, in UTF-16 units (node-semver `MAX_LENGTH`).
    public static let longestText = 256

    public init(
        _ major: Int, _ minor: Int, _ patch: Int, prerelease: [PrereleaseIdentifier] = [], build: [String] = []
    ) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.build = build
    }

    /// Reads `1.2.3`, `1.2.3-rc.1+build`; a leading `v` and white space around it are allowed. nil for everything
    /// else: numbers with leading zeros or above `largestNumber`, texts above `longestText`.
    public init?(strict text: String) {
        guard text.utf16.count <= Self.longestText else { return nil }
        var scanner = VersionScanner(text.trimmingSpaces())
        scanner.skip("v")
        guard let partial = scanner.partialVersion(), scanner.isAtEnd, let version = partial.exact else { return nil }
        self = version
    }

    /// The first thing in a text that could be a version, as node-semver's `coerce` with its default options finds
    /// it: up to three numbers of at most 16 digits joined by dots; what is missing is 0, a pre-release is dropped.
    /// nil where there is no number, or where one has a leading zero.
    public init?(coercing text: String) {
        var scanner = VersionScanner(Substring(text))
        while scanner.skipToDigit() {
            let first = scanner.digits()
            if first.utf8.count > 16 { continue }
            var parts = [first]
            while parts.count < 3, let next = scanner.dottedDigits(atMost: 16) { parts.append(next) }
            let numbers = parts.map(VersionScanner.number)
            guard let major = numbers[0] else { return nil }
            let rest = numbers.dropFirst()
            guard rest.allSatisfy({ $0 != nil }) else { return nil }
            self.init(major, (rest.first ?? nil) ?? 0, (rest.dropFirst().first ?? nil) ?? 0)
            return
        }
        return nil
    }

    /// The same version without pre-release and build metadata.
    public var release: Version { Version(major, minor, patch) }

    public var isPrerelease: Bool { !prerelease.isEmpty }
}

extension Version: Hashable, Comparable {
    public static func == (left: Version, right: Version) -> Bool {
        left.numbers == right.numbers && left.prerelease == right.prerelease
    }

    /// SemVer §11: numbers first, then a pre-release before its release, then identifier by identifier.
    public static func < (left: Version, right: Version) -> Bool {
        if left.numbers != right.numbers { return left.numbers < right.numbers }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        return left.prerelease.lexicographicallyPrecedes(right.prerelease)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(major)
        hasher.combine(minor)
        hasher.combine(patch)
        hasher.combine(prerelease)
    }

    var numbers: (Int, Int, Int) { (major, minor, patch) }
}

extension Version: CustomStringConvertible {
    /// The version in full, with build metadata.
    public var description: String {
        build.isEmpty ? precedence : precedence + "+" + build.joined(separator: ".")
    }

    /// What counts for order: no build metadata.
    var precedence: String {
        let numbers = "\(major).\(minor).\(patch)"
        return prerelease.isEmpty ? numbers : numbers + "-" + prerelease.map(\.description).joined(separator: ".")
    }
}
