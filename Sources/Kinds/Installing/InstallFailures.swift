import Execution

/// Tells failures of package managers that may pass by themselves from those that can't: their exit statuses don't.
enum InstallFailures {
    /// What apt, dnf, pacman, apk and Homebrew (through curl) write when a server can't be reached, or when somebody else
    /// is installing. In English: in another language a failure counts as final, which costs a second call of ours.
    static let passing = [
        "Temporary failure resolving", "Temporary failure in name resolution", "Could not resolve host",
        "Could not resolve hostname", "Connection timed out", "Connection refused", "Connection reset",
        "Network is unreachable", "Operation timed out", "Could not get lock",
        "Unable to acquire the dpkg frontend lock",
        "unable to lock database", "Unable to lock database", "temporary error (try again later)", "curl: (28)",
        "Another active Homebrew",
    ]

    /// The failure with what is known of its nature from the last lines.
    static func classified(_ failure: NodeFailure) -> NodeFailure {
        guard failure.kind == .failed,
            failure.output.contains(where: { line in passing.contains { line.contains($0) } })
        else { return failure }
        var failure = failure
        failure.kind = .network
        failure.isPassing = true
        return failure
    }
}
