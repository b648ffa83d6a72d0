import Base
import Git
import HostInterfaces
import Testing

/// What must never happen to a target: to be overwritten, or to be half there.
@Suite(
    .gitLab, .serialized, .enabled(if: GitLab.isPossible, "needs git, sshd and openssl (Tests/Lab/install)"),
    .timeLimit(.minutes(2)))
struct TargetTests {
    @Test func `what stands at the target is left alone`() async throws {
        let user = try GitUser()
        try user.host.files.makeFolder(user.target, mode: 0o755)
        try user.write("workspace/api/mine", "kept")
        do throws(GitFailure) {
            _ = try await user.work().clone(CloneRequest(url: user.lab.address("GIT_URL"), target: user.target))
            Issue.record("it was overwritten")
        } catch {
            #expect(error.kind == .refused)
        }
        #expect(user.host.files.text(of: user.target / "mine") == "kept")
        #expect(try user.remains() == ["api"])
    }

    @Test func `an empty folder is replaced, and missing parents are made`() async throws {
        let user = try GitUser()
        try user.host.files.makeFolder(user.target, mode: 0o755)
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("GIT_URL"), target: user.target))
        let deep = user.home / "workspace/apps/deep/api"
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("GIT_URL"), target: deep))
        #expect(user.host.files.isFile(deep / "file"))
    }

    @Test func `a cancelled clone leaves nothing`() async throws {
        let user = try GitUser()
        let work = user.work()
        let url = user.lab.address("HTTP_URL", "slow/api.git")
        let target = user.target
        let task = Task { () -> GitFailure? in
            do throws(GitFailure) { _ = try await work.clone(CloneRequest(url: url, target: target)) } catch {
                return error
            }
            return nil
        }
        try await Task.sleep(for: .milliseconds(300))
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
        #expect(try user.remains().isEmpty)
    }

    @Test func `a worker that dies leaves no target`() async throws {
        let user = try GitUser()
        // Stands in for a crash in C: it takes the request, makes a folder, and is gone.
        try user.write("bin/dying-worker", "#!/bin/sh\ncat >/dev/null\nkill -9 $$\n", mode: 0o755)
        let work = GitWork(host: user.host, worker: user.home / "bin/dying-worker", backend: .libgit2)
        do throws(GitFailure) {
            _ = try await work.clone(CloneRequest(url: user.lab.address("GIT_URL"), target: user.target))
            Issue.record("it can't have been cloned")
        } catch {
            #expect(error.message.contains("signal 9"), "\(error)")
        }
        #expect(try user.remains().isEmpty)
    }

    @Test func `what dead runs left is removed, and what others are at stays`() async throws {
        let user = try GitUser()
        let workspace = user.home / "workspace"
        try user.host.files.makeFolder(workspace / ".api.devinit-dead", mode: 0o755)
        try user.write("workspace/.api.devinit-dead/lock", "")
        try user.host.files.makeFolder(workspace / ".api.devinit-busy", mode: 0o755)
        let lock = try user.host.files.lock(workspace / ".api.devinit-busy/lock")
        try user.host.files.makeFolder(workspace / ".web.devinit-other", mode: 0o755)
        _ = try await user.work().clone(CloneRequest(url: user.lab.address("GIT_URL"), target: user.target))
        #expect(try user.remains() == [".api.devinit-busy", ".web.devinit-other", "api"])
        lock?.release()
    }

    @Test func `a worker ends with the devinit that started it`() async throws {
        let user = try GitUser()
        let worker = try #require(GitUser.worker)
        let url = user.lab.address("HTTP_URL", "slow/api.git")
        let request =
            #"{"operation":"clone","target":"\#(user.home)/lost","url":"\#(url)","connection":"\#(url)"}"#
        // The reader goes after the first line, while the worker waits for a server that never answers.
        let output = try await GitLab.shell(
            """
            mkfifo '\(user.home)/pipe'
            printf '%s' '\(request)' | '\(worker)' >'\(user.home)/pipe' & id=$!
            head -n 1 <'\(user.home)/pipe' >/dev/null
            for i in $(seq 50); do kill -0 $id 2>/dev/null || { echo gone; exit; }; sleep 0.05; done
            kill -9 $id; echo stayed
            """)
        #expect(output == "gone\n")
    }
}
