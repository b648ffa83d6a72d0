/// Which git remotes a line of an allow-list means: `github.com/acme/api`, `github.com/acme/*` (one name),
/// `git.example/**` (all below). Written as any URL of git; compared as `RemoteIdentity` has it.
public struct RemotePattern: Sendable, Hashable {
    private let segments: [Substring]

    /// nil where it would allow every host there is, or nothing.
    public init?(_ text: String) {
        // Without a scheme it is read as https, so that letters and endings count as in a remote.
        let isPlain = !text.contains(":") && text.first != "/" && text.first != "."
        let identity = RemoteIdentity.normalized(isPlain ? "https://" + text : text)
        // A scheme that stays may be read or changed by others on its way, or is a place on this machine.
        if identity.contains("://") { return nil }
        segments = identity.split(separator: "/", omittingEmptySubsequences: false)
        guard let host = segments.first, !host.isEmpty, !host.contains("*"), segments.count > 1 else { return nil }
    }

    /// Whether it means that remote, whichever way the URL is written.
    public func matches(_ remote: String) -> Bool {
        let found = RemoteIdentity.normalized(remote).split(separator: "/", omittingEmptySubsequences: false)
        // What a server may take for another place.
        if found.contains(where: { ["", ".", ".."].contains($0) || $0.contains { "%?#\\".contains($0) } }) {
            return false
        }
        for (place, segment) in segments.enumerated() {
            if segment == "**", place == segments.count - 1 { return found.count > place }
            guard place < found.count else { return false }
            if segment != "*", segment != found[place] { return false }
        }
        return found.count == segments.count
    }
}
