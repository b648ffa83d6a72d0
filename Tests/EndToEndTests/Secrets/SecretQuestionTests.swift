import Base
import HostInterfaces
import Testing

/// What people are asked for: all at the start, together, once.
@Suite(.needs(.script)) struct SecretQuestionTests {
    static let manifest = """
        version: 1
        secrets:
          stripe: { prompt: Stripe test key, hint: "https://dashboard.stripe.com/apikeys", pattern: "sk_test_.+" }
          mail: { prompt: Mail password, optional: true }
          registry: { prompt: Token of the registry, default: of-everybody }
          unused: { prompt: Nobody needs it }
        env_files:
          .env: { set: { S: "${secrets.stripe}", M: "${secrets.mail}", R: "${secrets.registry}" } }
        steps: { first: { run: echo first } }
        """

    @Test func `questions come together before anything runs, and once`() async throws {
        try require(.script)
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.terminal(
            "up", "--trust", "--progress", "plain", typing: "no such key\nsk_test_abcdef\n\n\n"
        ).expect(
            stdout: """
                …3 secrets are needed. What you type is not shown, and is asked once.…https://dashboard.stripe.com/apikeys…\
                Stripe test key: …it must match sk_test_.+…Stripe test key: …\
                Mail password (optional, Enter to skip): …Token of the registry (Enter for the default): …\
                [step:first]…
                """, status: 0)
        #expect(!ended.stdout.contains("Nobody needs it"))
        #expect(workspace.text(".env") == "S=sk_test_abcdef\nR=of-everybody")
        let again = try await workspace.terminal("up", "--trust", typing: "").expect(status: 0)
        #expect(!again.stdout.contains("needed"), "\(again)")
    }

    @Test func `without a terminal the missing ones are listed, all of them`() async throws {
        let workspace = try Workspace(Self.manifest.replacing(", optional: true", with: ""))
        try await workspace.up().expect(
            stderr: "error: these secrets are missing:\n…stripe: Stripe test key\n…mail: Mail password\n…", status: 78)
        #expect(!workspace.exists(".env"))
    }

    @Test func `a question that nobody answers ends the run and keeps what was answered`() async throws {
        try require(.script)
        let workspace = try Workspace(Self.manifest)
        try await workspace.terminal("up", "--trust", typing: "sk_test_abcdef\n\u{4}").expect(
            stdout: "…the secret 'mail' was not given…", status: 78)
        let second = try await workspace.terminal("up", "--trust", typing: "\n\n").expect(status: 0)
        #expect(!second.stdout.contains("Stripe test key"), "\(second)")
    }
}
