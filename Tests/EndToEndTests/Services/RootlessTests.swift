import Base
import Foundation
import HostInterfaces
import Testing

/// Engines without root's rights, used by the account whose they are: Podman with docker-compose 1.29, Docker with
/// Compose 2.
@Suite(.needs(.rootless)) struct RootlessTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        defaults: { engine: ENGINE }
        services:
          web:
            compose:
              image: devinit-lab/tiny:1
              command: [httpd, -f, -p, "8000", -h, /work]
              init: true
              stop_grace_period: 1s
              volumes: ["${workspace.root}:/work"]
              healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8000/page"], interval: 1s }
            port: "PORT:8000"
            health: { http: /page }
          low:
            compose: { image: "devinit-lab/tiny:1", command: [sleep, "60"], init: true, stop_grace_period: 1s }
            port: "81:8000"
        steps:
          mark: { inside: web, run: [touch, /work/made] }
        """

    @Test(arguments: ["podman", "docker"])
    func `an account's own engine is found, its files are the account's, and a low port is refused in words`(
        _ engine: String
    ) async throws {
        try require(.rootless)
        let user = try #require(Lab.rootless["DEVINIT_LAB_USER"])
        let workspace = try Workspace(
            environment: Lab.rootless)
        let port = try #require(workspace.host.network.freePort(address: "127.0.0.1"))
        let name = "e2e-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        try workspace.write(
            "init.yaml",
            Self.manifest.replacing("WORKSPACE", with: name).replacing("PORT", with: "\(port)")
                .replacing("ENGINE", with: engine))
        try workspace.write("page", "here")
        // The account may not come to where the programs lie.
        if engine == "docker" {
            try await workspace.shell(
                "mkdir ../home/.docker; cp -R \(Lab.environment["DOCKER_CONFIG"] ?? "")/cli-plugins ../home/.docker/")
        }
        try await workspace.shell(
            "cp \(Programs.devinit) \(workspace.folder)/devinit; chown -R \(user): \(workspace.folder); chmod 755 \(workspace.folder)"
        )
        func devinit(_ words: String...) async throws -> Ended {
            try await workspace.run(
                ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "\(workspace.folder)/devinit"] + words,
                limit: .seconds(120))
        }
        let up = try await devinit("up", "--trust").expect(status: 1)
        #expect(
            up.stderr.contains("an engine without root's rights may not publish a port below 1024 for 'low'"), "\(up)")
        #expect(up.stderr.contains("[service:web]") && !up.stderr.contains("✗ service:web"), "\(up)")
        #expect(
            try await workspace.shell("stat -c %U made") == "\(user)\n", "root in the container is the account here")
        try await devinit("down", "--volumes").expect(stderr: "…stopped: …web…", status: 0)
    }
}
