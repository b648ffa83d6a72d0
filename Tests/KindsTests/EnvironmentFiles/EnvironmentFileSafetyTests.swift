import Base
import Execution
import Foundation
import Git
import HostInterfaces
import Secrets
import State
import Testing

@testable import Kinds

@Suite struct EnvironmentFileSafetyTests {
    static let secret = """
        version: 1
        secrets: {pw: {generate: hex, length: 24}}
        env_files:
          PATH: {set: {PASSWORD: "${secrets.pw}"}}
        """

    static func workspace(_ path: String, files: [String: String] = [:]) throws -> WorkspaceFixture {
        try WorkspaceFixture(secret.replacingOccurrences(of: "PATH:", with: "\"\(path)\":"), files: files)
    }

    func shell(_ script: String, in workspace: WorkspaceFixture) async throws {
        let result = try await workspace.host.processes.run(
            ProcessRequest(
                ["bash", "-euc", script], environment: workspace.host.environment, folder: workspace.root),
            onOutput: nil)
        try #require(result.succeeded, "\(String(decoding: result.errorOutput, as: UTF8.self))")
    }

    func mode(_ path: String, _ workspace: WorkspaceFixture) throws -> UInt16? {
        try workspace.host.files.status(of: workspace.root / path, followingLinks: false)?.mode
    }

    @Test func `a file with a secret is for its owner alone, also when it was open before`() async throws {
        let workspace = try Self.workspace("conf/app.env")
        try await workspace.up()
        #expect(try mode("conf/app.env", workspace) == 0o600)
        try workspace.host.files.setMode(of: workspace.root / "conf/app.env", to: 0o644)
        #expect(try await workspace.plan()["env:conf/app.env"] == .work(.update, "its mode is 0644, not 0600"))
        try await workspace.up()
        #expect(try mode("conf/app.env", workspace) == 0o600)
    }

    @Test func `a file without a secret has an ordinary mode`() async throws {
        let workspace = try WorkspaceFixture(
            "version: 1\nenv_files: {a.env: {set: {A: 1}}, b.env: {set: {A: 1}, mode: 0640}}")
        try await workspace.up()
        #expect(try mode("a.env", workspace) == 0o644)
        #expect(try mode("b.env", workspace) == 0o640)
    }

    @Test(arguments: ["../x.env", "a/../../x.env", "/etc/x.env", "."])
    func `a path that leaves the workspace is an error of the manifest`(path: String) throws {
        let problems = try Self.workspace(path).problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains("leads out of the workspace") == true)
    }

    @Test func `a link that leaves the workspace is not written through`() async throws {
        let workspace = try Self.workspace("conf/app.env")
        let outside = workspace.base / "outside"
        try workspace.host.files.makeFolder(outside, mode: 0o755)
        try workspace.host.files.makeLink(at: workspace.root / "conf", to: outside.text)
        let failure = try #require(try await workspace.up()["env:conf/app.env"]?.failure)
        #expect(failure.message.contains("leads out of the workspace"))
        #expect(try workspace.host.files.entries(of: outside).isEmpty)

        let second = try Self.workspace("app.env")
        let target = second.base / "victim"
        try second.host.files.replace(target, with: Array("A=1\n".utf8), mode: 0o644)
        try second.host.files.makeLink(at: second.root / "app.env", to: "../victim")
        var settings = RunSettings(jobs: 1)
        settings.take = "manifest"
        #expect(try await second.up(settings: settings)["env:app.env"]?.status == .failed)
        #expect(second.host.files.text(of: target) == "A=1\n")
    }

    @Test func `a link inside the workspace is written through and stays a link`() async throws {
        let workspace = try Self.workspace("app.env", files: ["shared/real.env": ""])
        try workspace.host.files.makeLink(at: workspace.root / "app.env", to: "shared/real.env")
        #expect(try await workspace.up()["env:app.env"]?.status == .done)
        #expect(try workspace.host.files.linkTarget(of: workspace.root / "app.env") == "shared/real.env")
        #expect(workspace.text("shared/real.env")?.hasPrefix("PASSWORD=") == true)
    }

    @Test func `a secret is not written where git would take it along`() async throws {
        let workspace = try Self.workspace("api/.env")
        try await shell("git init -q api", in: workspace)
        let failure = try #require(try await workspace.up()["env:api/.env"]?.failure)
        #expect(failure.message == "api/.env holds a secret and git does not ignore it, so it is not written")
        #expect(failure.remedy == "add /.env to api/.gitignore")
        #expect(!workspace.exists("api/.env"))
        try workspace.write("api/.gitignore", ".env\n")
        #expect(try await workspace.up()["env:api/.env"]?.status == .done)
    }

    /// gitignore(5), "DESCRIPTION": what decides, from the strongest to the weakest.
    @Test(arguments: [
        ("echo .env >deep/.gitignore", true), ("echo deep/.env >.gitignore", true),
        ("echo '*.env' >.git/info/exclude", true),
        ("printf '[core]\nexcludesFile = ~/global' >>.git/config; echo .env >../../home/global", true),
        ("mkdir -p ../../home/.config/git; echo .env >../../home/.config/git/ignore", true),
        ("echo .env >.gitignore; echo '!.env' >deep/.gitignore", false), ("echo /.env >.gitignore", false),
        ("echo deep/ >.gitignore; echo '!.env' >deep/.gitignore", true), ("echo .ENV >.gitignore", false),
    ])
    func `whether git ignores a place is git's own to say`(rules: String, isIgnored: Bool) async throws {
        let workspace = try Self.workspace("api/deep/.env")
        try await shell("git init -q api; mkdir api/deep; cd api; \(rules)", in: workspace)
        let result = try await workspace.up()["env:api/deep/.env"]
        #expect((result?.status == .done) == isIgnored, "\(String(describing: result))")
    }

    @Test func `an ignored file that is tracked all the same is refused`() async throws {
        let workspace = try Self.workspace("api/.env", files: ["api/.gitignore": ".env\n", "api/.env": ""])
        try await shell("git init -q api; git -C api add -f .env", in: workspace)
        let failure = try #require(try await workspace.up()["env:api/.env"]?.failure)
        #expect(failure.message == "api/.env holds a secret and is tracked by git, so it is not written")
        #expect(workspace.text("api/.env") == "")
    }

    @Test func `a full disk leaves the old file as it was`() async throws {
        let workspace = try WorkspaceFixture("version: 1\nenv_files: {disk/.env: {set: {A: two}}}")
        let disk = workspace.root / "disk"
        try workspace.host.files.makeFolder(disk, mode: 0o755)
        let mount = try await workspace.host.processes.run(
            ProcessRequest(
                ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.text],
                environment: workspace.host.environment, folder: workspace.root), onOutput: nil)
        guard mount.succeeded else { return }  // Only root may mount.
        try workspace.write("disk/.env", "# mine\n")
        try await shell("head -c 1M /dev/zero > disk/filler || true", in: workspace)
        let result = try await workspace.up()["env:disk/.env"]
        let text = workspace.text("disk/.env")
        try await shell("umount disk", in: workspace)
        #expect(result?.failure?.message.contains("can't be written") == true)
        #expect(text == "# mine\n")
    }

    @Test func `a folder that can't be written is named with what to do`() async throws {
        let workspace = try WorkspaceFixture("version: 1\nenv_files: {ro/.env: {set: {A: two}}}")
        let folder = workspace.root / "ro"
        try workspace.host.files.makeFolder(folder, mode: 0o755)
        let mount = try await workspace.host.processes.run(
            ProcessRequest(
                ["mount", "-t", "tmpfs", "-o", "ro", "none", folder.text],
                environment: workspace.host.environment, folder: workspace.root), onOutput: nil)
        guard mount.succeeded else { return }  // Only root may mount.
        let failure = try await workspace.up()["env:ro/.env"]?.failure
        try await shell("umount ro", in: workspace)
        #expect(failure?.message.hasPrefix("ro/.env can't be written: ") == true)
    }

    @Test func `a file for secrets can't be stated open to all`() throws {
        let text = Self.secret.replacingOccurrences(of: "PATH:", with: "a.env:")
            .replacingOccurrences(of: "\"${secrets.pw}\"}", with: "\"${secrets.pw}\"}, mode: 0644")
        #expect(
            try WorkspaceFixture(text).problems == ["4: a file with a secret can't be open to everybody on the machine"]
        )
    }

    @Test func `keys, unset and dialects that contradict or are unknown are reported`() throws {
        let problems = try WorkspaceFixture(
            """
            version: 1
            defaults: {env_files: {dialects: [shh]}}
            env_files:
              a.env:
                set: {A: 1, "not a name": 2}
                unset: [A]
                dialects: [compse]
            """
        ).problems
        #expect(problems.count == 4, "\(problems)")
    }
}

@Suite struct EnvironmentFileDriftTests {
    @Test(arguments: ["changeme", "<your-key>", "CHANGE_ME", "xxxx", "your_api_key", "TODO"])
    func `what a person was to replace is a placeholder`(value: String) { #expect(Placeholder.isOne(value)) }

    @Test(arguments: ["", "x", "a<b>", "https://your-host.example", "secret", "todo-list", "<a b>"])
    func `what somebody may mean is none`(value: String) { #expect(!Placeholder.isOne(value)) }

    @Test func `missing, unknown, empty and placeholder keys are told apart`() async throws {
        let workspace = try WorkspaceFixture(
            """
            version: 1
            env_files: {.env: {from: e, set: {URL: x}}}
            """,
            files: ["e": "A=1\n# required\nB=\nC=\nD=changeme\nE=5\n", ".env": "A=\nB=\nC=\nD=changeme\nURL=x\nZ=1\n"])
        let drift = try #require(try workspace.drift().first)
        #expect(drift.missing == ["E"])
        #expect(drift.undeclared == ["Z"])
        #expect(drift.empty == ["A", "B"])
        #expect(drift.placeholders == ["D"])
        #expect(drift.needsWork)
    }
}

extension WorkspaceFixture {
    fileprivate func drift() throws -> [EnvironmentFileDrift] {
        let (workspace, _) = read()
        let folder = StateFolder(host: host, workspaceRoot: root)
        let run = RunWorkspace(
            host: host, workspace: workspace, values: Values(mask: SecretMask()),
            journal: .readOnly(in: folder, host: host), settings: RunSettings(jobs: 1),
            parts: RunParts(
                git: GitWork(host: host, worker: nil), engines: ServiceEngines(host: host),
                hashes: FileHashes(root: root, host: host), keyedHash: nil,
                receipts: OnceReceipts(in: folder, host: host)),
            reporter: { _ in .silent })
        return EnvironmentFiles.drift(Set(workspace.order), in: run)
    }
}
