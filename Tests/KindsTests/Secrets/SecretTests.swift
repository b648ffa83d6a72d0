import Base
import Execution
import HostInterfaces
import State
import Testing
import Trust

@testable import Kinds

@Suite struct SecretTests {
    /// A workspace in which an env file uses the secret `x`, so that it is chosen.
    static func workspace(
        _ secret: String, files: [String: String] = [:], environment: [String: String] = [:]
    ) throws -> WorkspaceFixture {
        try WorkspaceFixture(
            """
            version: 1
            secrets: {x: \(secret)}
            env_files: {.env: {set: {X: "${secrets.x}"}}}
            """, files: files, environment: environment)
    }

    @Test func `a generated secret stays the same over runs and is never shown`() async throws {
        let workspace = try Self.workspace("{generate: hex, length: 40}")
        let plan = try await workspace.plan()
        #expect(plan["secret:x"] == .work(.create, "will be generated"))
        #expect(plan["env:.env"] == .work(.create, "is not there yet"))
        #expect(!workspace.exists(".env"))

        let first = try await workspace.up()
        #expect(first["secret:x"]?.status == .done)
        let text = try #require(workspace.text(".env"))
        let value = String(text.dropFirst(2).dropLast())
        #expect(value.count == 40)

        #expect(try await workspace.plan()["secret:x"] == .upToDate("stored"))
        let second = try await workspace.up()
        #expect(second["secret:x"]?.status == .upToDate)
        #expect(second["env:.env"]?.status == .upToDate)
        #expect(workspace.text(".env") == text)
        let shown = workspace.output(of: "secret:x") + workspace.output(of: "env:.env") + "\(first)\(second)"
        #expect(!shown.contains(value))
    }

    @Test func `a changed definition replaces no password that data may have been made with`() async throws {
        let workspace = try Self.workspace("{generate: hex}")
        try await workspace.up()
        let text = workspace.text(".env")
        try workspace.write(
            "init.yaml",
            """
            version: 1
            secrets: {x: {generate: password, length: 12}}
            env_files: {.env: {set: {X: "${secrets.x}"}}}
            """)
        let result = try await workspace.up()
        #expect(result["secret:x"]?.reason == "stored, by an earlier definition")
        #expect(workspace.text(".env") == text)
    }

    @Test func `a secret that nothing uses is not resolved`() async throws {
        let workspace = try WorkspaceFixture(
            """
            version: 1
            secrets: {unused: {prompt: Token}, used: {generate: hex}}
            env_files: {.env: {set: {X: "${secrets.used}"}}}
            """)
        let results = try await workspace.up()
        #expect(results.keys.sorted() == ["env:.env", "secret:used"])
    }

    @Test func `a command's secret is asked at each run and kept nowhere`() async throws {
        let workspace = try Self.workspace("{command: 'echo asked >> count; echo s3cret-of-a-command'}")
        #expect(try await workspace.plan()["secret:x"]?.action == .unknown)
        #expect(!workspace.exists("count"))
        let first = try await workspace.up()
        #expect(first["secret:x"]?.status == .done)
        #expect(workspace.text(".env") == "X=s3cret-of-a-command\n")
        let second = try await workspace.up()
        #expect(second["env:.env"]?.status == .upToDate)
        #expect(workspace.text("count") == "asked\nasked\n")
        #expect(!workspace.records.contains("s3cret-of-a-command"))
        #expect(workspace.output(of: "secret:x") == "")
    }

    @Test func `a failing command says what it said, but not its answer`() async throws {
        let workspace = try Self.workspace("{command: 'echo half-a-secret; echo log in first >&2; exit 3'}")
        let failure = try #require(try await workspace.up()["secret:x"]?.failure)
        #expect(failure.kind == .prerequisite)
        #expect(failure.output == ["log in first"])
        #expect(!"\(failure)".contains("half-a-secret\""))
        #expect(!workspace.exists(".env"))
    }

    @Test func `one newline at the end belongs to no secret, a second one does`() async throws {
        let workspace = try Self.workspace("{file: token}", files: ["token": "line one\nline two\r\n"])
        try await workspace.up()
        #expect(
            workspace.text(".env") == "X=\"line one\nline two\"\n"
                || workspace.text(".env") == "X='line one\nline two'\n")
    }

    @Test func `a variable that is empty counts as missing`() async throws {
        let workspace = try Self.workspace("{env: MY_TOKEN}", environment: ["MY_TOKEN": ""])
        let found = try await workspace.plan()["secret:x"]
        guard case .blocked(let failure) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(failure.kind == .prerequisite)
        #expect(failure.message == "the variable MY_TOKEN of the secret 'x' is not set")
        #expect(try await workspace.up()["env:.env"]?.status == .skipped)
    }

    @Test func `an optional secret that is not there leaves its key out`() async throws {
        for secret in [
            "{env: NOT_SET_ANYWHERE, optional: true}", "{file: none, optional: true}",
            "{command: 'exit 1', optional: true}", "{prompt: Key, optional: true}",
        ] {
            let workspace = try Self.workspace(secret)
            let results = try await workspace.up()
            #expect(results["env:.env"]?.status == .done, "\(secret): \(results)")
            #expect(workspace.text(".env") == "", "\(secret)")
        }
    }

    @Test func `a prompt's answer is checked, kept for the user alone and used`() async throws {
        let workspace = try Self.workspace("{prompt: Stripe key, pattern: 'sk_[a-z]+', hint: see the wiki}")
        let folder = StateFolder(host: workspace.host, workspaceRoot: workspace.root)
        let nodes: Set<NodeID> = [NodeID("secret", "x")]
        let open = SecretQuestions.open(
            in: workspace.read().workspace, nodes: nodes, host: workspace.host, secrets: SecretShelf())
        let question = try #require(open.first)
        #expect(question.prompt == "Stripe key")
        #expect(question.hint == "see the wiki")
        #expect(question.problem(with: "") == "an answer is needed")
        #expect(question.problem(with: "xsk_abc") == "it must match sk_[a-z]+")
        #expect(question.problem(with: "sk_abc") == nil)
        #expect(try await workspace.up()["secret:x"]?.failure?.kind == .prerequisite)

        try await SecretQuestions.keep(
            "sk_abcdef", for: question, in: workspace.read().workspace, host: workspace.host, secrets: SecretShelf())
        let mode = try workspace.host.files.status(of: folder.path / "secrets.json", followingLinks: false)?.mode
        #expect(mode == 0o600)
        #expect(try await workspace.up()["env:.env"]?.status == .done)
        #expect(workspace.text(".env") == "X=sk_abcdef\n")
        let again = SecretQuestions.open(
            in: workspace.read().workspace, nodes: nodes, host: workspace.host, secrets: SecretShelf())
        #expect(again.isEmpty)
    }

    @Test func `an empty answer to an optional question is remembered`() async throws {
        let workspace = try Self.workspace(
            "{prompt: Key, optional: true}")
        let question = SecretQuestion(
            name: "x", prompt: "Key", hint: nil, isOptional: true, pattern: nil, standard: nil, definition: "Key")
        try await SecretQuestions.keep(
            "", for: question, in: workspace.read().workspace, host: workspace.host, secrets: SecretShelf())
        #expect(try await workspace.plan()["secret:x"] == .upToDate("optional, not given"))
    }

    @Test func `a default stands where nobody answers`() async throws {
        let workspace = try Self.workspace("{prompt: Key, default: none-given}")
        #expect(try await workspace.up()["secret:x"]?.status == .done)
        #expect(workspace.text(".env") == "X=none-given\n")
    }

    @Test func `a secret without a source, or with two, is a problem of the manifest`() throws {
        #expect(
            try Self.workspace("{hint: nowhere}").problems == ["2: the secret 'x' does not say where it comes from"])
        #expect(
            try Self.workspace("{generate: hex, env: A}").problems
                == ["2: a secret has 'generate' and 'env'; only one of them may stand"])
        #expect(try Self.workspace("{generate: hexx}").problems.count == 1)
    }

    @Test func `a secret's command is listed for approval`() throws {
        let workspace = try Self.workspace("{command: 'pass show x'}").read().workspace
        let items = workspace.node("secret", "x")?.executables(in: workspace) ?? []
        #expect(items.map(\.text) == ["pass show x"])
        #expect(items.map(\.what) == ["secret command"])
    }
}
