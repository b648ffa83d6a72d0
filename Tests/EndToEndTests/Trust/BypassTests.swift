import Base
import Foundation
import HostInterfaces
import Testing

/// Ways round the approval that somebody may try who writes a repository, not the machine.
@Suite struct BypassTests {
    private static let step = "steps: { one: { run: 'touch ran' } }\n"

    @Test func `an included file can't bring a command that nobody approved`() async throws {
        let workspace = try Workspace(
            "version: 1\ninclude: [parts/*.yaml]\n".replacing("parts/*.yaml", with: "part.yaml"))
        try workspace.write("part.yaml", Self.step)
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("up").expect(status: 0)
        try workspace.write("part.yaml", Self.step.replacing("ran", with: "other"))
        try await workspace.devinit("up").expect(status: 77)
        try workspace.write("elsewhere.yaml", Self.step.replacing("ran", with: "other"))
        try workspace.remove("part.yaml")
        try await workspace.shell("ln -s elsewhere.yaml part.yaml")
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("other"))
    }

    @Test func `a manifest that is a link counts by what it leads to`() async throws {
        let workspace = try Workspace(files: ["a.yaml": "version: 1\n" + Self.step])
        try await workspace.shell("ln -s a.yaml init.yaml")
        try await workspace.devinit("trust").expect(status: 0)
        try workspace.write("b.yaml", "version: 1\n" + Self.step.replacing("ran", with: "other"))
        try await workspace.shell("ln -sf b.yaml init.yaml")
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("other"))
    }

    @Test func `a template by path that changes after the approval is asked about again`() async throws {
        let template = "description: x\nrun: touch ran\n"
        let workspace = try Workspace(
            "version: 1\nsteps: { one: { use: ./t.yaml } }\n", files: ["t.yaml": template])
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("up").expect(status: 0)
        try workspace.write("t.yaml", template.replacing("ran", with: "other"))
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("other"))
    }

    @Test func `a process that is saved is not started again by a command that nobody approved`() async throws {
        let template = """
            description: x
            parameters: {}
            compose: { image: x }
            ports: { web: 80 }
            native: { data: true, run: "echo one >>$DATA/one; exec sleep 600", health: { command: "test -e $DATA/one" } }
            """
        let workspace = try Workspace(
            "version: 1\nworkspace: kept\nservices: { a: { use: ./t.yaml, native: true, port: auto } }\n",
            files: ["t.yaml": template])
        try await workspace.devinit("up", "--trust").expect(status: 0)
        func sweep() async throws { try await workspace.devinit("down", "--volumes", "-y").expect(status: 0) }
        do {
            try workspace.write(
                "t.yaml", template.replacing("$DATA/one;", with: "$DATA/one; touch '\(workspace.root)/ran';"))
            try await workspace.devinit("data", "save", "x").expect(status: 77)
            try await workspace.devinit("data", "save", "x", "--trust").expect(status: 0)
            #expect(workspace.exists("ran"))
        } catch {
            try? await sweep()
            throw error
        }
        try await sweep()
    }

    @Test(.needs(.script)) func `what is swapped while a person reads is not what runs`() async throws {
        try require(.script)
        let workspace = try Workspace("version: 1\n" + Self.step)
        // The answer comes a second after the question, the other manifest in between.
        let swap = Task {
            try await Task.sleep(for: .milliseconds(700))
            try workspace.write("init.yaml", "version: 1\n" + Self.step.replacing("ran", with: "other"))
        }
        let ended = try await workspace.shell(
            "(sleep 1.5; echo y) | script -qec \"'\(Programs.devinit)' up\" /dev/null || true")
        _ = try await swap.value
        #expect(ended.contains("touch ran"), "\(ended)")
        #expect(!workspace.exists("other"), "\(ended)")
        try await workspace.devinit("up").expect(status: 77)
    }

    @Test(arguments: [
        "BASH_ENV=evil.sh", "ENV=./evil.sh", "LD_PRELOAD=./evil.so", "PATH=.", "BASH_FUNC_touch%%=() { :; }",
    ])
    func `a file of variables can't have other programs run than those that were approved`(line: String) async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: { one: { run: 'env >seen; touch ran', shell: bash, env_file: .env } }\n",
            files: ["evil.sh": "touch evil\n", ".env": "GOOD=1\n"])
        try await workspace.devinit("trust").expect(status: 0)
        try workspace.write(".env", "GOOD=1\n\(line)\n")
        let ended = try await workspace.devinit("up")
        #expect(!workspace.exists("evil"), "\(ended)")
        // Compose's reader refuses that name; then nothing ran at all.
        if line.hasPrefix("BASH_FUNC"), ended.status != 0 { return #expect(!workspace.exists("ran")) }
        ended.expect(status: 0)
        let seen = try #require(workspace.text("seen"))
        #expect(workspace.exists("ran") && seen.contains("GOOD=1"))
        #expect(!seen.split(separator: "\n").contains(Substring(line)) && !seen.contains("BASH_FUNC_touch"))
    }

    @Test func `a native service gets no such variables from its files, and its own are approved`() async throws {
        func manifest(_ own: String) -> String {
            """
            version: 1
            services:
              web:
                native: { run: 'env >seen; exec sleep 60', shell: bash, env_file: [.env]\(own) }
                health: { command: 'test -s seen' }
            """
        }
        let workspace = try Workspace(manifest(""), files: ["evil.sh": "touch evil\n", ".env": "GOOD=1\n"])
        try await workspace.devinit("trust").expect(status: 0)
        try workspace.write(".env", "GOOD=1\nBASH_ENV=./evil.sh\nLD_PRELOAD=./evil.so\n")
        _ = try await workspace.devinit("up")
        let seen = workspace.text("seen")
        try await workspace.devinit("down").expect(status: 0)
        #expect(seen?.contains("GOOD=1") == true && seen?.contains("evil") == false)
        #expect(!workspace.exists("evil"))
        try workspace.write("init.yaml", manifest(", env: { BASH_ENV: ./evil.sh }"))
        try await workspace.devinit("up").expect(status: 77)
    }

    @Test func `status runs no check of a service whose approval was taken back`() async throws {
        let workspace = try Workspace(
            "version: 1\nservices: { web: { native: { run: 'exec sleep 60' }, health: { command: 'echo x >>checks' } } }\n"
        )
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("up").expect(status: 0)
        try await workspace.devinit("trust", "--revoke").expect(status: 0)
        let before = workspace.text("checks")
        let shown = try await workspace.devinit("status").expect(status: 0)
        let after = workspace.text("checks")
        try await workspace.devinit("down").expect(status: 0)
        #expect(before != nil && after == before && shown.stdout.contains("not approved"), "\(shown)")
    }

    @Test func `a list of words and a text of the same words are two commands`() async throws {
        let workspace = try Workspace("version: 1\nsteps: { one: { run: [echo, '$(touch evil)'] } }\n")
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("up").expect(status: 0)
        try workspace.write("init.yaml", "version: 1\nsteps: { one: { run: 'echo $(touch evil)' } }\n")
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("evil"))
        let secret =
            "version: 1\nsecrets: { key: { use: ./keys.yaml } }\nenv_files: { .env: { set: { KEY: '${secrets.key}' } } }\n"
        let preset = "description: x\nverified: no\nparameters: {}\n"
        try workspace.write("init.yaml", secret)
        try workspace.write("keys.yaml", preset + "command: [echo, '$(touch evil)']\n")
        try await workspace.devinit("trust").expect(status: 0)
        try workspace.write("keys.yaml", preset + "command: 'echo $(touch evil)'\n")
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("evil"))
    }

    @Test(arguments: [
        step, "", "services: { db: { use: redis } }\nrepos: { api: { url: 'file:///nowhere' } }\n",
        "root: ./inner\n" + step,
    ])
    func `a look starts no program that the workspace brings itself before it is approved`(rest: String) async throws {
        let evil = "#!/bin/sh\ntouch \"$HOME/evil\"\necho git version 2.99.0\n"
        let workspace = try Workspace("version: 1\nrequires: { git: '>=2' }\n" + rest, files: ["inner/.keep": ""])
        for name in ["git", "docker", "docker-compose", "podman"] {
            try workspace.write("bin/\(name)", evil, mode: 0o755)
        }
        let evilRan = workspace.folder / "home/evil"
        for path in ["\(workspace.root)/bin:/usr/bin:/bin", "./bin:/usr/bin:/bin", "bin:/usr/bin:/bin"] {
            for words in [["plan"], ["doctor"], ["status"]] {
                _ = try await workspace.run(
                    [Programs.devinit.text] + words, environment: ["PATH": path]
                )
                #expect(!workspace.host.files.exists(evilRan), "\(words) on \(path)")
            }
        }
        // Approved, it is the developer's own.
        try await workspace.devinit("trust").expect(status: 0)
        let path = "\(workspace.root)/bin:/usr/bin:/bin"
        let own = try await workspace.devinit("doctor", environment: ["PATH": path])
        #expect(own.stdout.contains("2.99.0"), "\(own)")
    }

    @Test func `looking executes nothing that the manifest says`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            requires: { thing: { check: 'touch check', fix: 'touch fix' } }
            secrets: { key: { command: 'touch secret; echo x' } }
            services: { web: { native: { run: 'touch native', health: { command: 'touch health' } } } }
            env_files: { .env: { set: { KEY: '${secrets.key}' } } }
            steps: { one: { run: 'touch run', unless: 'touch unless; false', env: { KEY: '${secrets.key}' } } }
            """)
        for words in [
            ["plan"], ["plan", "--why"], ["doctor"], ["status"], ["validate"], ["config"], ["graph"],
            ["trust", "--show"],
            ["logs"], ["schema"], ["up", "-n"],
        ] {
            _ = try await workspace.run([Programs.devinit.text] + words)
            let made = ["check", "fix", "secret", "native", "health", "run", "unless"].filter(workspace.exists)
            #expect(made.isEmpty, "\(words) executed \(made)")
        }
    }
}
