/// Where a repository is: a URL of any form that git takes, taken apart.
public struct RepositoryAddress: Hashable, Sendable {
    /// How the repository is reached.
    public enum Scheme: String, Hashable, Sendable { case file, git, http, https, ssh }

    public var scheme: Scheme
    /// As written, for ssh matches its names by case; empty for files.
    public var host: String
    /// Nil where none is given.
    public var port: Int?
    /// The login before the `@`, percent-decoded.
    public var user: String?
    /// Percent-decoded; a secret.
    public var password: String?
    /// As the server gets it: with a leading `/`, but for ssh in its short form (`git@host:acme/api`), where it
    /// is relative to the login's home.
    public var path: String
    /// Whether it is written `user@host:path`, without a scheme.
    var isScpForm = false
    /// `github`, `gitlab` or `bitbucket` where the short form was used, which leaves the protocol open.
    public var forge: String?

    /// Nil when the text is no address that devinit clones from: an unknown scheme, a transport helper
    /// (`ext::…`), control characters, or a host that a program could take for an option.
    public init?(_ text: String) {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), !text.hasPrefix("-") else {
            return nil
        }
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            RepositoryAddress.forges[String(text[..<colon])] != nil
        {
            guard let short = RepositoryAddress.short(text) else { return nil }
            self = short
            return
        }
        // `[git@host:2222]:acme/api.git`
        if text.hasPrefix("["), let end = text.firstRange(ofText: "]:") {
            let authority = text[..<end.lowerBound].dropFirst()
            guard let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")),
                let port = Int(authority[authority.utf8.index(after: colon)...]), (1...65535).contains(port)
            else { return nil }
            self.init(scpHost: authority[..<colon], path: String(text[end.upperBound...]))
            self.port = port
            return
        }
        if let mark = text.firstRange(ofText: "://") {
            self.init(scheme: String(text[..<mark.lowerBound]), rest: text[mark.upperBound...])
        } else if text.firstRange(ofText: "::") != nil {
            return nil
        } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), !text[..<colon].utf8.contains(0x2F) {
            self.init(scpHost: text[..<colon], path: String(text[text.utf8.index(after: colon)...]))
        } else {
            self.init(scheme: .file, path: text)
        }
    }

    private init(scheme: Scheme, host: String = "", path: String) {
        self.scheme = scheme
        self.host = host
        self.path = path
    }

    /// `git@host:acme/api.git`
    private init?(scpHost: Substring, path: String) {
        var host = String(scpHost)
        var user: String?
        if let at = host.utf8.lastIndex(of: UInt8(ascii: "@")) {
            user = String(host[..<at])
            host = String(host[host.utf8.index(after: at)...])
        }
        guard !host.isEmpty, !path.isEmpty, !path.hasPrefix("-"), RepositoryAddress.isSafe(host: host, user: user)
        else { return nil }
        self.init(scheme: .ssh, host: host, path: path)
        self.user = user
        isScpForm = true
    }

    private init?(scheme name: String, rest: Substring) {
        let name = name.lowercased()
        guard let scheme = Scheme(rawValue: name == "git+ssh" || name == "ssh+git" ? "ssh" : name) else { return nil }
        if scheme == .file {
            guard rest.utf8.first == 0x2F else { return nil }
            self.init(scheme: .file, path: RepositoryAddress.decoded(rest))
            return
        }
        let slash = rest.utf8.firstIndex(of: 0x2F) ?? rest.endIndex
        var authority = rest[..<slash]
        let path = String(rest[slash...])
        guard path.utf8.count > 1 else { return nil }
        var user: String?
        var password: String?
        if let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) {
            let info = authority[..<at]
            authority = authority[authority.utf8.index(after: at)...]
            if let colon = info.utf8.firstIndex(of: UInt8(ascii: ":")) {
                user = RepositoryAddress.decoded(info[..<colon])
                password = RepositoryAddress.decoded(info[info.utf8.index(after: colon)...])
            } else {
                user = RepositoryAddress.decoded(info)
            }
        }
        var host = authority
        var port: Int?
        if authority.utf8.first == UInt8(ascii: "["), let end = authority.utf8.firstIndex(of: UInt8(ascii: "]")) {
            host = authority[authority.utf8.index(after: authority.startIndex)..<end]
            authority = authority[authority.utf8.index(after: end)...]
        }
        if let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")) {
            let digits = authority[authority.utf8.index(after: colon)...]
            if !digits.isEmpty {
                guard let number = Int(digits), (1...65535).contains(number) else { return nil }
                port = number
            }
            if host.endIndex > colon { host = authority[..<colon] }
        }
        guard !host.isEmpty, RepositoryAddress.isSafe(host: String(host), user: user) else { return nil }
        self.init(scheme: scheme, host: String(host), path: path)
        self.port = port
        self.user = user.flatMap { $0.isEmpty ? nil : $0 }
        self.password = password
    }

    /// Hosts and users are handed to ssh; a leading `-` would be read as an option (CVE-2017-1000117).
    private static func isSafe(host: String, user: String?) -> Bool {
        !host.hasPrefix("-") && !(user ?? "").hasPrefix("-")
            && !host.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "\\") }
            && !(user ?? "").utf8.contains { $0 < 0x20 }
    }

    private static let forges = ["github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"]

    /// `github:acme/api`
    private static func short(_ text: String) -> RepositoryAddress? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let host = forges[String(text[..<colon])]
        else { return nil }
        var path = String(text[text.utf8.index(after: colon)...])
        while path.hasPrefix("/") { path.removeFirst() }
        while path.hasSuffix("/") { path.removeLast() }
        guard path.split(separator: "/").count >= 2, !path.hasPrefix("-") else { return nil }
        if !path.hasSuffix(".git") { path += ".git" }
        var address = RepositoryAddress(scheme: .https, host: host, path: path)
        address.forge = String(text[..<colon])
        return address
    }

    static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var out: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension String {
    /// The first place of an ASCII text, compared byte by byte.
    func firstRange(ofText needle: String) -> Range<Index>? {
        let bytes = utf8
        let needle = Array(needle.utf8)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let rest = bytes[start...]
            if rest.starts(with: needle) { return start..<bytes.index(start, offsetBy: needle.count) }
            start = bytes.index(after: start)
        }
        return nil
    }
}
