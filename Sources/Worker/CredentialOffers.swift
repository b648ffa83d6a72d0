import Base
import CGit2
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The logins that are tried, each once. libgit2 asks again for ever as long as it is given something.
struct CredentialOffers {
    private enum Offer { case agent, key(Path) }

    private var sshOffers: [Offer] = []
    private var login: WorkerCredentials?
    private let user: String
    private var tried: [String] = []
    /// Key files that need a passphrase, which only an agent can give.
    private var locked: [Path] = []

    init(_ request: WorkerRequest) {
        login = request.credentials
        user = request.ssh?.user ?? "git"
        guard let ssh = request.ssh else { return }
        if ssh.usesAgent { sshOffers.append(.agent) }
        for key in ssh.keys {
            switch KeyFile.kind(of: key) {
            case .plain: sshOffers.append(.key(key))
            case .locked: locked.append(key)
            case .missing: break
            }
        }
    }

    /// How many ssh logins are left to try.
    var keysLeft: Int { sshOffers.count }

    /// What libgit2 gets next; nil when there is nothing left to try.
    mutating func next(allowed: UInt32) -> UnsafeMutablePointer<git_credential>? {
        var credential: UnsafeMutablePointer<git_credential>?
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0, allowed & GIT_CREDENTIAL_SSH_KEY.rawValue == 0 {
            return git_credential_username_new(&credential, user) == 0 ? credential : nil
        }
        if allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
            while !sshOffers.isEmpty {
                let code: Int32
                switch sshOffers.removeFirst() {
                case .agent:
                    tried.append("the keys of ssh-agent")
                    code = git_credential_ssh_key_from_agent(&credential, user)
                case .key(let path):
                    tried.append(path.text)
                    code = git_credential_ssh_key_new(&credential, user, nil, path.text, nil)
                }
                if code == 0, let credential { return credential }
            }
            return nil
        }
        guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0, let login else { return nil }
        self.login = nil
        return git_credential_userpass_plaintext_new(&credential, login.user, login.password) == 0 ? credential : nil
    }

    /// The words for an ssh server that took none of the offers.
    func failure(host: String, place: String) -> GitFailure {
        let what = tried.isEmpty ? "there was no key to offer" : "tried " + tried.joined(separator: ", ")
        let hint =
            locked.isEmpty
            ? "Add your key to the agent (ssh-add), and its public part to your account on \(host)."
            : "These keys need a passphrase; add them to the agent: ssh-add \(locked.map(\.text).joined(separator: " "))"
        return GitFailure(
            .authentication, "\(host) refuses the ssh login as \(user) for \(place): \(what).", hint: hint)
    }
}

/// Private key files, as far as their first line tells.
enum KeyFile {
    enum Kind { case plain, locked, missing }

    /// Whether the file is there, and whether it needs a passphrase. libssh2 stops the whole login at the first
    /// file that it can't open, so those are left out.
    static func kind(of path: Path) -> Kind {
        let descriptor = open(path.text, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .missing }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &head, head.count)
        guard count > 0 else { return .missing }
        let text = String(decoding: head[..<count], as: UTF8.self)
        if text.contains("ENCRYPTED") { return .locked }
        // "openssh-key-v1", NUL, and the cipher's name with its length: "none" when nothing is encrypted.
        if text.hasPrefix("-----BEGIN OPENSSH"), !text.contains("AAAABG5vbmU") { return .locked }
        return text.hasPrefix("-----BEGIN") ? .plain : .missing
    }
}
