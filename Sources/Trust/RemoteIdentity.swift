/// Which repository a git URL names, so that a clone by ssh and one by https are the same one.
public enum RemoteIdentity {
    /// `github.com/acme/api` for `git@github.com:acme/api.git` and `https://github.com/acme/api`. What may be read or
    /// changed on its way (`http`, `git`) and local paths keep their scheme, so they never pass for the other.
    /// User names and passwords are left out.
    public static func normalized(_ url: String) -> String {
        if let end = url.firstRange(of: "://") {
            let scheme = url[..<end.lowerBound].lowercased()
            let rest = url[end.upperBound...]
            // There the authority ends (RFC 3986, 3.2): what follows is no host, whatever '@' it holds.
            let slash = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
            let place = tidy(host: rest[..<slash], path: rest[slash...])
            return ["https", "ssh", "git+ssh"].contains(scheme) ? place : "\(scheme)://\(place)"
        }
        // scp's form: a colon before any slash.
        if let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/"), colon != url.startIndex {
            return tidy(host: url[..<colon], path: url[url.index(after: colon)...])
        }
        return url
    }

    private static func tidy(host: Substring, path: Substring) -> String {
        let name = host[(host.lastIndex(of: "@").map(host.index(after:)) ?? host.startIndex)...].lowercased()
        var segments = path.split(separator: "/" as Character).map(String.init)
        if let last = segments.last, last.hasSuffix(".git"), last != ".git" {
            segments[segments.count - 1] = String(last.dropLast(4))
        }
        return ([name] + segments).joined(separator: "/")
    }
}
