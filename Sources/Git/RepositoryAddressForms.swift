import Base

extension RepositoryAddress {
    /// The address with the protocol chosen for a short form; others stay as they are.
    public func reached(by choice: GitProtocol) -> RepositoryAddress {
        guard forge != nil else { return self }
        var address = self
        address.forge = nil
        switch choice {
        case .ssh:
            address.scheme = .ssh
            address.user = "git"
            address.isScpForm = true
        case .https:
            address.scheme = .https
            address.path = "/" + path
        }
        return address
    }

    /// The address as git takes it, with login and password where it has them.
    public var url: String { text(login: true) }

    /// The address without login and password, fit for a command line; ssh keeps its user.
    public var publicURL: String { text(login: scheme == .ssh, password: false) }

    /// The host, with its port where one is given; nil for files.
    public var server: String? { host.isEmpty ? nil : port.map { "\(host):\($0)" } ?? host }

    /// The address as it is kept in the checkout's configuration: without a password, and without a login that
    /// is long enough to be a token. A plain user name stays.
    public var storedURL: String {
        text(login: scheme == .ssh || (password == nil && !loginIsSecret), password: false)
    }

    /// `https://TOKEN@host` is a common way to write a token; user names that long are rare.
    var loginIsSecret: Bool { scheme != .ssh && (user?.utf8.count ?? 0) >= 20 }

    private func text(login: Bool, password withPassword: Bool = true) -> String {
        if forge != nil { return reached(by: .https).text(login: login, password: withPassword) }
        if scheme == .file {
            return path.hasPrefix("/") ? "file://" + RepositoryAddress.encoded(path, path: true) : path
        }
        var authority = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        if login, let user {
            var info = RepositoryAddress.encoded(user)
            if withPassword, let password { info += ":" + RepositoryAddress.encoded(password) }
            authority = info + "@" + authority
        }
        if isScpForm {
            if let port { return "[\(authority):\(port)]:\(path)" }
            return "\(authority):\(path)"
        }
        if let port { authority += ":\(port)" }
        return scheme.rawValue + "://" + authority + (path.hasPrefix("/") ? path : "/~/" + path)
    }

    static func encoded(_ text: String, path: Bool = false) -> String {
        PercentEncoding.encode(text, keeping: path ? "/+@:,=!()&'" : "")
    }

    /// The same address with the other's login, where both are on one server and this one names no user: what a
    /// submodule of a repository behind a login needs.
    func withLogin(of other: RepositoryAddress) -> RepositoryAddress {
        guard user == nil, scheme != .ssh, scheme == other.scheme, host == other.host, port == other.port else {
            return self
        }
        var address = self
        address.user = other.user
        address.password = other.password
        return address
    }

    /// What names the repository, whatever the protocol: host and path.
    var identity: String {
        // `git clone ../api.git` keeps `/home/me/code/../api.git` as the origin.
        var path = Substring(scheme == .file ? Path(self.path).normalized.text : self.path)
        while path.hasPrefix("/") { path = path.dropFirst() }
        if path.hasPrefix("~/") { path = path.dropFirst(2) }
        while path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        while path.hasSuffix("/") { path = path.dropLast() }
        if scheme == .file { return "file:/\(path)" }
        let host = host.lowercased()
        let isForge = host == "github.com" || host == "gitlab.com" || host == "bitbucket.org"
        let standard =
            switch scheme {
            case .https: 443;
            case .http: 80;
            case .ssh: 22;
            default: 9418
            }
        let place = port == nil || port == standard ? host : "\(host):\(port ?? 0)"
        return place + "/" + (isForge ? path.lowercased() : String(path))
    }

    /// Whether two texts name one repository: protocol, login, `.git` and a closing `/` make no difference.
    /// Texts that are no addresses are the same only when they are equal.
    public static func sameRepository(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        guard let first = RepositoryAddress(first), let second = RepositoryAddress(second) else { return false }
        return first.identity == second.identity
    }

    /// The text with the login of every URL in it replaced by `***`; user names of ssh stay.
    public static func masked(_ text: String) -> String {
        guard text.firstRange(ofText: "://") != nil else { return text }
        let stops = Array(" \t\r\n\"'<>`".utf8)
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard rest.starts(with: "://".utf8) else { out.append(rest.removeFirst()); continue }
            out += "://".utf8
            rest = rest.dropFirst(3)
            let word = rest.prefix { !stops.contains($0) }
            let authority = word.prefix { $0 != UInt8(ascii: "/") }
            let at = authority.lastIndex(of: UInt8(ascii: "@"))
            guard let at else { continue }
            let isSSH = String(decoding: out.suffix(6), as: UTF8.self) == "ssh://"
            let hasPassword = rest[rest.startIndex..<at].contains(UInt8(ascii: ":"))
            if !isSSH || hasPassword {
                out += "***".utf8
                rest = rest[at...]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
