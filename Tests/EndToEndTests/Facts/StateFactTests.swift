import Base
import Foundation
import HostInterfaces
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Records of earlier runs count on the machine and in the workspace where they were made, and no longer than that.
@Suite struct StateFactTests {
    static let manifest = """
        version: 1
        steps:
          build: { run: "cat in >>built", inputs: [in] }
          seed: { run: "echo begin >>log; until test -e go; do sleep 0.02; done; echo end >>log", once: true }
        """

    /// Runs devinit with these words as another machine, which has the same files.
    private func elsewhere(_ workspace: Workspace, _ words: String...) async throws -> Ended {
        let script = """
            printf '%s\\n' 0123456789abcdef0123456789abcdef >../machine-id
            for file in /etc/machine-id /var/lib/dbus/machine-id; do
                if [ -e $file ]; then mount --bind ../machine-id $file; fi
            done
            hostname elsewhere
            exec "$@"
            """
        return try await workspace.run(
            ["unshare", "-mu", "bash", "-euc", script, "bash", Programs.devinit.text] + words)
    }

    @Test(.needs(.root)) func `records that came from another machine count for nothing, and again at home`()
        async throws
    {
        try require(.root)
        let workspace = try Workspace(Self.manifest, files: ["in": "1", "go": ""])
        try await workspace.up().expect(status: 0)
        let plan = try await elsewhere(workspace, "plan", "--json").expect(status: 0)
        #expect(
            try plan.members("nodes", "reason") == ["step:build": "not done yet", "step:seed": "not done yet"])
        try await elsewhere(workspace, "up", "--trust").expect(stderr: "…written on another machine…", status: 0)
        #expect(workspace.text("built") == "11" && workspace.text("log") == "begin\nend\nbegin\nend")
        try await elsewhere(workspace, "up", "--trust").expect(stderr: "up to date (…", status: 0)
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        #expect(workspace.text("built") == "11")
    }

    @Test(.needs(.root)) func `the receipt of work that another machine did is no proof here`() async throws {
        try require(.root)
        let workspace = try Workspace(Self.manifest, files: ["in": "1"])
        try await workspace.upKilled(onceThereIs: "log")
        try workspace.write("go", "")
        #expect(try await workspace.eventually { workspace.text("log") == "begin\nend" })
        try await Task.sleep(for: .milliseconds(200))
        let plan = try await elsewhere(workspace, "plan", "--json").expect(status: 0)
        #expect(try plan.members("nodes", "reason")["step:seed"] == "not done yet")
        try await elsewhere(workspace, "up", "--trust").expect(status: 0)
        #expect(workspace.text("log") == "begin\nend\nbegin\nend")
        let home = try await workspace.devinit("plan", "--json").expect(status: 0)
        #expect(try home.members("nodes", "reason")["step:seed"] == "done once")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("log") == "begin\nend\nbegin\nend")
    }

    @Test func `git clean takes what can be made again, and no record, secret or answer`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            secrets: { key: { generate: hex, length: 20 } }
            env_files: { .env: { set: { KEY: "${secrets.key}" } } }
            steps:
              install: { run: "cat in >out; echo x >>../installed", inputs: [in], outputs: [out] }
              seed: { run: "echo x >>../seeded", once: true }
            """, files: ["in": "1", ".gitignore": ".env\nout\n"])
        try await workspace.shell(
            "git init -q .; git -c user.name=t -c user.email=t@example.invalid add .; "
                + "git -c user.name=t -c user.email=t@example.invalid commit -qm one")
        try await workspace.up().expect(status: 0)
        let written = try #require(workspace.text(".env"))
        try await workspace.shell("git clean -fdxq; test ! -e .devinit -a ! -e .env")
        let plan = try await workspace.devinit("plan", "--json").expect(status: 0).members("nodes", "reason")
        #expect(plan["env:.env"] == "is not there yet" && plan["step:seed"] == "done once", "\(plan)")
        #expect(plan["step:install"] != "up to date", "\(plan)")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text(".env") == written, "another secret than the data was made with")
        #expect(workspace.text("../seeded") == "x" && workspace.text("../installed") == "x\nx")
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
    }

    @Test func `a copy of the workspace has records of its own`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["in": "1", "go": ""])
        try await workspace.up().expect(status: 0)
        try await workspace.shell("cp -a . ../copy")
        let copied = try await workspace.devinit("plan", "--json", in: "../copy").expect(status: 0)
        #expect(try copied.members("nodes", "reason")["step:seed"] == "not done yet")
        try await workspace.shell("ln -s work ../link")
        let linked = try await workspace.devinit("plan", "--json", in: "../link").expect(status: 0)
        #expect(try linked.members("nodes", "reason")["step:seed"] == "done once")
    }

    // MARK: What people said

    static func question(_ rest: String) -> String {
        """
        version: 1
        vars: { port: { prompt: "Port?", \(rest) } }
        steps: { a: { run: "echo $P >port", outputs: [port], env: { P: "${port}" } } }
        """
    }

    @Test func `a default that nobody chose follows the manifest`() async throws {
        let workspace = try Workspace(Self.question("default: 8080"))
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("port") == "8080")
        try workspace.write("init.yaml", Self.question("default: 9090"))
        let plan = try await workspace.devinit("plan", "--json").expect(status: 0)
        #expect(try plan.members("nodes", "reason")["step:a"] == "environment changed: P")
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("port") == "9090")
    }

    @Test(.needs(.script)) func `an answer that the manifest no longer allows is asked for again`() async throws {
        try require(.script)
        let workspace = try Workspace(Self.question("choices: [\"1\", \"2\"]"))
        try await workspace.terminal("up", "--trust", typing: "2\n").expect(stdout: "…Port?…", status: 0)
        #expect(workspace.text("port") == "2")
        try workspace.write("init.yaml", Self.question("choices: [\"2\", \"3\"], default: 3"))
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("port") == "2", "a person's answer stays while it is allowed")
        try workspace.write("init.yaml", Self.question("choices: [\"3\", \"4\"]"))
        try await workspace.up().expect(stderr: "…'Port?' (port) has no answer…", status: 78)
        try await workspace.terminal("up", "--trust", typing: "4\n").expect(stdout: "…Port?…", status: 0)
        #expect(workspace.text("port") == "4")
    }

    @Test func `an approval ends when a template or an included file says something else`() async throws {
        func template(_ word: String) -> String { "description: x\nrun: echo \(word) >>ran\n" }
        let workspace = try Workspace(
            "version: 1\ninclude: [more.yaml]\nsteps:\n  a: { use: ./own.yaml }\n",
            files: [
                "own.yaml": template("one"), "more.yaml": "version: 1\nsteps:\n  b: { run: echo b >>ran }\n",
            ])
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("up").expect(status: 0)
        try await workspace.shell(
            "touch -r own.yaml ../t; sed -i s/one/two/ own.yaml; touch -r ../t own.yaml")
        try await workspace.devinit("up").expect(status: 77)
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.shell(
            "touch -r more.yaml ../t; sed -i 's/echo b/echo c/' more.yaml; touch -r ../t more.yaml")
        try await workspace.devinit("up").expect(status: 77)
        #expect(workspace.text("ran")?.contains("two") == false && workspace.text("ran")?.contains("c") == false)
    }
}
