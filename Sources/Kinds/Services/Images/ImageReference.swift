/// The name of an image, as the engine's interface and the registries' logins take it (distribution/reference, "Grammar").
struct ImageReference: Hashable, Sendable {
    /// The name without tag and digest, as it was written: `postgres`, `ghcr.io/acme/api`.
    var repository: String
    /// `latest` where nothing is said; nil beside a digest.
    var tag: String?
    /// `sha256:…`
    var digest: String?

    /// Nil for text that names no image that could be fetched: an image's id, nothing at all.
    init?(_ text: String) {
        guard !text.isEmpty, !text.hasPrefix("sha256:"), !text.utf8.contains(UInt8(ascii: " ")) else { return nil }
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        let name = rest.lastIndex(of: "/").map { rest[rest.index(after: $0)...] } ?? rest
        if let colon = name.lastIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else if digest == nil {
            tag = "latest"
        }
        guard !rest.isEmpty else { return nil }
        repository = String(rest)
    }

    /// The registry's host. What has no dot, no colon and is not `localhost` before the first slash is a name on Docker
    /// Hub.
    var registry: String {
        guard let slash = repository.firstIndex(of: "/") else { return Self.hub }
        let first = repository[..<slash]
        let isHost = first == "localhost" || first.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
        return isHost ? String(first) : Self.hub
    }

    static let hub = "docker.io"
}
