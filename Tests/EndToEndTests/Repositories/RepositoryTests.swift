import Base
import Foundation
import HostInterfaces
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Repositories as the built program and its worker clone them.
@Suite struct RepositoryTests {
    static let remotes = """
        export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.invalid GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.invalid
        for name in api web; do
            git init -q -b main ../source/$name; (cd ../source/$name; echo $name >file; git add .; git commit -qm one)
            git clone -q --bare ../source/$name ../remotes/$name.git
        done
        """

    static func workspace(_ rest: String = "") async throws -> Workspace {
        let workspace = try Workspace(environment: ["GIT_CONFIG_GLOBAL": "/dev/null"])
        try workspace.write(
            "init.yaml",
            """
            version: 1
            repos:
              api: { url: "file://\(workspace.folder)/remotes/api.git" }
              web: { url: "file://\(workspace.folder)/remotes/web.git", path: apps/web }
            \(rest)
            """)
        try await workspace.shell(remotes)
        return workspace
    }

    @Test func `clones are made, work in them waits for them, and a developer's changes stay`() async throws {
        let workspace = try await Self.workspace(
            "steps:\n  build: { in: api, run: \"cat file >built\", inputs: [file] }")
        let plan = try await workspace.devinit("plan", "--json").expect(status: 0)
        #expect(try plan.members("nodes", "reason")["step:build"]?.contains("known after clone") == true, "\(plan)")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("api/built") == "api" && workspace.text("apps/web/file") == "web")
        try workspace.write("apps/web/file", "mine")
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        #expect(workspace.text("apps/web/file") == "mine")
    }

    @Test func `a folder that is no checkout of it is never touched`() async throws {
        let workspace = try await Self.workspace()
        try workspace.write("api/notes", "mine")
        let ended = try await workspace.up()
        #expect(ended.status != 0 && ended.stderr.contains("✗ repo:api"), "\(ended)")
        #expect(workspace.text("api/notes") == "mine")
        #expect(workspace.text("apps/web/file") == "web")
    }

    @Test func `work on a host that one clone could not reach is given up at once, with one failure`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            defaults: { retry: { attempts: 2, delay: 300ms, jitter: false } }
            repos:
              first: { url: "http://127.0.0.1:1/first.git" }
            \((0..<6).map { "  r\($0): { url: 'http://127.0.0.1:1/r\($0).git', needs: [late] }" }.joined(separator: "\n"))
              elsewhere: { url: "file:///nowhere/e.git", needs: [late] }
            steps:
              late: { run: "until test -e go; do sleep 0.02; done", timeout: 20s }
              behind: { run: "true", needs: [r1] }
            """)
        // The step lets the others begin only when the first clone has given up.
        let running = workspace.start("up", "--trust", "--json", "-j", "4")
        #expect(try await workspace.eventually { running.said.contains("failed after") })
        try workspace.write("go", "")
        let ended = try await running.ended().expect(status: 69)
        let statuses = try ended.members("nodes", "status")
        #expect(statuses["repo:first"] == "failed")
        #expect((0..<6).allSatisfy { statuses["repo:r\($0)"] == "skipped" })
        #expect(statuses["step:behind"] == "skipped")
        let reasons = try ended.members("nodes", "reason")
        #expect(reasons["repo:r3"] == "127.0.0.1:1 could not be reached, see repo:first")
        // Another place is asked all the same.
        #expect(statuses["repo:elsewhere"] == "failed")
        let attempts = try ended.json()["nodes"]?.array?.first { $0["id"] == "repo:r3" }?["attempts"]?.integer
        #expect(attempts == 1)
    }

    @Test func `a server that refuses is a network failure, and leaves no half clone`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            defaults: { retry: { attempts: 1 } }
            repos:
              api: "http://127.0.0.1:1/api.git"
            steps:
              alone: { run: touch alone }
            """)
        let ended = try await workspace.up().expect(stderr: "…✗ repo:api…", status: 69)
        #expect(workspace.exists("alone") && !workspace.exists("api"))
        #expect(
            try workspace.host.files.entries(of: workspace.root).map(\.name).sorted() == [
                ".devinit", "alone", "init.yaml",
            ])
        #expect(ended.stderr.contains("to do: "), "\(ended)")
    }

    @Test func `a path that leaves the workspace is refused at its place`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            repos:
              api: { url: "file:///nowhere", path: ../outside }
            env_files:
              ../outside.env: { set: { A: b } }
            files:
              ../../outside: { dir: true }
            """)
        let ended = try await workspace.up().expect(stdout: "", status: 65)
        for place in ["init.yaml:3:", "init.yaml:5:3", "init.yaml:7:3"] {
            #expect(ended.stderr.contains(place), "\(ended)")
        }
        try await workspace.shell("ln -s .. link")
        try workspace.write("init.yaml", "version: 1\nenv_files:\n  link/outside.env: { set: { A: b } }\n")
        let through = try await workspace.up()
        #expect(through.status != 0, "\(through)")
        #expect(!workspace.host.files.exists(workspace.folder / "outside.env"))
    }

    @Test func `a host that never answers is given up, and a signal ends the wait`() async throws {
        // A listener that never accepts: the connection stands and stays silent.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(listener, address, length)
                _ = listen(listener, 8)
                _ = getsockname(listener, address, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        let workspace = try Workspace("version: 1\nrepos:\n  api: \"http://127.0.0.1:\(port)/api.git\"\n")
        let running = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { running.said.contains("[repo:api]") })
        try await running.signal(SIGINT)
        let ended = try await running.ended().expect(status: 130)
        #expect(ended.seconds < 20)
        #expect(!workspace.exists("api"))
    }
}
