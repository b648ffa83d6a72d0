import Base
import HostInterfaces

/// Finds out from git's words (in English, `LC_ALL=C`) what kind of failure it was.
struct SystemErrorReading {
    var text: String
    var end: ProcessResult.End
    var call: SystemGit.Call

    private var lower: String { text.lowercased() }
    private var host: String { call.address?.host ?? call.place }

    private func says(_ parts: String...) -> Bool {
        let lower = lower
        return parts.contains { lower.firstRange(ofText: $0) != nil }
    }

    /// git's own reason, without progress lines.
    private var reason: String {
        let lines = text.split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }.map(String.init)
        let marked = lines.filter { $0.hasPrefix("fatal:") || $0.hasPrefix("error:") || $0.hasPrefix("ERROR:") }
        return (marked.isEmpty ? Array(lines.suffix(2)) : marked).joined(separator: "; ")
    }

    var failure: GitFailure {
        let place = call.place
        if says("no space left on device", "disk quota exceeded", "read-only file system") {
            return GitFailure(
                .disk, "Writing the clone of \(place) failed: \(reason)", hint: "Make room, then run again.")
        }
        if says("host key verification failed", "remote host identification has changed") {
            return GitFailure(
                .hostKey, "The ssh host key of \(host) is not the one in known_hosts, or is in none.",
                hint: "Connect once (ssh \(host)) and compare the fingerprint with the one that its owner publishes.")
        }
        if says("remote branch", "did not match any", "not a valid ref", "unknown revision", "reference is not a tree"),
            says("not found", "did not match", "not a valid", "unknown revision", "not a tree")
        {
            return GitFailure(
                .refNotFound, "\(place) has no branch, tag or commit \(call.ref ?? "").",
                hint: "Correct `ref`, or push it first.")
        }
        if says(
            "permission denied (", "authentication failed", "could not read username", "could not read password",
            "too many authentication failures", "http basic: access denied", "terminal prompts disabled")
        {
            return GitFailure(
                .authentication, "\(host) refuses the login for \(place), or wants one and none was found.",
                hint: "Add your key to the agent (ssh-add), or store a login with git's credential helper.")
        }
        if says("ssl certificate problem", "certificate verif", "server certificate") {
            return GitFailure(
                .certificate, "The TLS certificate of \(host) is not trusted: \(reason)",
                hint: "Install the certificate authority that signed it, or name its file in GIT_SSL_CAINFO.")
        }
        if says(
            "repository not found", "no such repository", "does not appear to be a git repository",
            "repository not exported",
            "project you were looking for could not be found")
            || says("repository '") && says("not found", "does not exist")
        {
            return GitFailure(
                .notFound, "There is no repository at \(place), or this login may not see it.",
                hint: "Check the URL for typing mistakes, and whether your login has access.")
        }
        if says("timed out") {
            return GitFailure(
                .timeout, "\(host) did not answer in time.", hint: "Check the network and the VPN, then run again.")
        }
        if says(
            "could not resolve", "connection refused", "failed to connect", "unable to access", "early eof",
            "unable to connect", "hung up", "connection reset", "unreachable", "could not read from remote")
        {
            return GitFailure(
                .network, "The connection to \(host) for \(place) failed: \(reason)",
                hint: "Check the network and the VPN, then run again.")
        }
        if says("dubious ownership") {
            return GitFailure(
                .refused, "\(place) belongs to another user, and git does not trust it.",
                hint: "If you do: git config --global --add safe.directory PATH")
        }
        return GitFailure(.other, "git failed on \(place) (\(end)): \(reason)")
    }
}
