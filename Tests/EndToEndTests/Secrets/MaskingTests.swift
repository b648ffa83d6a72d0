import Base
import Foundation
import HostInterfaces
import Testing

/// No output of devinit shows a secret, in whatever form a program prints it.
@Suite struct MaskingTests {
    /// With what URLs, JSON and shells write in another way.
    static let secret = "pa ss/w\"ord+ünïq"

    static let manifest = """
        version: 1
        secrets:
          key: { prompt: Key }
          made: { generate: password, length: 24 }
        env_files: { .env: { set: { KEY: "${secrets.key}", MADE: "${secrets.made}" } } }
        steps:
          print:
            run: |
              printf 'plain %s\\n' "$KEY"; printf 'half %s' "$KEY" >&2; echo >&2
              printf '%s' "$KEY" | base64; printf 'user:%s' "$KEY" | base64
              python3 -c 'import json, os, urllib.parse as u; k = os.environ["KEY"]; print(json.dumps(k), json.dumps(k, ensure_ascii=False), u.quote(k, safe=""), u.quote_plus(k), repr(k))'
              printf 'no newline %s' "$KEY"
            env: { KEY: "${secrets.key}" }
          slowly: { run: 'for c in 1 2 3; do printf "%s" "$KEY" | cut -c1-5 | tr -d "\\n"; sleep 0.05; printf "%s" "$KEY" | cut -c6- ; done', env: { KEY: "${secrets.key}" } }
          reads: { run: "cat .env" }
          fails: { run: "echo failing with $KEY >&2; exit 3", env: { KEY: "${secrets.key}" } }
          waits: { wait: { http: "http://127.0.0.1:9/?key=${secrets.key}", timeout: 300ms } }
          waits-tcp: { wait: { tcp: "${secrets.made}:1", timeout: 300ms } }
          waits-command: { wait: { command: "echo waiting with $KEY; exit 1", timeout: 300ms }, env: { KEY: "${secrets.key}" } }
        services:
          server:
            native: { run: "echo serving with $KEY; printf '%s' \\"$KEY\\" | base64; exec sleep 600", env: { KEY: "${secrets.key}" } }
          dying:
            native: { run: "echo dying with $KEY; exit 4", env: { KEY: "${secrets.key}" } }
            health: { command: "echo checking $KEY; false" }
        message: The key is ${secrets.key} and ${secrets.made}
        """

    private func workspace() async throws -> (Workspace, Leaks) {
        let workspace = try Workspace(Self.manifest)
        try await workspace.run(
            [Programs.devinit.text, "secrets", "set", "key"], input: .bytes(Array(Self.secret.utf8))
        ).expect(stderr: "stored: key", status: 0)
        try await workspace.run(
            [Programs.devinit.text, "secrets", "set", "made"], input: .bytes(Array("made-2-BE-found/x".utf8))
        ).expect(status: 0)
        return (workspace, Leaks(["key": Self.secret, "made": "made-2-BE-found/x"]))
    }

    /// Where secrets are at home.
    private static func isHome(_ file: String) -> Bool {
        file.hasSuffix("/secrets.json") || file == "work/.env" || file.hasPrefix("work/.devinit/logs/")
    }

    @Test(.needs(.python)) func `no view, record, report or document of a run shows a secret`() async throws {
        try require(.python)
        let (workspace, leaks) = try await workspace()
        let watch = leaks.watchingArguments()
        for words in [
            ["--progress", "plain", "-v"], ["--progress", "json"], ["--json"], ["--progress", "quiet"],
            ["-n"], ["--why"], ["--only", "print"],
        ] {
            let ended = try await workspace.run([Programs.devinit.text, "up", "--trust"] + words)
            #expect(leaks.found(in: ended.stdout + ended.stderr) == [], "up \(words): \(ended)")
        }
        for words in [
            ["plan"], ["plan", "--why"], ["plan", "--json"], ["status"], ["status", "--json"], ["doctor"], ["config"],
            ["config", "--json"], ["graph"], ["secrets"], ["secrets", "--json"], ["logs", "print"],
            ["logs", "print", "--json"], ["logs", "server"], ["logs", "server", "--json"], ["logs", "dying"],
            ["report"],
            ["run", "print", "--trust"], ["run", "fails", "--trust", "--json"], ["run", "reads", "--trust"],
            ["restart", "server"], ["trust", "--show"],
        ] {
            let ended = try await workspace.run([Programs.devinit.text] + words)
            #expect(leaks.found(in: ended.stdout + ended.stderr) == [], "\(words): \(ended)")
        }
        watch.cancel()
        let (arguments, looks) = await watch.value
        #expect(arguments == [] && looks > 100, "\(arguments)")
        #expect(leaks.found(below: workspace.folder, except: Self.isHome) == [])
        // The forms were there to be hidden.
        #expect(try await workspace.devinit("logs", "print").stdout.contains("plain ***"))
        try await workspace.devinit("down").expect(status: 0)
    }

    @Test(.needs(.tmux)) func `the live view shows none`() async throws {
        let screen = try await Screen.capture(
            """
            version: 1
            secrets: { key: { env: THE_KEY } }
            steps:
              print: { run: "echo it is $KEY; sleep 0.3; exit 1", env: { KEY: "${secrets.key}" } }
            """.replacing("{ env: THE_KEY }", with: "{ command: 'echo of-a-command-$((40 + 2))' }"), columns: 100)
        #expect(screen.lines.contains { $0.contains("it is ***") }, "\(screen.lines)")
        #expect(!screen.lines.joined().contains("of-a-command-42"))
    }

    @Test(.needs(.python)) func `a crash shows none`() async throws {
        try require(.python)
        let (workspace, leaks) = try await workspace()
        try workspace.write(
            "init.yaml", Self.manifest.replacing("fails:", with: "long: { run: 'touch there; sleep 3' }\n  fails:"))
        let running = try await workspace.upUntilThere(is: "there")
        // Where Swift's own crash reporter is at hand it writes what it sees and the program goes on, as nothing is broken.
        try await running.signal(11)
        let ended = try await running.ended()
        #expect(ended.status == 128 + 11 || ended.stderr.contains("Program crashed"), "\(ended)")
        #expect(leaks.found(in: ended.stdout + ended.stderr) == [])
        #expect(leaks.found(below: workspace.folder, except: Self.isHome) == [])
        try await workspace.devinit("down").expect(status: 0)
    }

    @Test func `a secret that is too short to be masked is told of once`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            secrets: { pin: { env: PIN }, made: { generate: hex, length: 4 } }
            env_files: { .env: { set: { PIN: "${secrets.pin}", MADE: "${secrets.made}" } } }
            """, environment: ["PIN": "1234"])
        let first = try await workspace.up().expect(status: 0)
        #expect(first.stderr.components(separatedBy: "shorter than 6 characters").count == 3, "\(first)")
        let second = try await workspace.up("--rerun", ".env").expect(status: 0)
        #expect(!second.stderr.contains("shorter"), "\(second)")
        try await workspace.up(environment: ["PIN": "123456789"]).expect(status: 0)
        try await workspace.up().expect(stderr: "…shorter than 6…", status: 0)
    }
}
