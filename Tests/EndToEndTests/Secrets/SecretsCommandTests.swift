import Base
import HostInterfaces
import Testing

/// `secrets`: a value never appears, never travels as an argument, and reaches every file that holds it.
@Suite struct SecretsCommandTests {
    static let manifest = """
        version: 1
        secrets:
          made: { generate: hex }
          key: { prompt: Stripe key, pattern: "sk_[a-z]+", optional: true }
          fetched: { command: "echo of-a-command" }
        env_files:
          .env: { set: { MADE: "${secrets.made}", KEY: "${secrets.key}", OTHER: plain } }
        services:
          server: { native: { run: "exec sleep 600", env: { MADE: "${secrets.made}" } } }
        steps:
          use: { run: "echo used", env: { KEY: "${secrets.key}" } }
        """

    /// What the env file has for a key.
    private func value(_ key: String, in workspace: Workspace) -> String? {
        workspace.text(".env")?.split(separator: "\n").first { $0.hasPrefix("\(key)=") }
            .map { String($0.dropFirst(key.utf8.count + 1)) }
    }

    private func set(
        _ name: String, to value: String, _ words: String..., in workspace: Workspace
    ) async throws -> Ended {
        try await workspace.run(
            [Programs.devinit.text, "secrets", "set", name] + words, input: .bytes(Array(value.utf8)))
    }

    @Test func `the list tells who uses a secret and where it is kept, and no value`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.devinit("secrets").expect(
            stdout: """
                secret   source                      state                used by
                made     generated: hex, 32          not made yet         env:.env, service:server
                key      asked for                   not given            env:.env, step:use
                fetched  command: echo of-a-command  fetched when needed  nothing
                """, status: 0)
        try await set("key", to: "sk_abcdefgh\n", in: workspace).expect(stderr: "stored: key", status: 0)
        try await workspace.up("env:.env").expect(status: 0)
        let list = try await workspace.devinit("secrets", "list", "--json").expect(status: 0)
        #expect(try list.json()["schema"]?.string == "devinit.secrets/1")
        #expect(
            try list.members("secrets", by: "name", "state")
                == ["made": "stored", "key": "stored", "fetched": "fetched"])
        #expect(try list.json()["secrets"]?[0]?["stored_in"]?.string?.hasPrefix("<folder>/state/") == true)
        let made = try #require(value("MADE", in: workspace))
        #expect(made.count == 32 && !list.stdout.contains(made) && !list.stdout.contains("sk_abcdefgh"))
    }

    @Test func `a value that is handed over is checked, and reaches the env file without a word of it`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up("env:.env").expect(status: 0)
        try await workspace.devinit("trust").expect(status: 0)
        try await set("key", to: "no such form", in: workspace).expect(
            stderr: "error: the value on standard input can't be 'key': it must match sk_[a-z]+", status: 78)
        try await set("key", to: "", in: workspace).expect(stderr: "…it is empty", status: 78)
        let ended = try await set("key", to: "sk_abcdefgh\n", in: workspace).expect(status: 0)
        #expect(value("KEY", in: workspace) == "sk_abcdefgh" && value("OTHER", in: workspace) == "plain")
        #expect(!(ended.stdout + ended.stderr).contains("abcdefgh"))
        try await set("fetched", to: "x", in: workspace).expect(
            stderr: "…does not keep the secret 'fetched': it comes from command:…", status: 1)
        try await set("mad", to: "x", in: workspace).expect(stderr: "…did you mean 'made'?", status: 1)
        try await workspace.devinit("secrets", "set", "key", "sk_onthecommandline").expect(
            stderr: "error: 'secrets set' takes one name…", status: 64)
    }

    @Test func `a rotated secret is new in the env file, and what runs with the old one is named`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("trust").expect(status: 0)
        let before = try #require(value("MADE", in: workspace))
        let ended = try await workspace.devinit("secrets", "rotate", "made").expect(
            stderr: "rotated: made\n…until they start anew: server\n  devinit up server…", status: 0)
        let after = try #require(value("MADE", in: workspace))
        #expect(after != before && after.count == 32)
        #expect(!(ended.stdout + ended.stderr).contains(after) && !ended.stderr.contains(before))
        try await workspace.devinit("up").expect(stderr: "…[service:server] update:…", status: 0)
        let document = try await workspace.devinit("secrets", "rotate", "made", "--json").expect(status: 0).json()
        #expect(document["changed"]?[0]?.string == "made" && document["env_files"]?[0]?["status"]?.string == "done")
        #expect(document["services_with_old_value"]?[0]?.string == "server")
        #expect(value("MADE", in: workspace) != after)
        try await workspace.devinit("secrets", "rotate", "key").expect(
            stderr: "error: a person must give the secret 'key'…", status: 78)
        try await workspace.devinit("down").expect(status: 0)
    }

    @Test func `a key that the developer changed keeps his value when its secret is rotated`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up("env:.env").expect(status: 0)
        try await workspace.devinit("trust").expect(status: 0)
        try workspace.write(".env", try #require(workspace.text(".env")).replacing(/MADE=.*/, with: "MADE=mine") + "\n")
        try await workspace.devinit("secrets", "rotate", "made").expect(status: 0)
        #expect(value("MADE", in: workspace) == "mine")
    }

    @Test func `nothing is executed for a rotation that nobody approved, and nothing is stored`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up("env:.env").expect(status: 0)
        let before = value("MADE", in: workspace)
        try await workspace.devinit("secrets", "rotate", "made").expect(status: 77)
        try await workspace.up("env:.env").expect(status: 0)
        #expect(value("MADE", in: workspace) == before)
    }

    @Test func `a check that nobody approved is not executed to see who has a secret`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await set("key", to: "sk_abcdefgh", in: workspace).expect(status: 0)
        try await workspace.up("service:server").expect(status: 0)
        try workspace.remove(".env")
        let checked = Self.manifest.replacing("} } }\nsteps", with: "} }, health: { command: touch executed } }\nsteps")
        try #require(checked.contains("touch executed"))
        try workspace.write("init.yaml", checked)
        try await set("key", to: "sk_another", in: workspace).expect(stderr: "stored: key…", status: 0)
        #expect(!workspace.exists("executed"))
        try await workspace.devinit("down").expect(status: 0)
    }

    @Test func `a forgotten secret is made anew by the next up`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.up("env:.env").expect(status: 0)
        let before = value("MADE", in: workspace)
        try await workspace.devinit("secrets", "forget", "made", "key").expect(
            stderr: "…note: key was not stored\nforgotten: made\n…the old one stands in .env", status: 0)
        #expect(value("MADE", in: workspace) == before)
        try await workspace.up("env:.env").expect(status: 0)
        #expect(value("MADE", in: workspace) != before)
    }

    @Test func `a secret that the manifest no longer has is listed and can be forgotten`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await set("key", to: "sk_abcdefgh", in: workspace).expect(status: 0)
        try workspace.write("init.yaml", "version: 1\n")
        try await workspace.devinit("secrets").expect(stdout: "…key     not in the manifest  stored…", status: 0)
        try await workspace.devinit("secrets", "forget", "key").expect(status: 0)
        try await workspace.devinit("secrets").expect(stderr: "this manifest has no secrets", status: 0)
    }

    @Test(.needs(.script)) func `on a terminal a new value is asked for until it may stand`() async throws {
        try require(.script)
        let workspace = try Workspace(Self.manifest)
        try await workspace.terminal("secrets", "set", "key", typing: "wrong\nsk_typedbyhand\n").expect(
            stdout: "…Stripe key: …it must match sk_[a-z]+…Stripe key: …stored: key…", status: 0)
    }
}
