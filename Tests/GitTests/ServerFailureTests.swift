import Base
import Git
import HostInterfaces
import Testing

/// Servers that refuse, are wrong, or say nothing.
@Suite(
    .gitLab, .serialized, .enabled(if: GitLab.isPossible, "needs git, sshd and openssl (Tests/Lab/install)"),
    .timeLimit(.minutes(2)))
struct ServerFailureTests {
    @Test(arguments: [GitBackend.libgit2, .system], ["file", "GIT_URL", "HTTP_URL", "SSH_URL"])
    func `a repository that is not there is called that`(backend: GitBackend, server: String) async throws {
        let user = try GitUser()
        try user.trustServer()
        try user.takeKey()
        let url = server == "file" ? "file://\(user.lab.folder)/lost.git" : user.lab.address(server, "lost.git")
        let failure = try await user.failure(url, backend)
        #expect(failure.kind == .notFound, "\(failure)")
        #expect(failure.isPassing == false)
    }

    @Test(arguments: [GitBackend.libgit2, .system], ["git", "http", "ssh"])
    func `a port that refuses is a passing network failure`(backend: GitBackend, scheme: String) async throws {
        let user = try GitUser()
        let port = try #require(user.host.network.freePort(address: "127.0.0.1"))
        let failure = try await user.failure("\(scheme)://127.0.0.1:\(port)/acme/api.git", backend)
        #expect(failure.kind == .network, "\(failure)")
        #expect(failure.isPassing)
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a server that accepts and never answers ends at the limit`(backend: GitBackend) async throws {
        let user = try GitUser()
        let started = user.host.clock.monotonicSeconds
        let failure = try await user.failure(
            user.lab.address("HTTP_URL", "slow/api.git"), backend, limit: .milliseconds(700))
        #expect(failure.kind == .timeout, "\(failure)")
        #expect(user.host.clock.monotonicSeconds - started < 5)
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a web server that fails is a passing failure`(backend: GitBackend) async throws {
        let user = try GitUser()
        let failure = try await user.failure(
            user.lab.address("HTTP_URL", "flaky/\(backend == .system ? "api" : "parent").git"), backend)
        #expect(failure.kind == .network, "\(failure)")
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a certificate that nobody vouches for is refused`(backend: GitBackend) async throws {
        var user = try GitUser()
        user.host.environment["GIT_SSL_CAINFO"] = "/etc/ssl/certs/ca-certificates.crt"
        let failure = try await user.failure(user.lab.address("HTTPS_URL"), backend)
        #expect(failure.kind == .certificate, "\(failure)")
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a login that is wanted and not there is asked of nobody`(backend: GitBackend) async throws {
        let user = try GitUser()
        let failure = try await user.failure(user.lab.address("HTTP_URL", "private/api.git"), backend)
        #expect(failure.kind == .authentication, "\(failure)")
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a login in the URL works and is written nowhere`(backend: GitBackend) async throws {
        let user = try GitUser()
        let plain = user.lab.address("HTTP_URL", "private/api.git")
        let name = user.lab.addresses["HTTP_USER"] ?? ""
        let secret = user.lab.addresses["HTTP_PASSWORD"] ?? ""
        let url = plain.replacing("http://", with: "http://\(name):\(secret)@")
        _ = try await user.work(backend).clone(CloneRequest(url: url, target: user.target))
        #expect(try await user.git("remote get-url origin") == plain)
        #expect(try await GitLab.shell("grep -r '\(secret)' '\(user.target)' || true") == "")
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a wrong login in the URL is refused once and masked`(backend: GitBackend) async throws {
        let user = try GitUser()
        let url = user.lab.address("HTTP_URL", "private/api.git").replacing("http://", with: "http://eve:s3cr3t-pw@")
        let failure = try await user.failure(url, backend)
        #expect(failure.kind == .authentication, "\(failure)")
        #expect("\(failure)".contains("s3cr3t") == false)
    }

    @Test func `a login that git's helper knows is used`() async throws {
        let user = try GitUser()
        let place = (user.lab.addresses["HTTP_URL"] ?? "").dropFirst("http://".count)
        try user.write(".gitconfig", "[credential]\n\thelper = store\n")
        try user.write(
            ".git-credentials",
            "http://\(user.lab.addresses["HTTP_USER"] ?? ""):\(user.lab.addresses["HTTP_PASSWORD"] ?? "")@\(place)\n")
        _ = try await user.work().clone(
            CloneRequest(url: user.lab.address("HTTP_URL", "private/api.git"), target: user.target))
        #expect(user.host.files.isFile(user.target / "file"))
    }
}
