import Base
import HostInterfaces

/// What the user's git configuration says about reaching servers, and libgit2 does not know or not in time.
struct GitConfiguration: Sendable {
    /// Prefix → what it is replaced by (`url.BASE.insteadOf`).
    var replacements: [(prefix: String, base: String)] = []
    /// A program of the user's own instead of ssh.
    var sshCommand: String?
    /// The file of certificates to trust.
    var certificates: Path?

    /// Asks git, in one call of some milliseconds; without git there is no configuration that matters.
    static func read(host: Host, folder: Path) async -> GitConfiguration {
        var configuration = GitConfiguration()
        let environment = host.environment
        if let result = try? await host.processes.run(
            ProcessRequest(
                [
                    "git", "config", "-z", "--get-regexp",
                    #"^(core\.sshcommand|http\.sslcainfo|url\..*\.insteadof)$"#,
                ], environment: environment, folder: folder, timeLimit: .seconds(10)), onOutput: nil)
        {
            for record in result.output.split(separator: 0) {
                guard let end = record.firstIndex(of: 0x0A) else { continue }
                let key = String(decoding: record[..<end], as: UTF8.self)
                configuration.take(key, String(decoding: record[(end + 1)...], as: UTF8.self), host: host)
            }
        }
        if let command = environment["GIT_SSH_COMMAND"] ?? environment["GIT_SSH"] { configuration.sshCommand = command }
        if let file = environment["GIT_SSL_CAINFO"], !file.isEmpty { configuration.certificates = Path(file) }
        if configuration.certificates == nil, let file = environment["SSL_CERT_FILE"], !file.isEmpty {
            configuration.certificates = Path(file)
        }
        return configuration
    }

    private mutating func take(_ key: String, _ value: String, host: Host) {
        switch key {
        case "core.sshcommand": sshCommand = value
        case "http.sslcainfo":
            certificates = value.hasPrefix("~/") ? host.machine.home / String(value.dropFirst(2)) : Path(value)
        default: replacements.append((value, String(key.dropFirst("url.".count).dropLast(".insteadof".count))))
        }
    }

    /// The URL that is really meant: the longest prefix wins, as in git.
    func rewritten(_ url: String) -> String {
        let match = replacements.filter { url.hasPrefix($0.prefix) }.max { $0.prefix.utf8.count < $1.prefix.utf8.count }
        guard let match else { return url }
        return match.base + url.dropFirst(match.prefix.count)
    }
}
