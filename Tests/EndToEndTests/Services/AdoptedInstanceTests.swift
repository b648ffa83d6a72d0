import Base
import Foundation
import HostInterfaces
import Testing

/// Existing Compose files in two worktrees at once, on the real engine.
@Suite(.needs(.engine)) struct AdoptedInstanceTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        compose: { files: [compose.yaml], project: WORKSPACE }
        env_files:
          app.env: { set: { CACHE: "redis://${services.cache.host}:${services.cache.port}" } }
        """

    /// All that clashes between two projects of the same files: a port, a container's, a volume's and a network's name,
    /// a range of addresses. 1.29 takes no `name`.
    static func files(_ name: String, port: Int, subnet: Int) -> String {
        """
        version: "3.9"
        services:
          cache:
            image: "devinit-lab/redis:7"
            container_name: \(name)-cache
            ports: ["127.0.0.1:\(port):6379"]
            volumes: ["data:/data"]
            networks: { back: { ipv4_address: 10.213.\(subnet).5 } }
            healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s, retries: 30 }
          filled:
            image: "devinit-lab/redis:7"
            env_file: app.env
            command: ["sh", "-c", "redis-cli -h \(name)-cache set from $$CACHE"]
            networks: [back]
            depends_on: { cache: { condition: service_healthy } }
        volumes: { data: { name: \(name)-data } }
        networks: { back: { name: \(name)-back, ipam: { config: [{ subnet: 10.213.\(subnet).0/24 }] } } }

        """
    }

    /// A workspace whose instances and renamed projects are taken away too where the test fails.
    private static func withWorkspace(
        _ compose: Lab.Compose, _ manifest: String, files: [String: String] = [:],
        _ body: (Workspace) async throws -> Void
    ) async throws {
        try await ServiceTests.withWorkspace(compose, manifest, files: files) { first in
            let name = first.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1 ?? ""
            func sweep() async {
                for ending in ["-two", "-2", "-old", "-old-two"] {
                    try? await ServiceTests.sweep(name + ending, first)
                }
            }
            do { try await body(first) } catch {
                await sweep()
                throw error
            }
            await sweep()
        }
    }

    @Test(arguments: Lab.Compose.allCases)
    func `two worktrees with one compose file have ports, names and data of their own`(compose: Lab.Compose)
        async throws
    {
        let port = try #require(try Workspace().host.network.freePort(address: "127.0.0.1"))
        try await Self.withWorkspace(compose, Self.manifest, files: [".gitignore": "app.env\n"]) { first in
            let name = String(try #require(first.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1))
            try first.write(
                "compose.yaml", Self.files(name, port: port, subnet: Int.random(in: 0...255)))
            try await first.shell(
                """
                git init -q . && git add -A && git -c user.email=a@b.c -c user.name=x commit -qm x
                git worktree add -q ../two
                """)
            let second = try Workspace(environment: first.environment, root: first.folder / "two")
            async let one = first.up()
            async let two = second.up()
            _ = (try await one.expect(status: 0), try await two.expect(status: 0))
            try await look(first, second, name, port)
            for workspace in [first, second] { _ = try await workspace.devinit("trust") }
            try await second.devinit("exec", "cache", "--", "redis-cli", "get", "from").expect(
                stdout: "redis://127.0.0.1:…", status: 0)
            for workspace in [first, second] {
                try await workspace.up().expect(stderr: "up to date…", status: 0)
            }
            try await second.devinit("compose", "--adopted", "--", "config", "--services").expect(
                stdout: "…cache…", status: 0)
            try await second.devinit("down", "--volumes").expect(stderr: "…\(name)-data-two…", status: 0)
            #expect(try await first.shell("docker exec \(name)-cache redis-cli ping") == "PONG\n")
            try await first.devinit("down", "--volumes").expect(status: 0)
        }
    }

    @Test func `a project that another folder made stops up with the choice, also with -y, and each choice works`()
        async throws
    {
        let manifest = "version: 1\nworkspace: WORKSPACE\ncompose: { files: [compose.yaml], project: WORKSPACE }\n"
        let compose = """
            services: { cache: { image: "devinit-lab/redis:7", volumes: ["data:/data"] } }
            volumes: { data: {} }

            """
        try await Self.withWorkspace(.plugin, manifest, files: ["compose.yaml": compose]) { first in
            let name = try #require(first.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1)
            let read = "docker exec \(name)-cache-1 redis-cli get k"
            try await first.up().expect(status: 0)
            try await first.shell("docker exec \(name)-cache-1 redis-cli set k v")
            let second = try Workspace(
                first.text("init.yaml"), files: ["compose.yaml": compose], environment: first.environment)
            for words in [[], ["-y"]] {
                try await second.run([Programs.devinit.text, "up", "--trust"] + words).expect(
                    stderr: "…container \(name)-cache-1, made from \(first.root)…volume \(name)_data…"
                        + "--foreign adopt…the Compose project '\(name)-2'…--foreign rename…", status: 78)
            }

            try second.write("init.local.yaml", "# mine\ncompose:\n  profiles: [a]\n")
            try await second.up("--foreign", "rename").expect(stderr: "…'\(name)-2'…", status: 0)
            #expect(second.text("init.local.yaml") == "# mine\ncompose:\n  project: \(name)-2\n  profiles: [a]")
            try await second.up().expect(stderr: "up to date…", status: 0)
            try await second.devinit("down", "--volumes").expect(status: 0)
            #expect(try await first.shell(read) == "v\n")

            try second.remove("init.local.yaml")
            _ = try await second.devinit("trust")
            try await second.terminal("up", typing: "a\n").expect(stdout: "…taken over: \(name)-cache-1…", status: 0)
            #expect(try await second.shell(read) == "v\n")
            try await second.up().expect(stderr: "up to date…", status: 0)
            try await first.up().expect(stderr: "…made from \(second.root)…", status: 78)
            try await second.devinit("down", "--volumes").expect(stderr: "…\(name)_data…", status: 0)
        }
    }

    @Test func `data that two instances would share is told with its place, and not written by both at once`()
        async throws
    {
        let manifest = "version: 1\nworkspace: WORKSPACE\ncompose: { files: [compose.yaml], project: WORKSPACE }\n"
        try await Self.withWorkspace(.plugin, manifest) { first in
            let name = try #require(first.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1)
            let compose = """
                services: { cache: { image: "devinit-lab/redis:7", volumes: ["data:/data"] } }
                volumes:
                  data: { external: true, name: \(name)-shared }

                """
            try first.write("compose.yaml", compose)
            try await first.shell(
                "docker volume create --label com.docker.compose.project=\(name) \(name)-shared >/dev/null")
            try await first.up().expect(status: 0)
            try await first.up("--instance", "two").expect(
                stderr:
                    "…compose.yaml:3:3: note: 'data' is external…compose.yaml:3:3: the volume 'data' is external, and "
                    + "\(name)-cache-1 of another instance uses it now…", status: 78)
            try await first.devinit("down").expect(status: 0)
            try await first.up("--instance", "two").expect(status: 0)
            try await first.devinit("down", "--instance", "two", "--volumes").expect(status: 0)
            try await first.shell("docker volume inspect \(name)-shared >/dev/null")
        }
    }

    @Test func `what a removed worktree left is listed, and is removed from the main checkout`() async throws {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            compose: { files: [compose.yaml], project: WORKSPACE-old }
            services: { own: { compose: { image: "devinit-lab/redis:7", volumes: ["own:/data"] } } }

            """
        let compose = """
            services: { cache: { image: "devinit-lab/redis:7", volumes: ["data:/data"] } }
            volumes: { data: {} }

            """
        try await Self.withWorkspace(.plugin, manifest, files: ["compose.yaml": compose]) { first in
            let name = try #require(first.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1)
            try await first.shell(
                """
                git init -q . && git add -A && git -c user.email=a@b.c -c user.name=x commit -qm x
                git worktree add -q ../two
                """)
            let second = try Workspace(environment: first.environment, root: first.folder / "two")
            try await second.up().expect(status: 0)
            try await first.up("own").expect(status: 0)
            try await first.devinit("status", "--instances").expect(
                stdout: "…two…\(name)-old-two…1 container, 1 running…1 volume…", status: 0)
            let before = try await first.devinit("status", "--instances", "--json").expect(status: 0).json()
            #expect(before["instances"]?.array?.count == 3 && before["instances"]?[0]?["name"] == .null)

            try await first.shell("git worktree remove --force ../two")
            let after = try await first.devinit("status", "--instances", "--json").expect(status: 0).json()
            let gone = (after["instances"]?.array ?? []).filter { $0["gone"]?.bool == true }
            #expect(
                gone.map { $0["project"]?.string } == ["\(name)-two", "\(name)-old-two"]
                    || gone.map { $0["project"]?.string } == ["\(name)-old-two", "\(name)-two"])
            #expect(gone.allSatisfy { $0["removal"]?.string == "devinit down --instance two --volumes" }, "\(gone)")
            try await first.devinit("doctor", "instances").expect(
                stdout: "…<folder>/two is gone…devinit down --instance two --volumes…", status: 0)
            // What is there is another folder's still, so nothing is started upon it.
            try await first.up("--instance", "two").expect(stderr: "…made from <folder>/two…", status: 78)
            try await first.devinit("down", "--instance", "two", "--volumes").expect(stderr: "…stopped: …", status: 0)
            let end = try await first.devinit("status", "--instances", "--json").expect(status: 0).json()
            #expect(end["instances"]?.array?.count == 1, "\(end)")
            #expect(try await first.shell("docker exec \(name)-own-1 redis-cli ping") == "PONG\n")
            try await first.devinit("down", "--volumes").expect(status: 0)
        }
    }

    private func look(_ first: Workspace, _ second: Workspace, _ name: String, _ port: Int) async throws {
        #expect(first.text("app.env") == "CACHE=redis://127.0.0.1:\(port)")
        let moved = try #require(second.text("app.env")?.firstMatch(of: /127.0.0.1:(\d+)/)?.output.1)
        #expect(moved != "\(port)")
        let published = try await second.shell(
            "docker port \(name)-two_cache_1 6379 || docker port \(name)-two-cache-1 6379")
        #expect(published == "127.0.0.1:\(moved)\n")
        let status = try await second.devinit("status", "--json").expect(status: 0).json()
        #expect(status["services"]?.array?.first?["ports"]?["6379"]?.integer == Int(moved))
        for (workspace, container) in [(first, "\(name)-cache"), (second, "$(docker ps -qf name=\(name)-two.cache)")] {
            let value = try await workspace.shell("docker exec \(container) redis-cli get from")
            #expect("CACHE=" + value.trimmingCharacters(in: .whitespacesAndNewlines) == workspace.text("app.env"))
        }
    }
}
