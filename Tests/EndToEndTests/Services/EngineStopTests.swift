import Base
import Foundation
import HostInterfaces
import Testing

/// A real engine that does not run, is started while devinit waits, and is killed in the middle of a wait.
@Suite(
    .needs(.engine),
    .enabled(
        if: !FileManager.default.fileExists(atPath: "/var/run/docker.sock"),
        "an engine of this machine's own would answer"))
struct EngineStopTests {
    static let manifest = """
        version: 1
        workspace: stopped
        services:
          slow:
            compose:
              image: devinit-lab/tiny:1
              command: [sh, -c, "echo >>/work/starts; exec sleep 600"]
              init: true
              stop_grace_period: 1s
              volumes: ["${workspace.root}:/work"]
              healthcheck: { test: [CMD, test, -e, /work/ready], interval: 1s, retries: 100 }
        steps:
          after: { run: touch after, needs: [slow] }
        """

    @Test func `an engine that dies in the middle is named at once, and the next up starts it and goes on`()
        async throws
    {
        try require(.engine)
        let workspace = try Workspace(Self.manifest, environment: Lab.environment.filter { $0.key != "DOCKER_HOST" })
        let run = workspace.folder / "run"
        let environment = [
            "XDG_RUNTIME_DIR": run.text,
            "PATH": "\(workspace.path("bin")):/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        ]
        // Stands for systemd, which the lab has not; the engine that it starts is real.
        let start = "HOME=\(NSHomeDirectory()) exec \(Lab.file("spare-engine")) start \"$XDG_RUNTIME_DIR\""
        try workspace.write("bin/systemctl", "#!/bin/sh\n\(start)\n", mode: 0o755)
        func engine(_ word: String) async throws {
            try await workspace.shell("HOME=\(NSHomeDirectory()) \(Lab.file("spare-engine")) \(word) \(run)")
        }
        do {
            let running = workspace.start("up", "--trust", "-y", environment: environment)
            #expect(try await workspace.eventually { workspace.exists("starts") })
            let clock = workspace.host.clock
            let killed = clock.monotonicSeconds
            try await engine("kill")
            let first = try await running.ended()
            #expect(clock.monotonicSeconds - killed < 10, "it went on without an engine")
            first.expect(stderr: "starting Docker: systemctl start docker…", status: 78)
            #expect(first.stderr.contains("the container engine stopped (rootless Docker, unix://"), "\(first)")
            #expect(first.stderr.contains("start it with: systemctl start docker"), "\(first)")
            #expect(!workspace.exists("after"))

            try workspace.write("ready", "")
            try await workspace.up("-y", environment: environment).expect(
                stderr: "starting Docker: systemctl start docker…", status: 0)
            #expect(workspace.exists("after"))
            try await workspace.devinit("down", environment: environment).expect(stderr: "…stopped: slow…", status: 0)
        } catch {
            try? await engine("end")
            throw error
        }
        try await engine("end")
    }
}
