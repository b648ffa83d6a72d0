/// Which git remotes a line of an allow-list means: `github.com/acme/api`, `github.com/acme/*` (one name),
/// `git.example/**` (all below). Written as any URL of git; compared as `RemoteIdentity` has it.
public struct RemotePattern: Sendable, Hashable {
    private let segments: [Substring]

    /// nil where it would allow every host there is, or nothing.
    public init?(_ text: String) {
        let identity = RemoteIdentity.normalized(text)
        segments = identity.split(separator: "/", omittingEmptySubsequences: false)
        guard let host = segments.first, !host.isEmpty, !host.contains("*"), segments.count > 1 else { return nil }
    }

    /// Whether it means that remote, whichever way the URL is written.
    public func matches(_ remote: String) -> Bool {
        let found = RemoteIdentity.normalized(remote).split(separator: "/", omittingEmptySubsequences: false)
        if found.contains(where: { ["", ".", ".."].contains($0) }) { return false }
        for (place, segment) in segments.enumerated() {
            if segment == "**", place == segments.count - 1 { return found.count > place }
            guard place < found.count else { return false }
            if segment != "*", segment != found[place] { return false }
        }
        return found.count == segments.count
    }
}
