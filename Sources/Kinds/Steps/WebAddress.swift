/// The parts of an `http` address that a plain request needs (RFC 3986, section 3, without user information).
struct WebAddress: Hashable, Sendable {
    var isSecure: Bool
    var host: String
    var port: Int
    /// Path and query.
    var target: String
    /// Host and port as the address has them: the Host header.
    var authority: String

    init?(_ text: String) {
        let rest: Substring
        if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else {
            return nil
        }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        authority = rest[..<end].split(separator: "@").last.map(String.init) ?? ""
        let path = rest[end...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/" + path
        guard let place = Self.hostAndPort(authority, standard: isSecure ? 443 : 80) else { return nil }
        host = place.host
        port = place.port
    }

    /// `localhost:5432`, `[::1]:80`, `5432`.
    static func hostAndPort(_ text: String, standard: Int? = nil) -> (host: String, port: Int)? {
        if standard == nil, let port = Int(text), (1...65535).contains(port) { return ("127.0.0.1", port) }
        var host = text[...]
        var port = standard
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            guard let number = Int(text[text.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let port, !host.isEmpty else { return nil }
        return (String(host), port)
    }
}
