import Base
import Foundation
import HostInterfaces
import Testing

/// Several set-ups of one workspace at once, with local processes for services.
@Suite struct InstanceTests {
    private static let manifest = """
        version: 1
        workspace: shop
        services:
          web:
            native:
              run: "exec python3 -m http.server --bind 127.0.0.1 $PORT"
            port: PORT
            health: { http: / }
        env_files:
          .env: { set: { WEB: "http://127.0.0.1:${services.web.port}", NAME: "shop${workspace.instance}" } }
        steps:
          seed: { run: "echo seeded $DEVINIT_INSTANCE >>seeded", once: true }
          build: { run: cp .env built, inputs: [.env], outputs: [built] }
        """

    private func workspace() throws -> Workspace {
        let probe = try Workspace()
        let port = try #require(probe.host.network.freePort(address: "127.0.0.1"))
        return try Workspace(
            Self.manifest.replacing("PORT\n", with: "\(port)\n"), files: [".gitignore": ".env\nseeded\nbuilt\n"])
    }

    private func web(_ workspace: Workspace, _ words: String...) async throws -> (state: String, port: Int) {
        let status = try await workspace.run([Programs.devinit.text, "status", "--json"] + words).expect(status: 0)
        let web = try status.json()["services"]?[0]
        return (web?["state"]?.string ?? "", web?["ports"]?["main"]?.integer ?? 0)
    }

    @Test func `two instances of one folder have a service each, one env file, and what is done once is done for both`()
        async throws
    {
        let workspace = try workspace()
        func down() async throws {
            for words in [[], ["--instance", "b"]] {
                _ = try await workspace.run([Programs.devinit.text, "down"] + words)
            }
        }
        do {
            try await workspace.up().expect(status: 0)
            let main = try await web(workspace)
            try await workspace.up("--instance", "b").expect(status: 0)
            let other = try await web(workspace, "--instance", "b")
            #expect(main.state == "running" && other.state == "running" && main.port != other.port)
            #expect(try await web(workspace) == main, "the other's start changed it")
            #expect(workspace.text("seeded") == "seeded\nseeded b")
            // The env file is one: it has the values of who came last, and whoever made something of it says so.
            #expect(workspace.text(".env")?.contains("NAME=shopb") == true)
            #expect(workspace.text("built")?.contains("NAME=shopb") == true)
            try await workspace.devinit("plan").expect(
                stdout: "…env:.env…update…step:build…run…", status: 0)
            try await workspace.up().expect(status: 0)
            #expect(
                workspace.text("built")?.contains("NAME=shop\n") == true
                    || workspace.text("built")?.hasSuffix("NAME=shop") == true)
            #expect(workspace.text("seeded") == "seeded\nseeded b")

            try await workspace.devinit("down", "--instance", "b").expect(stderr: "…stopped: web…", status: 0)
            #expect(try await web(workspace).state == "running")
            #expect(try await web(workspace, "--instance", "b").state == "stopped")
            try await workspace.up("--instance", "b").expect(status: 0)
            #expect(try await web(workspace, "--instance", "b").port == other.port, "it is kept between runs")
        } catch {
            try? await down()
            throw error
        }
        try await down()
    }

    @Test func `a git worktree is an instance by itself, and the flag says otherwise`() async throws {
        let workspace = try workspace()
        try await workspace.shell(
            """
            git init -q . && git add -A && git -c user.email=a@b.c -c user.name=x commit -qm x
            git worktree add -q ../Feature.X
            """)
        let second = try Workspace(environment: workspace.environment, root: workspace.folder / "Feature.X")
        do {
            async let one = workspace.up()
            async let two = second.up()
            _ = (try await one.expect(status: 0), try await two.expect(status: 0))
            let status = try await second.devinit("status", "--json").expect(status: 0).json()
            #expect(status["instance"] == "feature-x" && status["project"] == "shop-feature-x", "\(status)")
            #expect(try await workspace.devinit("status", "--json").json()["instance"] == .null)
            #expect(try await web(workspace).port != web(second).port)
            #expect(second.text(".env")?.contains("NAME=shopfeature-x") == true)
            let flag = try await second.devinit("status", "--instance", "other", "--json").json()
            #expect(flag["project"] == "shop-other")
            let variable = try await second.devinit("status", "--json", environment: ["DEVINIT_INSTANCE": "third"])
            #expect(try variable.json()["project"] == "shop-third")
            try await workspace.devinit("status", "--instance", "No!").expect(
                stderr: "…a name of small letters…", status: 64)
        } catch {
            _ = try? await workspace.devinit("down")
            _ = try? await second.devinit("down")
            throw error
        }
        try await second.devinit("down").expect(stderr: "…stopped: web…", status: 0)
        #expect(try await web(workspace).state == "running")
        try await workspace.devinit("down").expect(status: 0)
    }
}
