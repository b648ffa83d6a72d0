import Base
import HostInterfaces
import Testing

/// The real `secret-tool` with a real GNOME Keyring, on a session bus of its own.
@Suite(.needs(.keyring)) struct KeychainTests {
    static let manifest = """
        version: 1
        defaults: { secret_store: keychain }
        secrets:
          made: { generate: hex }
          key: { prompt: Key, optional: true }
        env_files: { .env: { set: { MADE: "${secrets.made}", KEY: "${secrets.key}" } } }
        """

    /// Runs a script with `$devinit` on a bus of its own; with `unlocked` a keyring answers there.
    private func session(_ script: String, unlocked: Bool = true, in workspace: Workspace) async throws -> String {
        let start = unlocked ? "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n" : ""
        try workspace.write("../session.sh", "devinit='\(Programs.devinit)'\n" + start + script)
        let ended = try await workspace.run(
            ["dbus-run-session", "--", "sh", "../session.sh"],
            environment: [
                "XDG_RUNTIME_DIR": (workspace.folder / "runtime").text, "HOME": (workspace.folder / "home").text,
            ])
        return ended.stdout
    }

    private func workspace() throws -> Workspace {
        try require(.keyring)
        let workspace = try Workspace(Self.manifest)
        try workspace.host.files.makeFolder(workspace.folder / "runtime", mode: 0o700)
        return workspace
    }

    @Test func `a run keeps its secrets in the keyring and finds them there again`() async throws {
        let workspace = try workspace()
        let said = try await session(
            """
            $devinit up 2>&1; echo "up: $?"; cat .env; $devinit up 2>&1; echo "again: $?"
            printf 'a value by hand' | $devinit secrets set key 2>&1; $devinit plan 2>&1
            $devinit secrets 2>&1; $devinit secrets rotate made 2>&1; cat .env
            $devinit secrets forget made key 2>&1; $devinit secrets 2>&1; $devinit up 2>&1; cat .env
            """, in: workspace)
        #expect(said.contains("up: 0") && said.contains("again: 0"), "\(said)")
        let values = said.matches(of: /MADE=([0-9a-f]{32})/).map { String($0.output.1) }
        #expect(values.count == 3 && Set(values).count == 3, "\(said)")
        #expect(said.contains("stored in keychain") && said.contains("secret:made  up to date  stored"), "\(said)")
        #expect(said.contains("KEY=\"a value by hand\"") || said.contains("KEY='a value by hand'"), "\(said)")
        let file = try await workspace.shell("cat ../state/devinit/workspaces/*/secrets.json")
        for value in values + ["a value by hand"] { #expect(!file.contains(value)) }
        #expect(file.contains("\"in\": \"keychain\""))
    }

    @Test func `without a keyring nothing is generated anew and nothing falls back to a file`() async throws {
        let workspace = try workspace()
        _ = try await session("$devinit up; cat .env", in: workspace)
        let before = try #require(workspace.text(".env"))
        // The keyring of another session is locked: nobody gave its password.
        let said = try await session(
            "$devinit up 2>&1; echo \"up: $?\"; $devinit plan 2>&1", unlocked: false, in: workspace)
        #expect(
            said.contains("the keychain") && said.contains("secret_store: file") && said.contains("up: 78"), "\(said)")
        #expect(workspace.text(".env") == before)
        try await workspace.up().expect(stderr: "…the keychain did not give the secret 'made'…", status: 78)
        #expect(workspace.text(".env") == before)
    }
}
