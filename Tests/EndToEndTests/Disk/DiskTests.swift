import HostInterfaces
import Base
import Foundation
import Testing

/// A file system of its own, mounted for one test. Needs root.
final class Mount: Sendable {
    let folder: Path

    /// `size` as `mount` takes it: `64k`.
    init(size: String) throws {
        folder = Path(
            "\(NSTemporaryDirectory())/devinit-mount-\(UInt64.random(in: 0...UInt64.max))".replacing("//", with: "/"))
        try FileManager.default.createDirectory(atPath: folder.text, withIntermediateDirectories: true)
        try Mount.mount(["-t", "tmpfs", "-o", "size=\(size),mode=755", "tmpfs", folder.text])
    }

    func makeReadOnly() throws { try Mount.mount(["-o", "remount,ro", folder.text]) }
    func makeWritable() throws { try Mount.mount(["-o", "remount,rw", folder.text]) }

    deinit {
        try? Mount.call("umount", ["-l", folder.text])
        try? FileManager.default.removeItem(atPath: folder.text)
    }

    private static func mount(_ words: [String]) throws { try call("mount", words) }

    private static func call(_ name: String, _ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + words
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Missing(what: "\(name) \(words.joined(separator: " "))") }
    }
}

/// A full disk and one that can't be written: a clear error, nothing lost, and the next `up` goes on.
@Suite(.serialized) struct DiskTests {
    static let manifest = """
        version: 1
        steps:
          first: { run: "echo x >>$COUNTS/first", inputs: [in], env: { COUNTS: "${COUNTS}" } }
          second: { run: "echo x >>$COUNTS/second", inputs: [in], needs: [first], env: { COUNTS: "${COUNTS}" } }
        """

    @Test(.needs(.root)) func `a full disk under the records fails plainly and loses none`() async throws {
        try require(.root)
        let mount = try Mount(size: "128k")
        let workspace = try Workspace(
            Self.manifest, files: ["in": "1"],
            environment: ["XDG_STATE_HOME": (mount.folder / "state").text])
        try await workspace.shell("mkdir \(workspace.folder)/c")
        let environment = ["COUNTS": "\(workspace.folder)/c"]
        try await workspace.up(environment: environment).expect(status: 0)

        try await workspace.shell("dd if=/dev/zero of=\(mount.folder)/fill bs=1k 2>/dev/null || true")
        try workspace.write("in", "2")
        let full = try await workspace.up(environment: environment).expect(status: 1)
        #expect(full.stderr.contains("No space left on device"), "\(full)")
        #expect(full.stderr.contains("free some space"), "\(full)")

        try await workspace.shell("rm \(mount.folder)/fill")
        try await workspace.up(environment: environment).expect(status: 0)
        try await workspace.up(environment: environment).expect(stderr: "up to date (…", status: 0)
    }

    @Test(.needs(.root))
    func `a full disk under the workspace fails plainly, loses nothing, and the next up completes`()
        async throws
    {
        try require(.root)
        let mount = try Mount(size: "256k")
        let manifest = """
            version: 1
            env_files:
              .env: { set: { A: "${A_VALUE}" } }
            steps:
              copy: { run: "head -c 50000 in >out", inputs: [in], outputs: [out] }
            """
        let workspace = try Workspace(
            manifest, files: ["in": "1"], environment: ["A_VALUE": "first"], root: mount.folder / "work")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text(".env")?.contains("A=first") == true)
        try workspace.write("in", String(repeating: "x", count: 50_000))
        try await workspace.shell("dd if=/dev/zero of=\(mount.folder)/fill bs=1k 2>/dev/null || true")
        let long = String(repeating: "y", count: 20_000)
        let full = try await workspace.up(environment: ["A_VALUE": long]).expect(status: 1)
        #expect(full.stderr.contains("✗ env:.env"), "\(full)")
        #expect(full.stderr.contains("to do: ") && full.stderr.contains("skipped because of it: step:copy"), "\(full)")
        let onlyStep = try await workspace.devinit("up", "--trust", "--only", "copy").expect(status: 1)
        #expect(onlyStep.stderr.contains("✗ step:copy"), "\(onlyStep)")
        #expect(full.stderr.contains("No space left on device"), "\(full)")
        #expect(workspace.text(".env")?.contains("A=first") == true, "the file as it was is lost")
        try await workspace.shell("rm \(mount.folder)/fill; test -z \"$(find . -name '.env?*')\"")
        try await workspace.up(environment: ["A_VALUE": long]).expect(status: 0)
        #expect(workspace.text("out")?.count == 50_000)
        #expect(workspace.text(".env")?.contains("A=" + long) == true)
    }

    @Test(.needs(.root)) func `a workspace that can't be written is said before anything runs`() async throws {
        try require(.root)
        let mount = try Mount(size: "1m")
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"touch $HOME/ran\" }\n", root: mount.folder / "work")
        try mount.makeReadOnly()
        try await workspace.devinit("plan").expect(stdout: "step:a…", status: 0)
        try await workspace.up().expect(
            stdout: "", stderr: "…error: devinit can't write below <root>/.devinit: …Read-only file system…= …",
            status: 1)
        #expect(!workspace.host.files.exists(workspace.folder / "home/ran"))
        try mount.makeWritable()
        try await workspace.up().expect(status: 0)
    }

    @Test(.needs(.root)) func `a state folder that can't be written is said with the way out`() async throws {
        try require(.root)
        let mount = try Mount(size: "1m")
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: touch ran }\n",
            environment: ["XDG_STATE_HOME": (mount.folder / "state").text])
        try mount.makeReadOnly()
        try await workspace.devinit("plan").expect(status: 0)
        let ended = try await workspace.up("--json").expect(
            stderr: "error: …Read-only file system…XDG_STATE_HOME…", status: 1)
        #expect(try ended.json()["problems"] != nil)
        #expect(!workspace.exists("ran"))
        try await workspace.devinit("trust").expect(stderr: "…Read-only file system…", status: 1)
    }
}
