import Base
import Git
import HostInterfaces
import Synchronization
import Testing

/// Clones against real servers.
@Suite(
    .gitLab, .serialized, .enabled(if: GitLab.isPossible, "needs git, sshd and openssl (Tests/Lab/install)"),
    .timeLimit(.minutes(2)))
struct CloneTests {
    @Test(arguments: [GitBackend.libgit2, .system], ["file", "GIT_URL", "HTTP_URL", "HTTPS_URL"])
    func `a clone is a checkout that git itself finds in order`(backend: GitBackend, server: String) async throws {
        let user = try GitUser()
        let url =
            server == "file"
            ? "file://\(user.lab.folder)/api.git"
            : user.lab.address(server).replacing("https://127.0.0.1", with: "https://localhost")
        let seen = Mutex<[GitProgress]>([])
        let state = try await user.work(backend).clone(CloneRequest(url: url, target: user.target)) { step in
            seen.withLock { $0.append(step) }
        }
        #expect(state.branch == "main")
        #expect(state.upstream == "origin/main")
        #expect(state.remotes == ["origin": url])
        #expect(try await user.git("rev-parse HEAD") == state.commit)
        #expect(try await user.git("status --porcelain=v2 --branch").contains("# branch.ab +0 -0"))
        #expect(try await user.git("status --porcelain") == "")
        #expect(try await user.git("fsck --strict 2>&1").contains("error") == false)
        #expect(
            try await user.git("for-each-ref --format='%(refname)'").split(separator: "\n").map(String.init) == [
                "refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/feature/x",
                "refs/remotes/origin/main",
                "refs/tags/v1", "refs/tags/v1.1",
            ])
        #expect(try user.host.files.linkTarget(of: user.target / "link") == "file")
        #expect(try user.host.files.status(of: user.target / "tool", followingLinks: false)?.mode == 0o755)
        #expect(try user.remains() == ["api"])
        if backend == .libgit2 {
            #expect(seen.withLock { $0.contains { $0.phase == .receiving && $0.total == $0.done } })
        }
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `ref is a branch, a tag or a commit`(backend: GitBackend) async throws {
        let user = try GitUser()
        let url = user.lab.address("HTTP_URL")
        let source = user.lab.folder / "work/api"
        let feature = try await user.git("rev-parse feature/x", in: source)
        let first = try await user.git("rev-parse v1", in: source)
        for (ref, branch, commit) in [
            ("feature/x", "feature/x", feature), ("v1", nil, first), ("v1.1", nil, first), (feature, nil, feature),
            (String(first.prefix(9)), nil, first),
        ] as [(String, String?, String)] {
            let target = user.home / "workspace" / ref
            let state = try await user.work(backend).clone(CloneRequest(url: url, target: target, ref: ref))
            #expect(state.branch == branch, "\(ref)")
            #expect(state.commit == commit, "\(ref)")
            #expect(try await user.git("status --porcelain", in: target) == "")
        }
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `a ref that is not there is named, and the nearest one`(backend: GitBackend) async throws {
        let user = try GitUser()
        let failure = try await user.failure(user.lab.address("GIT_URL"), backend, ref: "feature/y")
        #expect(failure.kind == .refNotFound)
        if backend == .libgit2 { #expect(failure.hint.contains("feature/x")) }
        let commit = try await user.failure(
            user.lab.address("GIT_URL"), backend, ref: "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef")
        #expect(commit.kind == .refNotFound)
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `an empty repository is cloned as one`(backend: GitBackend) async throws {
        let user = try GitUser()
        let url = user.lab.address("HTTP_URL", "empty.git")
        let state = try await user.work(backend).clone(CloneRequest(url: url, target: user.target))
        #expect(state.commit == nil)
        #expect(try await user.git("remote get-url origin") == url)
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `submodules come with their parent and survive the move`(backend: GitBackend) async throws {
        let user = try GitUser()
        let url = user.lab.address("HTTP_URL", "parent.git")
        _ = try await user.work(backend).clone(CloneRequest(url: url, target: user.target, submodules: true))
        #expect(user.host.files.isFile(user.target / "lib/api/file"))
        let status = try await user.git("submodule status --recursive")
        #expect(status.hasPrefix("-") == false && status.hasPrefix("+") == false && status.contains("lib/api"))
        #expect(try await user.git("status --porcelain", in: user.target / "lib/api") == "")
        #expect(
            try await user.git("remote get-url origin", in: user.target / "lib/api") == user.lab.address("HTTP_URL"))
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `submodules on the same server get the login of the URL`(backend: GitBackend) async throws {
        let user = try GitUser()
        let login = "\(user.lab.addresses["HTTP_USER"] ?? ""):\(user.lab.addresses["HTTP_PASSWORD"] ?? "")@"
        let url = user.lab.address("HTTP_URL", "private/parent.git").replacing("http://", with: "http://\(login)")
        _ = try await user.work(backend).clone(CloneRequest(url: url, target: user.target, submodules: true))
        #expect(user.host.files.isFile(user.target / "lib/api/file"))
    }

    @Test func `submodules behind a login ask git's helper`() async throws {
        let user = try GitUser()
        let place = (user.lab.addresses["HTTP_URL"] ?? "").dropFirst("http://".count)
        let login = "\(user.lab.addresses["HTTP_USER"] ?? ""):\(user.lab.addresses["HTTP_PASSWORD"] ?? "")"
        try user.write(".gitconfig", "[credential]\n\thelper = store\n")
        try user.write(".git-credentials", "http://\(login)@\(place)\n")
        let url = user.lab.address("HTTP_URL", "private/parent.git")
        _ = try await user.work().clone(CloneRequest(url: url, target: user.target, submodules: true))
        #expect(user.host.files.isFile(user.target / "lib/api/file"))
    }

    @Test func `a depth is left to the system's git where libgit2 has none`() async throws {
        let user = try GitUser()
        let request = CloneRequest(url: user.lab.address("HTTP_URL"), target: user.target, depth: 1)
        _ = try await user.work(.auto).clone(request)
        #expect(try await user.git("rev-list --count HEAD") == "1")
        #expect(try await user.git("rev-parse --is-shallow-repository") == "true")
    }

    @Test func `sparse checks out the named folders only`() async throws {
        let user = try GitUser()
        let url = "file://\(user.lab.folder)/api.git"
        _ = try await user.work(.auto).clone(CloneRequest(url: url, target: user.target, sparse: ["folder"]))
        #expect(user.host.files.isFile(user.target / "folder/y"))
        #expect(try await user.git("sparse-checkout list") == "folder")
    }

    @Test func `a filter that git would run is run, and its files are no pointers`() async throws {
        let user = try GitUser()
        try user.write(".gitconfig", "[filter \"shout\"]\n\tsmudge = tr a-z A-Z\n\tclean = tr A-Z a-z\n")
        let url = user.lab.address("GIT_URL", "filtered.git")
        _ = try await user.work(.auto).clone(CloneRequest(url: url, target: user.target))
        #expect(user.host.files.text(of: user.target / "a.bin") == "QUIET\n")
        #expect(try await user.git("status --porcelain") == "")
    }

    @Test func `insteadOf leads to the real server and the written URL is kept`() async throws {
        let user = try GitUser()
        let base = user.lab.addresses["GIT_URL"] ?? ""
        try user.write(".gitconfig", "[url \"\(base)/\"]\n\tinsteadOf = https://git.example.invalid/acme/\n")
        let url = "https://git.example.invalid/acme/api.git"
        _ = try await user.work().clone(CloneRequest(url: url, target: user.target))
        #expect(Checkout.read(at: user.target, files: user.host.files)?.remotes == ["origin": url])
    }

    @Test func `more remotes are written`() async throws {
        let user = try GitUser()
        let url = user.lab.address("GIT_URL")
        for backend in [GitBackend.libgit2, .system] {
            let target = user.home / "workspace/\(backend)"
            let state = try await user.work(backend).clone(
                CloneRequest(url: url, target: target, remotes: ["upstream": "https://git.example.invalid/up/api"]))
            #expect(state.remotes == ["origin": url, "upstream": "https://git.example.invalid/up/api"])
        }
    }
}
