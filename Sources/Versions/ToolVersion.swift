/// Versions of tools as the tools print them.
public enum ToolVersion {
    /// The version in a tool's output, as text: `git version 2.39.3 (Apple Git-146)` gives `2.39.3`.
    ///
    /// - Parameters:
    ///   - output: What the tool printed, both streams. Terminal colours are removed and lines in which a runtime
    ///     talks about itself (`Picked up JAVA_TOOL_OPTIONS: …`, warnings) are passed over.
    ///   - pattern: A regular expression from the catalog that leads to the version; its first group that took part is
    ///     read, or the whole match. Without one, the first thing that looks like a version is taken.
    /// - Returns: nil when there is none, when the pattern does not match, or when it is no regular expression (the
    ///   catalog's are checked by a test; `isPattern` checks others).
    ///
    /// What distributors append is dropped (`-1ubuntu3`, `-rhel`, `-desktop.1`, `+dfsg`), what marks a pre-release is
    /// kept (`-rc.1`, `rc1`, `b2`, `-nightly`), as are Java's update (`1.8.0_392`) and OpenSSL's letter (`1.1.1k`).
    public static func extract(from output: String, pattern: String?) -> String? {
        let text = ToolOutput.plain(output)
        guard let pattern else { return VersionSearch.first(in: text) }
        guard let expression = try? Regex(pattern), let match = text.firstMatch(of: expression) else { return nil }
        let groups = match.output.dropFirst().compactMap(\.substring)
        guard let found = groups.first ?? match.output[0].substring else { return nil }
        return VersionSearch.version(within: found)
    }

    /// Whether a pattern can be used with `extract`.
    public static func isPattern(_ pattern: String) -> Bool { (try? Regex(pattern)) != nil }

    /// A tool's version as a semantic version: `3.10` is 3.10.0, `1.8.0_392` is 1.8.0, `18.03.1` is 18.3.1,
    /// `3.13.0rc1` is 3.13.0-rc1. nil when it does not begin with a number.
    public static func version(of text: String) -> Version? {
        var scanner = VersionScanner(Substring(text))
        guard scanner.skipToDigit() else { return nil }
        var numbers = [scanner.digits()]
        while let next = scanner.dottedDigits(atMost: 16) { numbers.append(next) }
        // Unlike node-semver's coerce: leading zeros are common in tools that number by date.
        let values = numbers.map { Int($0) ?? .max }
        guard values.prefix(3).allSatisfy({ $0 <= Version.largestNumber }) else { return nil }
        return Version(
            values[0], values.count > 1 ? values[1] : 0, values.count > 2 ? values[2] : 0,
            prerelease: PrereleaseSuffix.identifiers(String(scanner.remaining)))
    }

    /// Whether a tool's version is in a range; nil when the text holds no version.
    ///
    /// A pre-release counts as the release it leads to: 3.13.0rc2 and 1.85.0-nightly are in `>=3.13` and `>=1.85`.
    /// So do pip (`requires-python`) and Cargo (`rust-version`): who runs one has that version's features, and
    /// node-semver's rule would shut v21.0.0-rc.1 out of `>=20`. Only where the range itself names a pre-release of
    /// that version, order among pre-releases decides: 3.13.0b1 is not in `>=3.13.0-rc1`.
    ///
    /// - Parameter optionalPrefix: The beginning that the version also counts without: `1.` for Java, whose 1.8 is 8.
    public static func satisfies(_ text: String, _ range: VersionRange, optionalPrefix: String? = nil) -> Bool? {
        guard let version = version(of: text) else { return nil }
        if range.contains(range.names(prereleaseOf: version) ? version : version.release) { return true }
        guard let optionalPrefix, !optionalPrefix.isEmpty, text.hasPrefix(optionalPrefix) else { return false }
        return satisfies(String(text.dropFirst(optionalPrefix.count)), range) ?? false
    }

    /// The index of the newest of several versions, for a tool that can be found in more than one place; those that
    /// hold no version come last. The first of equals. nil for an empty list.
    public static func newest(_ texts: [String]) -> Int? {
        var best: (index: Int, version: Version?)?
        for (index, text) in texts.enumerated() {
            let version = version(of: text)
            if best == nil { best = (index, version); continue }
            if let version, best?.version.map({ $0 < version }) ?? true { best = (index, version) }
        }
        return best?.index
    }
}
