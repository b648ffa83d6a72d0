import Base
import Git
import HostInterfaces
import Testing

/// Checkouts that are there: read without git, looked at, brought up to date.
@Suite(
    .gitLab, .serialized, .enabled(if: GitLab.isPossible, "needs git, sshd and openssl (Tests/Lab/install)"),
    .timeLimit(.minutes(2)))
struct CheckoutTests {
    private func cloned() async throws -> GitUser {
        let user = try GitUser()
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("GIT_URL"), target: user.target))
        return user
    }

    private func commit(_ user: GitUser, _ file: String, in folder: Path) async throws {
        _ = try await user.git(
            "-c user.name=t -c user.email=t@example.invalid commit -q --allow-empty -m \(file)", in: folder)
    }

    @Test func `the reader sees what git sees, in every state of HEAD`() async throws {
        let user = try await cloned()
        let files = user.host.files
        let url = user.lab.address("GIT_URL")
        let head = try await user.git("rev-parse HEAD")
        let loose = try #require(Checkout.read(at: user.target, files: files))
        #expect(loose.branch == "main" && loose.commit == head && loose.remotes == ["origin": url])
        _ = try await user.git("pack-refs --all")
        #expect(Checkout.read(at: user.target, files: files) == loose)
        _ = try await user.git("worktree add -q -b other ../other v1")
        let tree = try #require(Checkout.read(at: user.home / "workspace/other", files: files))
        #expect(tree.isWorktree && tree.branch == "other" && tree.remotes == ["origin": url])
        #expect(tree.commit == (try await user.git("rev-parse v1")))
        #expect(tree.repository == loose.repository)
        _ = try await user.git("checkout -q --detach v1")
        let detached = try #require(Checkout.read(at: user.target, files: files))
        #expect(detached.branch == nil && detached.commit == tree.commit)
        #expect(Checkout.read(at: user.home, files: files) == nil)
    }

    @Test func `the reader is fit for a run with nothing to do`() async throws {
        let user = try await cloned()
        let clock = ContinuousClock()
        var best = Duration.seconds(1)
        for _ in 0..<50 {
            best = min(best, clock.measure { _ = Checkout.read(at: user.target, files: user.host.files) })
        }
        // 100 µs is the aim of a release build; debug builds are several times slower.
        #expect(best < .milliseconds(3), "\(best)")
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `status counts what differs`(backend: GitBackend) async throws {
        let user = try await cloned()
        try user.write("workspace/api/file", "changed")
        try user.write("workspace/api/new name", "new")
        try user.write("workspace/api/staged", "staged")
        _ = try await user.git("add staged")
        try await commit(user, "own", in: user.target)
        try user.write("workspace/api/tool", "changed too")
        let state = try await user.work(backend).status(of: user.target)
        #expect(state.branch == "main" && state.upstream == "origin/main")
        #expect(state.ahead == 1 && state.behind == 0)
        #expect(state.changed == 2 && state.untracked == 1 && state.conflicts == 0)
        #expect(state.isClean == false)
    }

    @Test(arguments: [GitBackend.libgit2, .system])
    func `fetch moves no file and fast-forward moves only what loses nothing`(backend: GitBackend) async throws {
        let user = try GitUser()
        let upstream = user.home / "upstream.git"
        _ = try await GitLab.shell("cp -r '\(user.lab.folder)/api.git' '\(upstream)'", user.host.environment)
        let work = user.work(backend)
        _ = try await work.clone(CloneRequest(url: "file://\(upstream)", target: user.target))
        let second = user.home / "second"
        _ = try await user.git("clone -q '\(upstream)' '\(second)'", in: user.home)
        try user.write("second/file", "four\n")
        _ = try await user.git("-c user.name=t -c user.email=t@example.invalid commit -qam four", in: second)
        _ = try await user.git("push -q", in: second)
        let before = user.host.files.text(of: user.target / "file")

        let fetched = try await work.fetch(user.target)
        #expect(fetched.behind == 1 && fetched.ahead == 0)
        #expect(user.host.files.text(of: user.target / "file") == before)

        try user.write("workspace/api/file", "mine")
        do throws(GitFailure) {
            _ = try await work.fastForward(user.target)
            Issue.record("changes were put at risk")
        } catch {
            #expect(error.kind == .refused)
        }
        #expect(user.host.files.text(of: user.target / "file") == "mine")

        _ = try await user.git("checkout -q file")
        let moved = try await work.fastForward(user.target)
        #expect(moved.behind == 0 && moved.isClean)
        #expect(user.host.files.text(of: user.target / "file") == "four\n")
        #expect(try await user.git("status --porcelain") == "")

        try await commit(user, "mine", in: user.target)
        try user.write("second/file", "five\n")
        _ = try await user.git("-c user.name=t -c user.email=t@example.invalid commit -qam five", in: second)
        _ = try await user.git("push -q", in: second)
        _ = try await work.fetch(user.target)
        await #expect(throws: GitFailure.self) { try await work.fastForward(user.target) }
    }
}
