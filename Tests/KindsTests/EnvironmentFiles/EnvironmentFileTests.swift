import Base
import Execution
import Foundation
import HostInterfaces
import State
import Testing

@testable import Kinds

@Suite struct EnvironmentFileTests {
    static let template = """
        # Where the data is
        DATABASE_URL=postgres://localhost/dev

        export LOG_LEVEL="debug" # or info
        API_KEY=changeme
        """

    static func manifest(_ entry: String, more: String = "") -> String {
        """
        version: 1
        secrets: {pw: {generate: hex, length: 24}}
        env_files:
          .env: \(entry)
        \(more)
        """
    }

    static func workspace(_ entry: String, files: [String: String] = [".env.example": template]) throws
        -> WorkspaceFixture
    {
        try WorkspaceFixture(manifest(entry), files: files)
    }

    func settings(take: String) -> RunSettings {
        var settings = RunSettings(jobs: 2)
        settings.take = take
        return settings
    }

    @Test func `comments, order, quotes and a missing last newline stay byte for byte`() async throws {
        let workspace = try Self.workspace(
            "{from: .env.example, set: {DATABASE_URL: 'postgres://db/app', NEW: two words}}")
        let first = try await workspace.up()
        #expect(first["env:.env"]?.status == .done)
        #expect(
            workspace.text(".env") == """
                # Where the data is
                DATABASE_URL=postgres://db/app

                export LOG_LEVEL="debug" # or info
                API_KEY=changeme
                NEW="two words"
                """)
        let folder = StateFolder(host: workspace.host, workspaceRoot: workspace.root)
        #expect(Journal.readOnly(in: folder, host: workspace.host).created("env:.env").map(\.name) == [".env"])
    }

    @Test func `CRLF stays`() async throws {
        let workspace = try Self.workspace(
            "{from: .env.example, set: {B: x, C: y}}", files: [".env.example": "A=1\r\n# c\r\nB=2\r\n"])
        try await workspace.up()
        #expect(workspace.text(".env")?.utf8.elementsEqual("A=1\r\n# c\r\nB=x\r\nC=y\r\n".utf8) == true)
    }

    @Test func `a second up writes nothing`() async throws {
        let workspace = try Self.workspace("{from: .env.example, set: {DATABASE_URL: 'x://${secrets.pw}'}}")
        try await workspace.up()
        let before = try workspace.host.files.status(of: workspace.root / ".env", followingLinks: false)
        #expect(try await workspace.plan()["env:.env"] == .upToDate("is as wanted"))
        #expect(try await workspace.up()["env:.env"]?.status == .upToDate)
        let after = try workspace.host.files.status(of: workspace.root / ".env", followingLinks: false)
        #expect(before == after)
    }

    @Test func `a developer's value is kept and named, and so is a key they took out`() async throws {
        let entry = "{from: .env.example, set: {DATABASE_URL: 'postgres://db/app'}}"
        let workspace = try Self.workspace(entry)
        try await workspace.up()
        let mine = """
            DATABASE_URL=postgres://mine
            LOG_LEVEL=info
            OWN=1

            """
        try workspace.write(".env", mine)
        #expect(try await workspace.plan()["env:.env"] == .upToDate("yours kept: DATABASE_URL, LOG_LEVEL, API_KEY"))
        try workspace.write(
            "init.yaml", Self.manifest("{from: .env.example, set: {DATABASE_URL: 'postgres://other', ADDED: 1}}"))
        let result = try await workspace.up()
        #expect(result["env:.env"]?.reason == "ADDED is new")
        #expect(workspace.text(".env") == mine + "ADDED=1\n")
        #expect(workspace.output(of: "env:.env").contains("yours kept: DATABASE_URL, LOG_LEVEL, API_KEY; "))
    }

    @Test func `what devinit wrote follows the manifest and its source`() async throws {
        let workspace = try Self.workspace("{from: .env.example, set: {DATABASE_URL: one}}")
        try await workspace.up()
        try workspace.write(
            "init.yaml", Self.manifest("{from: .env.example, set: {DATABASE_URL: two}, unset: [API_KEY]}"))
        try workspace.write(
            ".env.example", Self.template.replacingOccurrences(of: "\"debug\"", with: "\"warn\""))
        let assessment = try await workspace.plan()["env:.env"]
        #expect(
            assessment
                == .work(
                    .update,
                    "DATABASE_URL changed in the manifest; LOG_LEVEL changed in .env.example; API_KEY is no longer wanted"
                ))
        try await workspace.up()
        #expect(
            workspace.text(".env") == """
                # Where the data is
                DATABASE_URL=two

                export LOG_LEVEL="warn" # or info

                """)
    }

    @Test func `a new key of the source stands where it stands there, with its comment`() async throws {
        let workspace = try Self.workspace("{from: .env.example}", files: [".env.example": "A=1\nC=3\n"])
        try await workspace.up()
        try workspace.write(".env", "A=1\nMINE=x\nC=3\n")
        try workspace.write(".env.example", "A=1\n# the second\nB=2\nC=3\n")
        #expect(try await workspace.up()["env:.env"]?.reason == "B is new")
        #expect(workspace.text(".env") == "A=1\n# the second\nB=2\nMINE=x\nC=3\n")
    }

    @Test func `a renamed key keeps the developer's value`() async throws {
        let workspace = try Self.workspace("{set: {OLD: a}}")
        try await workspace.up()
        try workspace.write(".env", "OLD=mine # here\n")
        try workspace.write("init.yaml", Self.manifest("{set: {NEW: b}, renamed: {NEW: OLD}}"))
        try await workspace.up()
        #expect(workspace.text(".env") == "NEW=mine # here\n")
        #expect(try await workspace.up()["env:.env"]?.status == .upToDate)
    }

    @Test func `a file of an old script stops the run and names the keys that differ`() async throws {
        let old = "DATABASE_URL=postgres://old\nLOG_LEVEL=\"debug\"\nAPI_KEY=sk_mine\nEXTRA=1\n"
        let workspace = try Self.workspace(
            "{from: .env.example, set: {DATABASE_URL: 'postgres://db/app', LOG_LEVEL: info}}",
            files: [".env.example": Self.template, ".env": old])
        let failure = try #require(try await workspace.up()["env:.env"]?.failure)
        #expect(failure.kind == .prerequisite)
        #expect(failure.message == ".env was there before devinit, and DATABASE_URL differs from the manifest")
        #expect(workspace.text(".env") == old)

        try await workspace.up(settings: settings(take: "mine"))
        #expect(workspace.text(".env") == "DATABASE_URL=postgres://old\nLOG_LEVEL=info\nAPI_KEY=sk_mine\nEXTRA=1\n")
        #expect(try await workspace.up()["env:.env"]?.status == .upToDate)
    }

    @Test func `the manifest's side replaces only what it sets`() async throws {
        let workspace = try Self.workspace(
            "{from: .env.example, set: {DATABASE_URL: 'postgres://db/app'}}",
            files: [".env.example": Self.template, ".env": "DATABASE_URL=postgres://old\nAPI_KEY=sk_mine\n"])
        try await workspace.up(settings: settings(take: "manifest"))
        let text = try #require(workspace.text(".env"))
        #expect(text.contains("DATABASE_URL=postgres://db/app\n"))
        #expect(text.contains("API_KEY=sk_mine\n"))
    }

    @Test func `an optional secret that is gone leaves the key as the source has it`() async throws {
        let workspace = try WorkspaceFixture(
            """
            version: 1
            secrets: {key: {env: THE_KEY, optional: true}}
            env_files: {.env: {from: .env.example, set: {API_KEY: "${secrets.key}", OTHER: "${secrets.key}"}}}
            """, files: [".env.example": "API_KEY=none\n"], environment: ["THE_KEY": "sk_12345678"])
        try await workspace.up()
        #expect(workspace.text(".env") == "API_KEY=sk_12345678\nOTHER=sk_12345678\n")
        #expect(!workspace.records.contains("sk_12345678"))
        try workspace.write(
            "init.yaml", workspace.text("init.yaml")!.replacingOccurrences(of: "THE_KEY", with: "ANOTHER_KEY"))
        try await workspace.up()
        #expect(workspace.text(".env") == "API_KEY=none\n")
    }

    @Test func `no reason, plan or record holds the secret`() async throws {
        let workspace = try Self.workspace(
            "{set: {URL: 'x://u:${secrets.pw}@h'}, dialects: [compose, node, python, sh]}")
        let results = try await workspace.up()
        let secret = try #require(workspace.text(".env")).dropFirst("URL=x://u:".count).prefix(24)
        #expect(secret.count == 24)
        let plan = try await workspace.plan()
        #expect(!"\(results)\(plan)".contains(secret))
        let journal = workspace.records.replacingOccurrences(of: "\"value\": \"\(secret)\"", with: "")
        #expect(!journal.contains(secret))
    }

    @Test func `a value that two dialects can't share is refused by name, and nothing is written`() async throws {
        let workspace = try Self.workspace("{set: {BAD: \"it's $5 \\\\ \\\"x\\\" `y`\"}}")
        let failure = try #require(try await workspace.up()["env:.env"]?.failure)
        #expect(failure.message.hasPrefix("BAD of .env: the value cannot be written so that it reads the same: "))
        #expect(
            failure.message.contains("(sh)") || failure.message.contains("Docker Compose")
                || failure.message.contains("dotenv"))
        #expect(!workspace.exists(".env"))
    }

    @Test func `dotenv-expand is minded where vite reads the file`() async throws {
        let workspace = try Self.workspace(
            "{set: {PRICE: '5$$x'}}", files: ["package.json": #"{"devDependencies": {"vite": "5"}}"#])
        let failure = try await workspace.up()["env:.env"]?.failure?.message ?? ""
        #expect(failure.contains("dotenv-expand"), "\(failure) \(workspace.text(".env") ?? "")")
        let plain = try Self.workspace(
            "{set: {PRICE: '5$$x'}}", files: ["package.json": #"{"dependencies": {"react": "5"}}"#])
        #expect(try await plain.up()["env:.env"]?.status == .done)
    }
}
