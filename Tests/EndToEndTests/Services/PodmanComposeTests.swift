import Base
import Foundation
import HostInterfaces
import Testing

/// podman-compose 1.0.3, which tells no failure, makes nothing anew, and reads a file in its own way.
@Suite(.needs(.podman)) struct PodmanComposeTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        defaults: { engine: podman }
        secrets: { word: { generate: password } }
        services:
          idle:
            compose:
              image: devinit-lab/base:12
              command: [sh, -c, "echo it runs; exec sleep 600"]
              init: true
              stop_grace_period: 1s
              environment: { WORD: "${secrets.word}", MARK: one }
              healthcheck: { test: [CMD, sh, -c, 'test "$$MARK" = one || test "$$MARK" = two && test -n "$$WORD"'], interval: 1s }
          broken: { compose: { image: "devinit-lab/base:12", command: [/no/such/program], init: true } }
        steps:
          ask: { inside: idle, run: [printenv, MARK] }
          fails: { inside: idle, run: [sh, -c, "exit 4"] }
        """

    @Test func `podman-compose starts what devinit wants, and its silence about failures deceives nobody`() async throws
    {
        try await PodmanTests.withWorkspace(
            Self.manifest, environment: ["PODMAN_COMPOSE_PROVIDER": "podman-compose"]
        ) { workspace in
            let up = try await workspace.up("--json").expect(status: 1)
            let status = try up.members("nodes", "status")
            #expect(status["service:idle"] == "done" && status["step:ask"] == "done", "\(up)")
            #expect(status["step:fails"] == "failed", "a command's exit status was lost: \(up)")
            #expect(status["service:broken"] == "failed", "\(up)")
            #expect(up.stderr.contains("/no/such/program"), "\(up)")
            #expect(up.stderr.contains("hands secrets of containers to podman as arguments"), "\(up)")

            var manifest = try #require(workspace.text("init.yaml")).replacing("MARK: one", with: "MARK: two")
            for name in ["broken", "fails"] {
                manifest = manifest.split(separator: "\n").filter { !$0.contains("  \(name): {") }.joined(
                    separator: "\n")
            }
            try workspace.write("init.yaml", manifest)
            try await workspace.devinit("plan").expect(
                stdout: "…service:idle  update…its definition changed…", status: 0)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("logs", "step:ask").expect(stdout: "…two…", status: 0)
            try await workspace.devinit("plan").expect(
                stdout: "…service:idle  up to date  running, healthy…", status: 0)
            try await workspace.devinit("logs", "idle").expect(stdout: "…it runs…", status: 0)
            try await workspace.devinit("trust").expect(status: 0)
            try await workspace.devinit("exec", "idle", "--", "sh", "-c", "exit 3").expect(status: 3)
            try await workspace.devinit("restart", "idle").expect(status: 0)
            try await workspace.devinit("doctor", "containers").expect(stdout: "…podman-compose…1.0…", status: 0)
            try await workspace.devinit("down").expect(stderr: "…stopped: …idle…", status: 0)
            let left = try await workspace.shell(
                "podman ps -aq --filter label=dev.devinit.workspace=\(workspace.root); podman network ls -q | grep -F $(sed -n 's/^workspace: //p' init.yaml) || true"
            )
            #expect(left.isEmpty, "\(left)")
        }
    }
}
