import Base
import Git
import HostInterfaces
import Testing

@Suite(
    .gitLab, .serialized, .enabled(if: GitLab.isPossible, "needs git, sshd and openssl (Tests/Lab/install)"),
    .timeLimit(.minutes(2)))
struct SSHTests {
    @Test(arguments: [GitBackend.libgit2, .system])
    func `a key file is enough`(backend: GitBackend) async throws {
        let user = try GitUser()
        try user.trustServer()
        try user.takeKey()
        let state = try await user.work(backend).clone(
            CloneRequest(url: user.lab.address("SSH_URL"), target: user.target))
        #expect(state.branch == "main")
    }

    /// Starts an agent that holds a key, runs the body, and ends that agent.
    private func withAgent(
        _ user: inout GitUser, key: String, _ body: (GitUser) async throws -> Void
    ) async throws {
        let socket = user.home / "agent"
        // Its output names its process: "SSH_AGENT_PID=123; export …".
        let id = try await GitLab.shell(
            "eval $(ssh-agent -a '\(socket)') >/dev/null; ssh-add -q '\(key)' 2>/dev/null; echo -n $SSH_AGENT_PID")
        user.host.environment["SSH_AUTH_SOCK"] = socket.text
        var failure: (any Error)?
        do { try await body(user) } catch { failure = error }
        _ = try await GitLab.shell("kill \(id)")
        if let failure { throw failure }
    }

    @Test func `ssh-agent is enough`() async throws {
        var user = try GitUser()
        try user.trustServer()
        try await withAgent(&user, key: user.lab.addresses["SSH_KEY"] ?? "") { user in
            let url = user.lab.address("SSH_URL")
            let state = try await user.work().clone(CloneRequest(url: url, target: user.target))
            #expect(state.branch == "main")
        }
    }

    @Test func `an agent with other keys does not hide the key file`() async throws {
        var user = try GitUser()
        try user.trustServer()
        try user.takeKey()
        _ = try await GitLab.shell("ssh-keygen -q -t ed25519 -N '' -f '\(user.home)/other'")
        try await withAgent(&user, key: "\(user.home)/other") { user in
            _ = try await user.work().clone(CloneRequest(url: user.lab.address("SSH_URL"), target: user.target))
        }
    }

    @Test func `an agent that is gone does not hide the key file`() async throws {
        var user = try GitUser()
        try user.trustServer()
        try user.takeKey()
        user.host.environment["SSH_AUTH_SOCK"] = "\(user.home)/no-agent"
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("SSH_URL"), target: user.target))
    }

    @Test func `an alias of the ssh configuration is resolved`() async throws {
        let user = try GitUser()
        let url = user.lab.address("SSH_URL")
        let address = try #require(RepositoryAddress(url))
        try user.trustServer()
        try user.write(".ssh/other", user.host.files.text(of: Path(user.lab.addresses["SSH_KEY"] ?? "")) ?? "")
        try user.write(
            ".ssh/config",
            """
            Host work
              HostName 127.0.0.1
              Port \(address.port ?? 0)
              User \(address.user ?? "")
              IdentityFile \(user.home)/.ssh/other
              UserKnownHostsFile \(user.home)/.ssh/known_hosts

            """)
        for (number, url) in ["work:\(user.lab.folder)/api.git", "ssh://work\(user.lab.folder)/api.git"].enumerated() {
            let target = user.home / "workspace/\(number)"
            _ = try await user.work().clone(CloneRequest(url: url, target: target))
            #expect(Checkout.read(at: target, files: user.host.files)?.remotes["origin"] == url)
        }
    }

    @Test func `hashed names in known_hosts are found`() async throws {
        let user = try GitUser()
        try user.trustServer()
        try user.takeKey()
        _ = try await GitLab.shell("ssh-keygen -q -H -f '\(user.home)/.ssh/known_hosts' 2>/dev/null")
        #expect(user.host.files.text(of: user.home / ".ssh/known_hosts")?.hasPrefix("|1|") == true)
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("SSH_URL"), target: user.target))
    }

    @Test(arguments: [GitBackend.libgit2, .system, .auto])
    func `an unknown host is not trusted silently`(backend: GitBackend) async throws {
        let user = try GitUser()
        try user.takeKey()
        let failure = try await user.failure(user.lab.address("SSH_URL"), backend)
        #expect(failure.kind == .hostKey, "\(failure)")
        #expect(failure.hint.contains("fingerprint"))
        #expect(user.host.files.exists(user.home / ".ssh/known_hosts") == false)
    }

    @Test(arguments: [GitBackend.libgit2, .system, .auto])
    func `another key than the known one stops it`(backend: GitBackend) async throws {
        let user = try GitUser()
        try user.takeKey()
        try user.trustServer()
        let known = user.host.files.text(of: user.home / ".ssh/known_hosts") ?? ""
        let place = known.prefix { $0 != " " }
        let wrong = try await GitLab.shell(
            "ssh-keygen -q -t ed25519 -N '' -f '\(user.home)/k'; cut -d' ' -f1,2 '\(user.home)/k.pub'")
        try user.write(".ssh/known_hosts", "\(place) \(wrong)")
        let failure = try await user.failure(user.lab.address("SSH_URL"), backend)
        #expect(failure.kind == .hostKey, "\(failure)")
    }

    @Test(arguments: [GitBackend.libgit2, .system, .auto])
    func `a key that the server does not take is tried once`(backend: GitBackend) async throws {
        let user = try GitUser()
        try user.trustServer()
        _ = try await GitLab.shell("ssh-keygen -q -t ed25519 -N '' -f '\(user.home)/.ssh/id_ed25519'")
        let failure = try await user.failure(user.lab.address("SSH_URL"), backend)
        #expect(failure.kind == .authentication, "\(failure)")
        #expect(failure.hint.contains("ssh-add"))
    }

    @Test func `a key with a passphrase does not hide the next one`() async throws {
        let user = try GitUser()
        try user.trustServer()
        _ = try await GitLab.shell("ssh-keygen -q -t ed25519 -N secret -f '\(user.home)/.ssh/id_ed25519'")
        let failure = try await user.failure(user.lab.address("SSH_URL"))
        #expect(failure.kind == .authentication, "\(failure)")
        #expect(failure.hint.contains("\(user.home)/.ssh/id_ed25519"))
        let config = user.host.files.text(of: user.home / ".ssh/config") ?? ""
        try user.write(".ssh/config", config + "IdentityFile \(user.lab.addresses["SSH_KEY"] ?? "")\n")
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("SSH_URL"), target: user.target))
    }
}
