import Base
import Foundation
import HostInterfaces
import Testing

/// What goes wrong with services that are shared, unhealthy, changed behind our back or no longer wanted.
@Suite(.needs(.engine)) struct ServiceHazardTests {
    static let redis = """
        version: 1
        workspace: WORKSPACE
        services:
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
        """

    @Test(arguments: Lab.Compose.allCases)
    func `a container of its own beside a service that starts does not make the network twice`(_ compose: Lab.Compose)
        async throws
    {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            services:
              redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
            steps:
              alone: { inside: { service: redis, start: false }, run: echo one }
            """
        try await ServiceTests.withWorkspace(compose, manifest) { workspace in
            try await workspace.up().expect(status: 0)
            try await workspace.up().expect(status: 0)
        }
    }

    @Test func `a service that never answered from outside is not done at the second up either`() async throws {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            services:
              web:
                compose: { image: "devinit-lab/nginx:1" }
                port: auto:80
                health: { http: { path: /nope }, timeout: 2s }
            steps:
              after: { run: touch after, needs: [web] }
            """
        try await ServiceTests.withWorkspace(.plugin, manifest.replacing("auto:80", with: "\"18096:80\"")) {
            workspace in
            try await workspace.up().expect(status: 124)
            try await workspace.devinit("plan").expect(stdout: "service:web…run…running, not healthy…", status: 0)
            try await workspace.up().expect(status: 124)
            #expect(!workspace.exists("after"))
        }
    }

    @Test func `data of another folder with the same name is neither taken over nor removed`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.redis) { first in
            try await first.up().expect(status: 0)
            try await first.devinit("down").expect(status: 0)
            let second = try Workspace(first.text("init.yaml"), environment: first.environment)
            // The same user, another folder.
            try await second.up().expect(
                stderr: "…_redis-data, made from \(first.root)…--foreign adopt…--foreign rename…", status: 78)
            try await second.devinit("down", "--volumes").expect(status: 0)
            let volumes = try await first.shell("docker volume ls -q")
            #expect(volumes.contains("_redis-data"))
            try await first.up().expect(status: 0)
            try await first.devinit("down", "--volumes").expect(stderr: "…_redis-data…", status: 0)
            #expect(try await !first.shell("docker volume ls -q").contains(try name(of: first)))
        }
    }

    private func name(of workspace: Workspace) throws -> String {
        let line = try #require(
            workspace.text("init.yaml")?.split(separator: "\n").first { $0.hasPrefix("workspace:") })
        return String(line.dropFirst("workspace: ".count))
    }

    @Test func `an image that was replaced under its name makes the container anew`() async throws {
        let tag = "devinit-e2e-moved:\(UInt32.random(in: 0...UInt32.max))"
        let manifest = """
            version: 1
            workspace: WORKSPACE
            services:
              idle: { compose: { image: "\(tag)", command: [sleep, infinity], init: true } }
            """
        try await ServiceTests.withWorkspace(.plugin, manifest) { workspace in
            try await workspace.shell("docker tag devinit-lab/base:12 \(tag)")
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("plan").expect(stdout: "service:idle  up to date  running…", status: 0)
            try await workspace.shell("docker tag devinit-lab/nginx:1 \(tag)")
            try await workspace.devinit("plan").expect(stdout: "service:idle  update…its image changed…", status: 0)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("plan").expect(stdout: "service:idle  up to date  running…", status: 0)
            try await workspace.shell("docker rmi \(tag)")
        }
    }

    @Test func `a health command of the manifest has to be approved`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            services:
              redis: { use: redis, port: auto, health: { command: "touch /tmp/x; redis-cli ping" } }
            """)
        try await workspace.devinit("trust", "--show").expect(stdout: "…touch /tmp/x; redis-cli ping…", status: 0)
        try await workspace.devinit("up").expect(status: 77)
    }

    @Test func `a local process that the manifest no longer has is ended`() async throws {
        let one = "version: 1\nservices:\n  one: { native: { run: exec sleep 600 } }\n"
        let workspace = try Workspace(one + "  two: { native: { run: \"echo $$ >pid; exec sleep 600\" } }\n")
        defer {
            if let pid = Processes.number(in: workspace.path("pid"), workspace.host) { kill(pid, SIGKILL) }
        }
        try await workspace.up().expect(status: 0)
        let pid = try #require(Processes.number(in: workspace.path("pid"), workspace.host))
        try workspace.write("init.yaml", one)
        try await workspace.up().expect(stderr: "note: stopped two, which the manifest no longer has…", status: 0)
        #expect(!Processes.isRunning(pid))
        try await workspace.devinit("down").expect(stderr: "stopped: one", status: 0)
    }

    @Test func `doctor names who holds the port of a service`() async throws {
        let workspace = try Workspace("version: 1\n")
        let port = try #require(workspace.host.network.freePort(address: "127.0.0.1"))
        try workspace.write(
            "init.yaml",
            "version: 1\nservices:\n  web: { native: { run: \"true\" }, port: \(port) }\n")
        let server = try workspace.host.processes.startDetached(
            ProcessRequest(
                ["python3", "-m", "http.server", "--bind", "127.0.0.1", "\(port)"], environment: workspace.environment,
                folder: workspace.folder), log: workspace.folder / "log")
        #expect(try await workspace.eventually { !workspace.host.network.isFree(port: port, address: "127.0.0.1") })
        let ended = try await workspace.devinit("doctor", "ports")
        await workspace.host.processes.end(server, grace: .seconds(1))
        ended.expect(stdout: "…\(port) for web…taken by python3 (process \(server.id))…", status: 1)
    }

    @Test func `restart of what was taken down fails at once and says what starts it`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.redis) { workspace in
            try await workspace.devinit("trust").expect(status: 0)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("restart").expect(status: 0)
            try await workspace.devinit("down").expect(status: 0)
            for words in [["restart"], ["restart", "redis"]] {
                try await workspace.run([Programs.devinit.text] + words, limit: .seconds(20)).expect(
                    stderr: "…has no container…devinit up redis", status: 1)
            }
        }
    }
}
