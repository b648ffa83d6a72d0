import Base
import Catalog
import Execution
import Foundation
import HostInterfaces
import Testing
import Trust

@testable import Kinds

/// Programs that keep secrets.
@Suite struct SecretPresetTests {
    /// A workspace with a folder of programs that comes first on PATH.
    private func workspace(
        _ secret: String, programs: [String: String] = [:], files: [String: String] = [:],
        environment: [String: String] = [:]
    ) throws -> WorkspaceFixture {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let fixture = try WorkspaceFixture(
            """
            version: 1
            vars: { entry: acme/key }
            secrets: {x: \(secret)}
            env_files: {.env: {set: {X: "${secrets.x}"}}}
            """, files: files, environment: environment
        ) { $0.environment["PATH"] = ($0.currentFolder.parent / "home").text + ":" + path }
        for (name, script) in programs {
            let program = fixture.base / "home" / name
            try fixture.host.files.replace(program, with: Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
        }
        return fixture
    }

    @Test func `a preset gets its parameters by its environment, and not those of ours`() async throws {
        let fixture = try workspace(
            "{use: ./own.yaml, with: {path: '${entry}'}}",
            files: [
                "own.yaml": """
                description: ours
                verified: no
                parameters: { path: { type: text }, more: { type: text, default: "" }, other: { type: text, default: std } }
                command: 'echo "$WITH_PATH:${WITH_MORE-none}:$WITH_OTHER"'
                """
            ], environment: ["WITH_MORE": "of-ours"])
        #expect(try await fixture.plan()["secret:x"] == .unknown("its command is asked when it is needed"))
        #expect(try await fixture.up()["secret:x"]?.status == .done)
        #expect(fixture.text(".env") == "X=acme/key:none:std\n")
        #expect(!fixture.records.contains("acme/key:none"))
    }

    @Test func `what a preset would execute is approved with what it gets`() throws {
        let workspace = try workspace("{use: pass, with: {path: acme/key}}").read().workspace
        let items = workspace.node("secret", "x")?.executables(in: workspace) ?? []
        let item = try #require(items.first)
        #expect(items.count == 1 && item.what == "secret command")
        #expect(item.text.contains("pass show \"$WITH_PATH\"") && item.text.hasSuffix("WITH_PATH=acme/key"))
    }

    @Test func `a preset's mistakes are told with what is right`() throws {
        func problems(_ secret: String, files: [String: String] = [:]) throws -> [String] {
            try workspace(secret, files: files).read().diagnostics.map {
                $0.message + ($0.suggestion.map { " (\($0))" } ?? "")
            }
        }
        #expect(try problems("{use: pas, with: {path: a}}") == ["there is no template 'pas' (did you mean 'pass'?)"])
        #expect(
            try problems("{use: pass}") == [
                "the preset 'pass' needs the parameter 'path' (with: { path: … }: The entry, as pass knows it)"
            ])
        #expect(
            try problems("{use: vault, with: {path: a, feld: b}}") == [
                "the preset 'vault' has no parameter 'feld' (did you mean 'field'?)"
            ])
        #expect(
            try problems("{generate: hex, with: {path: a}}") == [
                "'with' gives parameters to a preset, and there is no 'use'"
            ])
        #expect(try problems("{use: ./own.yaml}", files: ["own.yaml": "description: a\n"]).count == 1)
    }

    @Test func `a developer's own source replaces a preset with its parameters`() async throws {
        let fixture = try workspace(
            "{use: pass, with: {path: acme/key}}",
            files: ["init.local.yaml": "secrets: {x: {command: echo mine-alone}}\n"])
        #expect(fixture.problems == [])
        #expect(try await fixture.up()["secret:x"]?.status == .done)
        #expect(fixture.text(".env") == "X=mine-alone\n")
    }

    @Test func `a preset that fails says what a person can do`() async throws {
        let fixture = try workspace(
            "{use: vault, with: {path: a}}", programs: ["vault": "echo 'permission denied' >&2; exit 2"])
        let failure = try #require(try await fixture.up()["secret:x"]?.failure)
        #expect(failure.message == "the command of the secret 'x' failed: exit status 2")
        #expect(failure.remedy == "log in with 'vault login'" && failure.output == ["permission denied"])
    }

    /// Each as the program's documentation has it; a stand-in that is called in another way prints nothing.
    static let recorded: [(secret: String, program: String, arguments: String)] = [
        ("{use: 1password, with: {reference: op://dev/stripe/key}}", "op", "read|--no-newline|op://dev/stripe/key"),
        (
            "{use: 1password, with: {reference: op://a/b/c, account: my team}}", "op",
            "read|--no-newline|--account|my team|op://a/b/c"
        ),
        ("{use: vault, with: {path: acme/dev}}", "vault", "kv|get|-mount=secret|-field=value|acme/dev"),
        (
            "{use: aws, with: {id: acme/dev, region: eu-west-1}}", "aws",
            "secretsmanager|get-secret-value|--secret-id|acme/dev|--query|SecretString|--output|text|--region|eu-west-1"
        ),
        (
            "{use: gcp, with: {name: key, project: acme}}", "gcloud",
            "secrets|versions|access|latest|--secret=key|--project=acme"
        ),
        (
            "{use: infisical, with: {name: KEY}}", "infisical",
            "secrets|get|KEY|--env=dev|--path=/|--plain|--silent"
        ),
    ]

    @Test(arguments: recorded.indices) func `a recorded preset calls its program as documented`(index: Int) async throws
    {
        let (secret, program, arguments) = Self.recorded[index]
        let script = """
            said=$1; shift; for word do said="$said|$word"; done
            [ "$said" = '\(arguments)' ] || { echo "not as documented: $said" >&2; exit 9; }
            echo the-value-of-it
            """
        let fixture = try workspace(secret, programs: [program: script])
        let result = try await fixture.up()["secret:x"]
        #expect(result?.status == .done, "\(result?.failure?.output ?? [])")
        #expect(fixture.text(".env") == "X=the-value-of-it\n")
    }

    @Test(.enabled(if: Machine.has("jq"), "needs jq")) func `one member of a secret that is JSON`() async throws {
        let fixture = try workspace(
            "{use: aws, with: {id: a, key: password}}", programs: ["aws": #"echo '{"user":"u","password":"p w"}'"#])
        try await fixture.up()
        #expect(fixture.text(".env") == "X='p w'\n" || fixture.text(".env") == "X=\"p w\"\n")
    }

    @Test func `every preset says how far it was tried, and its README says the same`() throws {
        let readme = try #require(EmbeddedTemplates.text("secrets/README.md"))
        for path in EmbeddedTemplates.documents(in: "secrets") {
            let text = try #require(EmbeddedTemplates.text(path))
            let verified = try #require(text.firstMatch(of: #/(?m)^verified: (\w+)$/#)).1
            let name = path.dropFirst("secrets/".count).dropLast(".yaml".count)
            #expect(readme.contains(try Regex("(?m)^\\| `\(name)` \\| .* \\| `\(verified)`")), "\(name)")
        }
    }

    // MARK: Real programs

    @Test(.enabled(if: Machine.has("pass", "gpg"), "needs pass and gpg"))
    func `the real pass gives the first line of an entry`() async throws {
        let fixture = try workspace("{use: pass, with: {path: acme/key}}")
        let home = fixture.base / "home"
        try fixture.host.files.makeFolder(home / ".gnupg", mode: 0o700)
        try await Machine.shell(
            """
            gpg --batch --quiet --passphrase '' --quick-generate-key test@acme.test default default never
            pass init test@acme.test
            printf 'of the real pass\\nuser: me\\n' | pass insert --multiline acme/key
            """, fixture)
        let result = try await fixture.up()["secret:x"]
        #expect(result?.status == .done, "\(result?.failure?.output ?? [])")
        #expect(fixture.text(".env")?.contains("of the real pass") == true)
        try await Machine.shell("gpgconf --kill gpg-agent", fixture)
    }

    @Test(.enabled(if: Machine.has("sops", "age-keygen"), "needs sops and age"))
    func `the real sops gives a value out of an encrypted file`() async throws {
        let fixture = try workspace(
            "{use: sops, with: {file: secrets.enc.yaml, key: '[\"database\"][\"password\"]'}}",
            environment: ["SOPS_AGE_KEY_FILE": "keys.txt"])
        try fixture.write("plain.yaml", "database:\n  password: of the real sops\n")
        try await Machine.shell(
            """
            cd ../workspace; age-keygen -o keys.txt
            sops encrypt --age "$(age-keygen -y keys.txt)" plain.yaml >secrets.enc.yaml; rm plain.yaml
            """, fixture)
        let result = try await fixture.up()["secret:x"]
        #expect(result?.status == .done, "\(result?.failure?.output ?? [])")
        #expect(fixture.text(".env")?.contains("of the real sops") == true)
    }

    /// What of the machine these tests need.
    enum Machine {
        static func has(_ programs: String...) -> Bool {
            let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            return programs.allSatisfy { program in
                folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
            }
        }

        static func shell(_ script: String, _ fixture: WorkspaceFixture) async throws {
            let request = ProcessRequest(
                ["sh", "-euc", script], environment: fixture.host.environment, folder: fixture.base / "home",
                timeLimit: .seconds(60))
            let result = try await fixture.host.processes.run(request, onOutput: nil)
            try #require(result.succeeded, "\(result.text)\(result.errorText)")
        }
    }
}
