import Base
import Foundation
import HostInterfaces
import Testing

/// A real Podman, found by its socket, on a machine where no systemd runs the checks of its containers.
@Suite(.needs(.podman)) struct PodmanTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        defaults: { engine: podman }
        secrets: { password: { generate: password } }
        services:
          postgres:
            use: postgres
            with: { image: "devinit-lab/postgres:15", databases: [app], password: "${secrets.password}" }
            port: auto
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
        env_files:
          .env: { set: { DATABASE_URL: "${services.postgres.url}", REDIS_URL: "${services.redis.url}" } }
        steps:
          migrate:
            inside: postgres
            run: [psql, -h, 127.0.0.1, -U, postgres, -d, app, -c, "create table made (id int)"]
            once: { per: postgres }
          ask:
            shell: bash
            run: 'exec 3<>"/dev/tcp/$HOST/$PORT"; printf "PING\\r\\n" >&3; head -n 1 <&3'
            env: { HOST: "${services.redis.host}", PORT: "${services.redis.port}" }
            once: true

        """

    /// What fails, each in its own way.
    static let failing = """
          ends: { compose: { image: "devinit-lab/base:12", command: [sh, -c, "echo it was so; exit 7"], restart: "no" } }
          absent: { compose: { image: "devinit-lab/absent:1", pull_policy: never } }
          unknown: { compose: { image: "OPEN/x/unknown:1" } }
          elsewhere: { compose: { image: "OPEN/x/elsewhere:1" } }
          private: { compose: { image: "CLOSED/x/tiny:1" } }
          sick:
            compose:
              image: devinit-lab/base:12
              command: [sleep, infinity]
              stop_grace_period: 1s
              healthcheck: { test: [CMD, sh, -c, "echo not yet; exit 1"], interval: 1s, retries: 2, start_period: 0s }
            health: { timeout: 4s }

        """

    /// A project of its own, taken away at the end whatever happened.
    static func withWorkspace(
        _ manifest: String, environment: [String: String], _ body: (Workspace) async throws -> Void
    ) async throws {
        try require(.podman)
        let name = "e2e-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        let workspace = try Workspace(
            manifest.replacing("WORKSPACE", with: name), files: [".gitignore": ".env\n"],
            environment: Lab.podman.merging(environment) { $1 })
        func sweep() async throws {
            try await workspace.shell(
                """
                filter="label=com.docker.compose.project=\(name)"
                podman ps -aq --filter "$filter" | xargs -r podman rm -fv -t 0 >/dev/null
                podman volume ls -q --filter "$filter" | xargs -r podman volume rm -f >/dev/null
                podman network ls -q --filter "$filter" | xargs -r podman network rm >/dev/null
                """)
        }
        do { try await body(workspace) } catch {
            try? await sweep()
            throw error
        }
        try await sweep()
    }

    @Test func `services on Podman come up healthy without systemd, and do all that they do on Docker`() async throws {
        let parts = Self.manifest.split(separator: "env_files:", maxSplits: 1)
        let registries = try ImageRegistries()
        let failing = Self.failing.replacing("OPEN", with: registries.open).replacing("CLOSED", with: registries.closed)
        let broken = parts[0].trimmingSuffix(of: " ") + failing + "env_files:" + parts[1]
        let compose = ["DOCKER_CONFIG": Lab.environment["DOCKER_CONFIG"] ?? ""]
        try await Self.withWorkspace(broken, environment: compose) { workspace in
            try await workspace.shell("git init -q .")
            let first = try await workspace.up("--json").expect(status: 1)
            #expect(
                try first.members("nodes", "status").filter { $0.value == "failed" }.keys.sorted() == [
                    "service:absent", "service:elsewhere", "service:ends", "service:private", "service:sick",
                    "service:unknown",
                ], "\(first)")
            let reasons = try first.members("nodes", "reason")
            #expect(reasons["service:ends"]?.contains("ended with exit status 7") == true, "\(reasons)")
            #expect(reasons["service:absent"]?.contains("is not on this machine") == true, "\(reasons)")
            #expect(reasons["service:sick"]?.contains("did not get healthy within 4.0s") == true, "\(reasons)")
            #expect(reasons["service:unknown"]?.contains("is not there, or needs a login") == true, "\(reasons)")
            #expect(reasons["service:elsewhere"]?.contains("is not made for this machine's") == true, "\(reasons)")
            #expect(reasons["service:private"]?.contains("the registry wants a login") == true, "\(reasons)")
            #expect(first.stderr.contains("it was so"), "\(first)")
            try workspace.write(
                "init.yaml", broken.replacing(failing, with: "").replacing("WORKSPACE", with: name(of: workspace)))

            try await workspace.up().expect(
                stderr: "note: …-sick-1 runs on for 'sick', which the manifest no longer has…up to date (…", status: 0)
            let log = try await workspace.devinit("logs", "step:ask").expect(status: 0)
            #expect(log.stdout.contains("+PONG"), "\(log)")
            let status = try await workspace.devinit("status", "--json").expect(status: 0).json()["services"]?.array
            for service in status ?? [] {
                #expect(service["state"]?.string == "running" && service["health"]?.string == "healthy", "\(service)")
            }
            #expect(status?.count == 2)
            try await workspace.devinit("logs", "redis").expect(stdout: "…eady to accept connections…", status: 0)
            try await workspace.devinit("trust").expect(status: 0)
            try await workspace.devinit("exec", "redis", "--", "redis-cli", "set", "kept", "yes").expect(
                stdout: "OK", status: 0)
            try await workspace.devinit("exec", "redis", "--", "sh", "-c", "exit 3").expect(status: 3)
            try await workspace.devinit("restart", "redis").expect(status: 0)
            try await workspace.devinit("data", "save", "seeded", "redis").expect(status: 0)
            try await workspace.devinit("exec", "redis", "--", "redis-cli", "del", "kept").expect(status: 0)
            try await workspace.devinit("data", "load", "seeded", "--replace").expect(status: 0)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("exec", "redis", "--", "redis-cli", "get", "kept").expect(
                stdout: "yes", status: 0)
            try await workspace.devinit("down").expect(stderr: "…stopped: …", status: 0)
            #expect(
                try await workspace.shell("podman ps -q --filter label=dev.devinit.workspace=\(workspace.root)") == "")
            try await workspace.devinit("down", "--volumes").expect(stderr: "…_postgres-data…", status: 0)
        }
    }

    private func name(of workspace: Workspace) -> String {
        let line = workspace.text("init.yaml")?.split(separator: "\n").first { $0.hasPrefix("workspace:") }
        return String(line?.dropFirst("workspace: ".count) ?? "")
    }
}

extension Substring {
    /// Without the spaces at the end.
    fileprivate func trimmingSuffix(of character: Character) -> String {
        String(self[..<(lastIndex { $0 != character }.map(index(after:)) ?? startIndex)])
    }
}
