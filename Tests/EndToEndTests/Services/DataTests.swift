import Base
import Foundation
import HostInterfaces
import Testing

/// Snapshots of a real database.
@Suite(.needs(.engine)) struct DataTests {
    private static let manifest = InstanceEngineTests.manifest.replacing("port: PORT", with: "port: auto")

    private func withSeeded(_ body: (Workspace, String) async throws -> Void) async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest, files: [".gitignore": ".env\n"]) { workspace in
            try await workspace.shell("git init -q .")
            let name = String(try #require(workspace.text("init.yaml")?.firstMatch(of: /workspace: (\S+)/)?.output.1))
            try await workspace.devinit("trust").expect(status: 0)
            try await workspace.up().expect(status: 0)
            func sweep() async throws {
                try await workspace.shell(
                    """
                    docker ps -aq --filter label=dev.devinit.copy=\(workspace.root) | xargs -r docker rm -fv >/dev/null
                    docker volume ls -q --filter name=\(name)_snapshot | xargs -r docker volume rm -f >/dev/null
                    """)
            }
            do { try await body(workspace, name) } catch {
                try? await sweep()
                throw error
            }
            try await sweep()
        }
    }

    private func rows(_ workspace: Workspace, _ name: String, _ statement: String = "") async throws -> String {
        try await workspace.shell(
            "docker exec \(name)-postgres-1 psql -h 127.0.0.1 -U postgres -d app -Atc \"\(statement) select count(*) from made\""
        ).split(separator: "\n").last.map(String.init) ?? ""
    }

    @Test func `a seeded database comes back with its rows, and up finds the seed done`() async throws {
        try await withSeeded { workspace, name in
            #expect(try await rows(workspace, name) == "1")
            let saved = try await workspace.devinit("data", "save", "seeded", "postgres", "--json").expect(status: 0)
            #expect(try saved.json()["schema"] == "devinit.data/1")
            #expect(try saved.json()["saved"]?[0]?["service"] == "postgres")
            #expect(try await rows(workspace, name, "insert into made values ('x');") == "2")
            try await workspace.devinit("data", "save", "seeded", "postgres").expect(
                stderr: "…there is a snapshot 'seeded'…--replace…", status: 78)
            try await workspace.devinit("data", "load", "seeded", "-y").expect(stderr: "…--replace…", status: 78)
            #expect(try await rows(workspace, name) == "2", "nobody agreed to lose it")

            try await workspace.devinit("data", "load", "seeded", "--replace", "--json").expect(status: 0)
            #expect(try await rows(workspace, name) == "1")
            try await workspace.up().expect(stderr: "up to date…", status: 0)

            try await workspace.devinit("down", "--volumes").expect(status: 0)
            try await workspace.devinit("data", "load", "seeded").expect(status: 0)
            #expect(try await rows(workspace, name) == "1")
            try await workspace.up().expect(stderr: "…done…", status: 0)
            #expect(try await rows(workspace, name) == "1", "it was seeded again")

            let list = try await workspace.devinit("data", "--json").expect(status: 0).json()
            #expect(list["snapshots"]?.array?.count == 1, "\(list)")
            try await workspace.devinit("data", "delete", "seeded").expect(status: 0)
            #expect(try await workspace.shell("docker volume ls -q --filter name=\(name)_snapshot").isEmpty)
            try await workspace.devinit("data", "load", "seeded").expect(stderr: "…no snapshot 'seeded'…", status: 1)
        }
    }

    @Test func `what was done after the saving is done again after loading, also in another instance`() async throws {
        try await withSeeded { workspace, name in
            try await workspace.shell(
                "docker exec \(name)-postgres-1 psql -h 127.0.0.1 -U postgres -d app -c 'drop table made'")
            // As it was before anything was seeded.
            let text = try #require(workspace.text("init.yaml"))
            try workspace.write("init.yaml", text.replacing("once: { per: postgres }", with: "manual: true"))
            try await workspace.devinit("trust").expect(status: 0)
            try await workspace.devinit("down", "--volumes").expect(status: 0)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("data", "save", "empty", "postgres").expect(status: 0)
            try workspace.write("init.yaml", text)
            try await workspace.devinit("trust").expect(status: 0)
            try await workspace.up().expect(stderr: "…[step:seed]…done…", status: 0)
            try await workspace.devinit("data", "save", "seeded", "postgres").expect(status: 0)
            try await workspace.devinit("data", "load", "empty", "--replace").expect(status: 0)
            try await workspace.up().expect(stderr: "…[step:seed]…done…", status: 0)
            #expect(try await rows(workspace, name) == "1")

            try await workspace.devinit("data", "load", "seeded", "--instance", "b").expect(status: 0)
            #expect(try await rows(workspace, name + "-b") == "1")
            try await workspace.devinit("plan", "seed", "--instance", "b").expect(
                stdout: "…step:seed…up to date…done once…", status: 0)
            try await workspace.devinit("down", "--volumes", "--instance", "b").expect(status: 0)
        }
    }

    @Test func `a save that is killed leaves no snapshot, and one that is interrupted starts the service again`()
        async throws
    {
        try await withSeeded { workspace, name in
            // Enough that the copy takes a while.
            try await workspace.shell(
                "docker exec \(name)-postgres-1 bash -c 'head -c 1500000000 /dev/zero >/var/lib/postgresql/data/ballast'"
            )
            let copying = "docker ps -q --filter label=dev.devinit.copy=\(workspace.root)"
            let killed = workspace.start("data", "save", "half", "postgres")
            #expect(try await appears(copying, workspace))
            try await killed.signal(SIGKILL)
            _ = try await killed.ended()
            let list = try await workspace.devinit("data", "list", "--json").expect(status: 0).json()
            #expect(list["snapshots"]?.array?.isEmpty == true, "\(list)")
            try await workspace.devinit("data", "load", "half", "--replace").expect(status: 1)

            try await workspace.up().expect(status: 0)
            // What the killed one began goes on by itself.
            #expect(try await eventually { try await workspace.shell(copying).isEmpty })
            let interrupted = workspace.start("data", "save", "half", "postgres")
            #expect(try await appears(copying, workspace))
            try await interrupted.signal(SIGINT)
            try await interrupted.ended().expect(status: 130)
            #expect(try await rows(workspace, name) == "1", "it does not run again")
            #expect(try await workspace.shell(copying).isEmpty)

            try await workspace.devinit("data", "save", "whole", "postgres").expect(status: 0)
            let parts = try await workspace.shell("docker volume ls -q --filter name=\(name)_snapshot")
            #expect(parts.split(separator: "\n").count == 2, "what was cut short is still there: \(parts)")

            let loading = workspace.start("data", "load", "whole", "--replace")
            #expect(try await appears(copying, workspace))
            try await loading.signal(SIGKILL)
            _ = try await loading.ended()
            try await workspace.up().expect(stderr: "…is not whole…data load whole postgres --replace…", status: 1)
            try await workspace.devinit("data", "load", "whole", "postgres", "--replace").expect(status: 0)
            #expect(try await rows(workspace, name) == "1")
            try await workspace.up().expect(status: 0)
        }
    }

    private func appears(_ script: String, _ workspace: Workspace) async throws -> Bool {
        try await eventually { try await !workspace.shell(script).isEmpty }
    }

    private func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1000 {
            if try await holds() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
