import Base
import Execution
import Git
import Kinds
import Testing

@Suite(.enabled(if: GitPrograms.stand, "needs git"), .timeLimit(.minutes(2)))
struct RepositoryOperationsTests {
    private func cloned() async throws -> RepositoryFixture {
        let fixture = try RepositoryFixture(
            "version: 1\nrepos: { api: { url: ../api.git, ref: main }, web: ../web.git, lib: ../lib.git }\n")
        for name in ["api", "web"] { try await fixture.makeRemote(name) }
        try await fixture.workspace.up("api", "web")
        return fixture
    }

    @Test func `status tells branch, distance and what differs`() async throws {
        let fixture = try await cloned()
        try await fixture.shell(
            "cd api; echo x >>file; echo y >new; git commit -q --allow-empty -m own; cd ../web; git rm -q file")
        let rows = try await fixture.operations.status()
        #expect(rows.map(\.id.name) == ["api", "web", "lib"])
        guard case .checkout(let api) = rows[0].state, case .checkout(let web) = rows[1].state,
            case .missing = rows[2].state
        else { throw RepositoryFixture.ShellFailure(words: "\(rows)") }
        #expect(api.branch == "main")
        #expect([api.ahead, api.behind, api.changed, api.untracked] == [1, 0, 1, 1])
        #expect(web.changed == 1)
        #expect(rows[0].ref == "main")
    }

    @Test func `sync moves what can be moved, and nothing else`() async throws {
        let fixture = try await cloned()
        try await fixture.advance("api")
        try await fixture.advance("web")
        try await fixture.shell("echo mine >>web/file")
        let results = try await fixture.operations.sync()
        guard case .moved(let branch, _, let to, let commits) = results[0].outcome,
            case .left(let reason) = results[1].outcome, case .left(let missing) = results[2].outcome
        else { throw RepositoryFixture.ShellFailure(words: "\(results)") }
        #expect(branch == "main")
        #expect(commits == 1)
        #expect(try await fixture.shell("git -C api rev-parse HEAD") == to)
        #expect(fixture.workspace.text("api/file")?.hasSuffix("more\n") == true)
        #expect(reason == "main is 1 commit behind origin/main, and 1 file changed here")
        #expect(fixture.workspace.text("web/file")?.hasSuffix("mine\n") == true)
        #expect(missing == "not cloned yet")
        let again = try await fixture.operations.sync([NodeID("repo", "api")])
        guard case .upToDate? = again.first?.outcome else { throw RepositoryFixture.ShellFailure(words: "\(again)") }
        #expect(again.count == 1)
    }

    @Test func `sync leaves a branch with commits of its own to its owner`() async throws {
        let fixture = try await cloned()
        try await fixture.advance("api")
        try await fixture.shell("git -C api commit -q --allow-empty -m own; git -C web checkout -q --detach")
        let before = try await fixture.shell("git -C api rev-parse HEAD")
        let results = try await fixture.operations.sync()
        guard case .left(let own) = results[0].outcome, case .left(let detached) = results[1].outcome else {
            throw RepositoryFixture.ShellFailure(words: "\(results)")
        }
        #expect(own == "main is 1 commit behind origin/main and has 1 commit of its own: merge by hand")
        #expect(detached == "no branch is checked out")
        #expect(try await fixture.shell("git -C api rev-parse HEAD") == before)
    }
}
