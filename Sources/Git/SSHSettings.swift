import Base
import HostInterfaces

/// What ssh would do for a host: `ssh -G`, and the keys of known_hosts.
struct SSHSettings: Sendable {
    var hostName: String
    var user: String
    var port = 22
    var identityFiles: [Path] = []
    var usesAgent = true
    /// Whether there is an agent to ask at all.
    var hasAgent = false
    /// The agent's socket where it is not the usual one.
    var agentSocket: String?
    var knownHostsFiles: [Path] = []
    var hostKeyAlias: String?
    /// Whether a key that is in no file would be taken (`StrictHostKeyChecking no` or `accept-new`).
    var acceptsUnknownHosts = false
    /// Whether ssh reaches the host in a way that libssh2 can't: through a proxy or with certificates.
    var needsProgram = false
    var hostKeys: [String] = []
    var revokedKeys: [String] = []
    /// Whether a certificate authority vouches for the host, which libssh2 does not understand.
    var hasAuthority = false

    static func resolve(_ address: RepositoryAddress, host: Host) async -> SSHSettings {
        var settings = SSHSettings(hostName: address.host, user: address.user ?? "git", port: address.port ?? 22)
        var arguments = ["ssh", "-G"]
        if let port = address.port { arguments += ["-p", String(port)] }
        if let user = address.user { arguments += ["-l", user] }
        let result = try? await host.processes.run(
            ProcessRequest(
                arguments + ["--", address.host], environment: host.environment, folder: host.machine.home,
                timeLimit: .seconds(10)), onOutput: nil)
        if let result, result.succeeded {
            for line in result.text.split(separator: "\n") {
                guard let space = line.firstIndex(of: " ") else { continue }
                settings.take(
                    String(line[..<space]), String(line[line.index(after: space)...]), home: host.machine.home)
            }
        } else {
            // No ssh: its usual places.
            let folder = host.machine.home / ".ssh"
            settings.identityFiles = ["id_ed25519", "id_ecdsa", "id_rsa"].map { folder / $0 }
            settings.knownHostsFiles = [folder / "known_hosts"]
        }
        settings.hasAgent = settings.agentSocket != nil || host.environment["SSH_AUTH_SOCK"] != nil
        await settings.readKnownHosts(host)
        return settings
    }

    private mutating func take(_ key: String, _ value: String, home: Path) {
        func path(_ text: some StringProtocol) -> Path {
            text.hasPrefix("~/") ? home / String(text.dropFirst(2)) : Path(String(text))
        }
        switch key {
        case "hostname": hostName = value
        case "user": user = value
        case "port": port = Int(value) ?? port
        case "identityfile": identityFiles.append(path(value))
        case "identityagent":
            usesAgent = value != "none"
            if value != "SSH_AUTH_SOCK", value != "none" { agentSocket = path(value).text }
        // `IdentitiesOnly` limits the agent to the named files, which libssh2 can't; the files themselves can be used.
        case "identitiesonly": if value == "yes" { usesAgent = false }
        case "userknownhostsfile", "globalknownhostsfile": knownHostsFiles += value.split(separator: " ").map(path)
        case "hostkeyalias": hostKeyAlias = value
        case "stricthostkeychecking": acceptsUnknownHosts = ["no", "off", "false", "accept-new"].contains(value)
        case "proxycommand", "proxyjump", "certificatefile", "pkcs11provider", "securitykeyprovider":
            if value != "none", value != "internal" { needsProgram = true }
        default: break
        }
    }

    /// Names may be hashed in these files; ssh-keygen knows how to look.
    private mutating func readKnownHosts(_ host: Host) async {
        let name = hostKeyAlias ?? hostName
        // ssh takes a key of the plain name for another port too.
        let names = port == 22 || hostKeyAlias != nil ? [name] : ["[\(name)]:\(port)", name]
        for file in knownHostsFiles where host.files.isFile(file) {
            for name in names {
                let result = try? await host.processes.run(
                    ProcessRequest(
                        ["ssh-keygen", "-F", name, "-f", file.text], environment: host.environment,
                        folder: host.machine.home, timeLimit: .seconds(10)), onOutput: nil)
                for line in result?.text.split(separator: "\n") ?? [] where !line.hasPrefix("#") {
                    take(knownHost: line)
                }
            }
        }
    }

    private mutating func take(knownHost line: Substring) {
        var words = line.split(separator: " ", omittingEmptySubsequences: true)
        let marker = words.first.flatMap { $0.hasPrefix("@") ? $0 : nil }
        if marker != nil { words.removeFirst() }
        guard words.count >= 3 else { return }
        let key = "\(words[1]) \(words[2])"
        switch marker {
        case nil: hostKeys.append(key)
        case "@revoked": revokedKeys.append(key)
        default: hasAuthority = true
        }
    }

    /// Whether the ssh program itself has to do it.
    var exceedsLibrary: Bool { needsProgram || hostKeys.isEmpty && (hasAuthority || acceptsUnknownHosts) }

    /// What the worker is told.
    var forWorker: WorkerSSH {
        WorkerSSH(
            user: user, usesAgent: usesAgent && hasAgent, keys: identityFiles, hostKeys: hostKeys,
            revokedKeys: revokedKeys)
    }

    /// The address with the names resolved.
    func connection(to address: RepositoryAddress) -> String {
        let isSix = hostName.utf8.contains(UInt8(ascii: ":"))
        if address.path.hasPrefix("/") || isSix {
            let slash = address.path.hasPrefix("/") ? "" : "/"
            return "ssh://\(user)@\(isSix ? "[\(hostName)]" : hostName):\(port)\(slash)\(address.path)"
        }
        return port == 22 ? "\(user)@\(hostName):\(address.path)" : "[\(user)@\(hostName):\(port)]:\(address.path)"
    }
}
