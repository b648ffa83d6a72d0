import Base
import HostInterfaces
import Testing

/// `devinit env`, as a developer calls it.
@Suite struct EnvironmentCommandTests {
    static let manifest = """
        version: 1
        secrets: { key: { generate: hex, length: 24 } }
        env_files:
          api/.env:
            from: api/.env.example
            set: { URL: "http://localhost:3000", MODE: dev, KEY: "${secrets.key}" }
          web.env: { set: { A: "1" } }
        """

    func workspace(_ source: String = "URL=\nMODE=prod\nKEY=\nNAME=changeme\n") async throws -> Workspace {
        let workspace = try Workspace(
            Self.manifest, files: ["api/.env.example": source, ".gitignore": ".env\n*.env\n"])
        try await workspace.shell("git init -q .")
        return workspace
    }

    @Test func `what a person has to fill in ends with 1, and what devinit keeps ends with 0`() async throws {
        let workspace = try await workspace()
        try await workspace.devinit("env").expect(stdout: "api/.env\n  missing…", status: 1)
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("env").expect(
            stdout: "api/.env\n  placeholder  NAME\nweb.env  is as wanted", status: 1)
        try await workspace.devinit("status").expect(stdout: "…api/.env…drift…still a placeholder: NAME…", status: 0)
        try await workspace.devinit("doctor", "env").expect(
            stdout: "…! api/.env  is as wanted; still a placeholder: NAME…edit api/.env…", status: 0)
        try await workspace.shell("sed -i 's/changeme/shop/; s/MODE=dev/MODE=mine/' api/.env")
        let checked = try await workspace.devinit("env", "check", "--json").expect(status: 0)
        #expect(try checked.json()["drift"]?[0]?["kept"] == ["MODE"])
        #expect(try checked.json()["schema"] == "devinit.env/1")
        let status = try await workspace.devinit("status", "--json").expect(status: 0).json()
        let file = status["env_files"]?.array?.first { $0["name"] == "api/.env" }
        #expect(file?["kept"] == ["MODE"] && file?["up_to_date"] == true)
    }

    @Test func `a line that two readers read differently is told with both readings`() async throws {
        let workspace = try await workspace("URL=\nMODE=prod\nKEY=\nNAME=a#b\n")
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("env", "check", "api/.env").expect(
            stdout: """
                api/.env
                  line 4: NAME is not read alike
                    Docker Compose, python-dotenv, sh: "a#b"
                    Node's dotenv: "a"
                """, status: 1)
    }

    @Test func `a kept edit is told at up until it is settled`() async throws {
        let workspace = try await workspace()
        try await workspace.up().expect(status: 0)
        try await workspace.shell("sed -i 's/MODE=dev/MODE=mine/' api/.env")
        try await workspace.up().expect(stderr: "[env:api/.env] yours kept: MODE; …", status: 0)
        try await workspace.devinit("env", "diff", "api/.env").expect(
            stdout: """
                api/.env
                  = MODE  is kept as you changed it
                      written last  "dev"
                      found now     "mine"
                      wanted now    "dev"
                """, status: 0)
        try await workspace.devinit("env", "take", "mine", "MODE").expect(
            stderr: "api/.env: yours from now on: MODE", status: 0)
        let quiet = try await workspace.up().expect(stderr: "up to date…", status: 0)
        #expect(!quiet.stderr.contains("yours kept"))
        try await workspace.devinit("env", "take", "manifest", "MODE", "api/.env").expect(status: 0)
        #expect(workspace.text("api/.env")?.contains("MODE=dev") == true)
        try await workspace.devinit("env", "take", "manifest", "MODE").expect(
            stderr: "error: no key 'MODE' differs from the manifest…", status: 64)
    }

    @Test func `a file of an old script is settled key by key without a terminal`() async throws {
        let workspace = try await workspace()
        try workspace.write("api/.env", "URL=http://old\nMODE=old\n")
        try await workspace.up().expect(stderr: "…URL, MODE differ…", status: 78)
        try await workspace.devinit("env", "take", "mine", "URL").expect(
            stderr: "…still to be settled there: MODE", status: 0)
        try await workspace.devinit("env", "take", "manifest", "MODE").expect(status: 0)
        try await workspace.up().expect(status: 0)
        let text = try #require(workspace.text("api/.env"))
        #expect(text.contains("URL=http://old\n") && text.contains("MODE=dev\n"), "\(text)")
    }

    @Test func `print covers secrets, and what it prints for a shell is safe to eval`() async throws {
        let workspace = try await workspace()
        try await workspace.up().expect(status: 0)
        let secret = try #require(workspace.text("api/.env")?.firstMatch(of: /KEY=(.*)/)?.output.1)
        try workspace.write(
            "api/.env", #"A="it's $(touch ran) `touch ran`""# + "\nKEY=\(secret)\nNOTE=holds \(secret)\nL=\"a\\nb\"\n")
        for words in [["print"], ["print", "--format", "shell"], ["print", "--json"], ["diff"], ["check"]] {
            let ended = try await workspace.run([Programs.devinit.text, "env"] + words)
            #expect(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "\(ended)")
            #expect(!ended.stdout.contains(secret.prefix(6)), "\(ended)")
        }
        let shown = try await workspace.shell(
            """
            eval "$('\(Programs.devinit)' env print api/.env --format shell --reveal)"
            printf '%s|%s|%s' "$A" "$L" "$KEY"
            """)
        #expect(shown == "it's $(touch ran) `touch ran`|a\nb|\(secret)")
        #expect(!workspace.exists("ran"))
        let document = try await workspace.devinit("env", "print", "--format", "json", "--reveal").json()
        #expect(document["files"]?["api/.env"]?["KEY"]?.string == String(secret))
        #expect(document["files"]?["web.env"] == ["A": "1"])
    }

    @Test func `control characters of a file do not reach the screen`() async throws {
        let workspace = try await workspace()
        try await workspace.up().expect(status: 0)
        try await workspace.shell("printf 'MODE=\\033[2Jx\\nURL=a\\302\\205b\\n' > api/.env")
        let ended = try await workspace.devinit("env", "diff").expect(stdout: "…<U+001B>[2Jx…", status: 0)
        #expect(!ended.stdout.contains("\u{1b}") && !ended.stdout.contains("\u{85}"))
    }

    @Test func `wrong words are answered with the nearest right ones, in JSON too`() async throws {
        let workspace = try await workspace()
        try await workspace.devinit("env", "chekc").expect(stderr: "…did you mean check?…", status: 64)
        try await workspace.devinit("env", "check", "web.evn").expect(stderr: "…did you mean 'web.env'?…", status: 64)
        try await workspace.devinit("env", "take", "mnie", "A").expect(stderr: "…did you mean 'mine'?…", status: 64)
        try await workspace.devinit("env", "diff", "--reveal").expect(stderr: "…belong to print…", status: 64)
        let failed = try await workspace.devinit("env", "print", "api/.env", "--json").expect(status: 1).json()
        #expect(failed["schema"] == "devinit.env/1" && failed["status"] == "failed")
    }
}
