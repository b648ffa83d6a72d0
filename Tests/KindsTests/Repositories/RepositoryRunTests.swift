import Base
import Execution
import HostInterfaces
import Kinds
import State
import Testing

/// Clones and looks, with real git remotes in the file system.
@Suite(.enabled(if: GitPrograms.stand, "needs git"), .timeLimit(.minutes(2)))
struct RepositoryRunTests {
    private func fixture(_ repositories: String, local: String? = nil) async throws -> RepositoryFixture {
        try RepositoryFixture("version: 1\nrepos:\n\(repositories)\n", local: local)
    }

    @Test func `a missing repository is cloned, recorded, and then up to date`() async throws {
        let fixture = try await fixture("  api: { url: ../api.git, remotes: { fork: ../fork.git } }")
        try await fixture.makeRemote("api")
        #expect(try await fixture.plan()["repo:api"] == "create clone ../api.git")
        #expect(!fixture.host.files.exists(fixture.root / "api"))
        let result = try await fixture.up()["repo:api"]
        #expect(result?.status == .done, "\(result?.reason ?? "")")
        #expect(fixture.workspace.text("api/file") == "api\nthree\n")
        #expect(try await fixture.shell("git -C api remote get-url fork") == "file://\(fixture.folder)/fork.git")
        #expect(fixture.created("repo:api") == ["\(fixture.root)/api"])
        #expect(!fixture.workspace.recorder.progress(of: "repo:api").isEmpty)
        let print = try await fixture.print(of: "api")
        #expect(try await fixture.plan()["repo:api"] == "none cloned, on main")
        #expect(try await fixture.up()["repo:api"]?.status == .upToDate)
        #expect(try await fixture.print(of: "api") == print)
    }

    @Test func `an empty folder is no obstacle`() async throws {
        let fixture = try await fixture("  api: ../api.git")
        try await fixture.makeRemote("api")
        try await fixture.shell("mkdir api")
        #expect(try await fixture.up()["repo:api"]?.status == .done)
    }

    @Test func `a folder with files in it is never cloned over`() async throws {
        let fixture = try await fixture("  api: ../api.git")
        try await fixture.makeRemote("api")
        try fixture.workspace.write("api/mine", "mine\n")
        let plan = try await fixture.plan()["repo:api"] ?? ""
        #expect(plan.hasPrefix("blocked api holds files but is no git checkout"), "\(plan)")
        #expect(try await fixture.up()["repo:api"]?.status == .failed)
        #expect(fixture.workspace.text("api/mine") == "mine\n")
        #expect(try fixture.host.files.entries(of: fixture.root / "api").count == 1)
    }

    @Test func `a file or a dangling link in the way is named`() async throws {
        let fixture = try await fixture("  api: ../api.git\n  web: ../web.git")
        try fixture.workspace.write("api", "a file\n")
        try await fixture.shell("ln -s nowhere web")
        let plan = try await fixture.plan()
        #expect(plan["repo:api"]?.contains("api is not a folder") == true)
        #expect(plan["repo:web"]?.contains("a link that leads nowhere") == true)
    }

    @Test func `a link out of the workspace is not followed`() async throws {
        let fixture = try await fixture("  api: { url: ../api.git, path: apps/api }")
        try await fixture.makeRemote("api")
        try await fixture.shell("mkdir ../outside; ln -s ../outside apps")
        let plan = try await fixture.plan()["repo:api"] ?? ""
        #expect(plan.hasPrefix("blocked apps is a link that leads out of the workspace"), "\(plan)")
        try await fixture.up()
        #expect(try await fixture.shell("ls -A ../outside") == "")
        try await fixture.shell("rm apps; mkdir real; ln -s real apps")
        #expect(try await fixture.up()["repo:api"]?.status == .done)
    }

    @Test func `another repository at the place is named, with the way out`() async throws {
        let fixture = try await fixture("  api: ../api.git")
        try await fixture.makeRemote("api")
        try await fixture.makeRemote("other")
        try await fixture.shell("git clone -q ../other.git api")
        let print = try await fixture.print(of: "api")
        let plan = try await fixture.plan()
        #expect(plan["repo:api"]?.contains("is a checkout of \(fixture.root)/../other.git, not of") == true)
        let failure = try await fixture.up()["repo:api"]?.failure
        #expect(failure?.remedy?.contains("git -C api remote set-url origin") == true)
        #expect(try await fixture.print(of: "api") == print)
        try await fixture.shell("git -C api remote add upstream $PWD/../api.git")
        #expect(try await fixture.plan()["repo:api"] == "none cloned, on main")
    }

    @Test func `a fork is the right checkout when the team's repository is another remote of it`() async throws {
        let fixture = try await fixture("  api: https://git.example/acme/api.git")
        try await fixture.shell(
            """
            git init -q -b main api; cd api; git commit -q --allow-empty -m one
            git remote add origin git@git.example:me/api.git; git remote add up ssh://git@git.example/acme/api
            """)
        #expect(try await fixture.plan()["repo:api"] == "none cloned, on main")
        try await fixture.shell("git -C api remote remove up; git -C api remote remove origin")
        #expect(try await fixture.plan()["repo:api"]?.contains("is a checkout without the remote") == true)
    }

    @Test func `a checkout elsewhere than the manifest's ref is left there, and that is said`() async throws {
        let fixture = try await fixture("  api: { url: ../api.git, ref: main }\n  web: { url: ../api.git, ref: v1 }")
        try await fixture.makeRemote("api")
        try await fixture.up()
        #expect(try await fixture.plan()["repo:web"] == "none cloned, at v1")
        try await fixture.shell("git -C api checkout -q feature/x; git -C web checkout -q --detach origin/feature/x")
        let plan = try await fixture.plan()
        #expect(plan["repo:api"] == "none cloned, on feature/x, manifest says main")
        #expect(plan["repo:web"]?.hasSuffix(", manifest says v1") == true)
        #expect(plan["repo:web"]?.hasPrefix("none cloned, at ") == true)
        let commit = try await fixture.shell("git -C web rev-parse HEAD")
        try fixture.workspace.write(
            "init.yaml", "version: 1\nrepos: { web: { url: ../api.git, ref: \(commit) } }\n")
        #expect(try await fixture.plan()["repo:web"] == "none cloned, at \(commit.prefix(9))")
    }

    @Test func `an adopted checkout is used as it is and never made`() async throws {
        let fixture = try await fixture(
            "  api: ../api.git", local: "repos: { api: { path: ../elsewhere } }\n")
        try await fixture.makeRemote("api")
        let missing = try await fixture.plan()["repo:api"] ?? ""
        #expect(missing.hasPrefix("blocked there is no checkout at \(fixture.folder)/elsewhere"), "\(missing)")
        try await fixture.up()
        #expect(!fixture.host.files.exists(fixture.folder / "elsewhere"))
        try await fixture.shell("git clone -q ../api.git ../elsewhere")
        #expect(try await fixture.plan()["repo:api"] == "none adopted, on main")
        try await fixture.shell("git -C ../elsewhere remote set-url origin git@git.example:me/api.git")
        #expect(
            try await fixture.plan()["repo:api"]
                == "none adopted, on main; it is a checkout of git@git.example:me/api.git")
    }

    @Test func `what the manifest puts into a repository goes where it was adopted`() async throws {
        let fixture = try RepositoryFixture(
            """
            version: 1
            repos: { api: { url: ../api.git, path: apps/api } }
            env_files: { apps/api/.env: { set: { A: b } } }
            steps:
              named: { in: api, run: pwd >named, stdout: sub/out, inputs: [file], outputs: [named] }
              below: { in: apps/api/sub, run: pwd >below, needs: [named], inputs: [out], outputs: [below] }
            """, local: "repos: { api: { path: ../elsewhere } }\n")
        try await fixture.makeRemote("api")
        try await fixture.shell("git clone -q ../api.git ../elsewhere; mkdir ../elsewhere/sub")
        #expect(fixture.problems == [])
        let results = try await fixture.up()
        #expect(results.mapValues(\.status).values.allSatisfy { $0 == .done || $0 == .upToDate }, "\(results)")
        #expect(try await fixture.shell("ls -A ../elsewhere") == ".env\n.git\nfile\nnamed\nsub")
        #expect(try await fixture.shell("ls ../elsewhere/sub") == "below\nout")
        #expect(!fixture.host.files.exists(fixture.root / "apps"))
        let again = try await fixture.up()
        #expect(again.values.allSatisfy { $0.status == .upToDate }, "\(again)")
    }

    @Test func `a remote that is not there is a failure of access that names what to do`() async throws {
        let fixture = try await fixture("  api: ../api.git")
        let failure = try #require(try await fixture.up()["repo:api"]?.failure)
        #expect(failure.kind == .network)
        #expect(!fixture.host.files.exists(fixture.root / "api"))
        #expect(fixture.created("repo:api").isEmpty)
    }

    @Test func `offline, what is not there fails in words and what is there stays up to date`() async throws {
        let fixture = try await fixture("  api: ../api.git\n  web: https://git.example/acme/web.git")
        try await fixture.makeRemote("api")
        var settings = RunSettings(jobs: 2)
        settings.offline = true
        let summary = try await fixture.up(settings: settings)
        #expect(summary["repo:api"]?.status == .done)
        #expect(summary["repo:web"]?.reason.contains("--offline") == true)
        #expect(summary["repo:web"]?.failure?.kind == .network)
    }

    @Test func `a login in an address is shown nowhere`() async throws {
        let fixture = try await fixture("  api: https://me:hunter2hunter2@127.0.0.1:1/acme/api.git")
        let plan = try await fixture.plan()
        #expect(plan["repo:api"] == "create clone https://***@127.0.0.1:1/acme/api.git")
        var settings = RunSettings(jobs: 2)
        settings.retry = RetryRule(attempts: 1)
        let summary = try await fixture.up(settings: settings)
        #expect(summary["repo:api"]?.status == .failed)
        #expect(!"\(summary) \(fixture.workspace.output(of: "repo:api"))".contains("hunter2"))
        #expect(!fixture.workspace.records.contains("hunter2"))
    }
}
