import Base
import CGit2
import Git

/// Finds out what kind of failure libgit2 means. Its codes are coarse, so its words are read as well; each was
/// seen from 1.5 against the server named beside it.
struct ErrorReading {
    var code: Int32
    var area: Int
    var words: String
    var doing: String
    var session: Session

    private var place: String { RepositoryAddress.masked(session.request.url) }
    private var address: RepositoryAddress? { RepositoryAddress(session.request.connection) }
    private var host: String { address?.host ?? "" }
    private var isSSH: Bool { address?.scheme == .ssh }
    private var lower: String { (words + " " + session.serverWords).lowercased() }

    private func says(_ parts: String...) -> Bool { parts.contains { lower.contains($0) } }

    var failure: GitFailure {
        if code == GIT_EAUTH.rawValue || says("status code: 401", "authentication required", "authentication replays")
            || (isSSH && says("authenticate ssh session", "private key file", "error authenticating", "ssh-agent"))
        {
            return authentication
        }
        if code == GIT_ECERTIFICATE.rawValue || area == Int(GIT_ERROR_SSL.rawValue) && says("certificate") {
            return GitFailure(
                .certificate, "The TLS certificate of \(host) is not trusted: \(words)",
                hint: "Install the certificate authority that signed it, or name its file in GIT_SSL_CAINFO.")
        }
        if says("no space left", "disk quota", "file too large", "read-only file system") {
            return GitFailure(
                .disk, "Writing \(session.request.target) failed: \(words)", hint: "Make room, then run again.")
        }
        if says("owned by current user", "not owned by") || code == GIT_EOWNER.rawValue {
            return GitFailure(
                .refused, "\(place) belongs to another user, and git does not trust it.",
                hint: "If you do: git config --global --add safe.directory PATH")
        }
        if isNotFound {
            return GitFailure(
                .notFound, "There is no repository at \(place), or this login may not see it.",
                hint: "Check the URL for typing mistakes, and whether your login has access.")
        }
        if let network { return network }
        let reason = words.isEmpty ? "libgit2 gave no reason (code \(code))" : words
        return GitFailure(.other, "\(place.isEmpty ? session.request.target.text : place): \(doing) failed: \(reason)")
    }

    private var authentication: GitFailure {
        guard isSSH else {
            let given = session.request.credentials != nil
            return GitFailure(
                .authentication,
                given
                    ? "\(host) refuses the login for \(place)."
                    : "\(host) wants a login for \(place): it is private, or there is no such repository.",
                hint: "Store a login with git's credential helper (git credential approve), or use an ssh URL.")
        }
        return session.offers.failure(host: host, place: place)
    }

    private var isNotFound: Bool {
        // Status 404 of any web server; git daemon; upload-pack behind sshd; GitHub and GitLab over ssh; a path.
        if says(
            "status code: 404", "no such repository", "repository not exported",
            "does not appear to be a git repository",
            "repository not found", "could not find repository", "project you were looking for could not be found",
            "failed to resolve path", "access denied or repository not")
        {
            return true
        }
        return address?.scheme == .file && code == GIT_ENOTFOUND.rawValue
            && (doing == Doing.connect || area == Int(GIT_ERROR_REPOSITORY.rawValue))
    }

    private var network: GitFailure? {
        if says("connection refused") {
            return GitFailure(
                .network, "\(host) refuses the connection for \(place).",
                hint: "Check the port, and whether the server runs.")
        }
        if says("failed to resolve address", "name or service not known", "could not resolve", "nodename nor servname")
        {
            return GitFailure(
                .network, "The name \(host) can't be resolved.", hint: "Check the URL, the network and the VPN.")
        }
        if says("timed out", "timeout") {
            return GitFailure(
                .timeout, "\(host) did not answer in time.", hint: "Check the network and the VPN, then run again.")
        }
        let areas = [GIT_ERROR_NET.rawValue, GIT_ERROR_HTTP.rawValue, GIT_ERROR_SSH.rawValue, GIT_ERROR_SSL.rawValue]
        if code == GIT_EEOF.rawValue || areas.contains(where: { area == Int($0) })
            || says("failed to connect", "connection reset", "unreachable", "early eof", "broken pipe", "socket")
        {
            let said = session.serverWords.isEmpty ? words : "\(words): \(session.serverWords)"
            return GitFailure(.network, "The connection to \(host) for \(place) failed: \(said)", hint: "Run again.")
        }
        return nil
    }
}

/// Steps that the reading of errors tells apart.
enum Doing {
    static let connect = "connecting"
}
