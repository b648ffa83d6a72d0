import Base
import Execution
import Foundation
import HostInterfaces
import Synchronization
import Testing

@testable import Kinds

/// What a step's process gets, and what becomes of it.
@Suite struct StepRunTests {
    @Test func `a step's environment is the workspace's, its files' and its own`() async throws {
        let fixture = try WorkspaceFixture(
            """
            version: 1
            workspace: acme
            steps:
              show:
                run: echo "$DEVINIT_NODE $DEVINIT_WORKSPACE $DEVINIT_ROOT $A $B"
                env_file: my.env
                env: { B: from-env }
            """, files: ["my.env": "A=from-file\nB=lost\n"])
        try await fixture.up()
        #expect(fixture.output(of: "step:show") == "step:show acme \(fixture.root) from-file from-env\n")
    }

    @Test func `a command is never interpolated`() async throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a: { run: 'X=1; echo $X $$ | cut -d\" \" -f1' }\n")
        try await fixture.up()
        #expect(fixture.output(of: "step:a") == "1\n")
    }

    @Test func `the shell stops at the first error and at unset variables`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: 'false; touch went-on' }\n  b: { run: 'echo $NOT_SET_ANYWHERE' }\n  c: { run: 'false | true', shell: bash }\n"
        )
        let results = try await fixture.up()
        #expect(results.values.allSatisfy { $0.status == .failed })
        #expect(!fixture.exists("went-on"))
    }

    @Test func `a time limit ends grandchildren too`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: '(sleep 1.5; touch survived) & sleep 60', timeout: 300ms }\n")
        let result = try await fixture.up()["step:a"]
        #expect(result?.failure?.kind == .timedOut)
        try await Task.sleep(for: .milliseconds(1600))
        #expect(!fixture.exists("survived"))
    }

    @Test func `input and output are files, and a failed dump keeps the good one`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  dump: { run: 'cat; test ! -e bad', stdin: in.sql, stdout: out/dump.sql }\n",
            files: ["in.sql": "select 1;"])
        #expect(try await fixture.up()["step:dump"]?.status == .done)
        #expect(fixture.text("out/dump.sql") == "select 1;")
        try fixture.write("in.sql", "half")
        try fixture.write("bad", "")
        #expect(try await fixture.up()["step:dump"]?.status == .failed)
        #expect(fixture.text("out/dump.sql") == "select 1;")
        let names = try fixture.host.files.entries(of: fixture.root / "out").map(\.name)
        #expect(names == ["dump.sql"])
    }

    @Test func `a failure that is allowed does not count, and is no record`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: 'false', allow_failure: true, inputs: [x] }\n", files: ["x": ""])
        #expect(try await fixture.up()["step:a"]?.status == .done)
        #expect(try await fixture.plan()["step:a"] == .work(.run, "not done yet"))
    }

    @Test func `what asks first is not done unasked`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  reset: { run: touch gone, manual: true, confirm: Deletes all local data }\n")
        #expect(try await fixture.up()["step:reset"] == nil)
        let refused = try await fixture.up("reset")["step:reset"]
        #expect(refused?.status == .failed && refused?.failure?.kind == .prerequisite)
        #expect(!fixture.exists("gone"))
        var settings = RunSettings(jobs: 1)
        settings.confirmed = [NodeID("step", "reset")]
        #expect(try await fixture.up("reset", settings: settings)["step:reset"]?.status == .done)
    }

    @Test func `words after the step's name reach its command alone`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  dep: { run: echo dep }\n  a: { run: echo got, needs: [dep], manual: true }\n")
        var settings = RunSettings(jobs: 1)
        settings.rerun = [NodeID("step", "a")]
        settings.extraArguments = ["--watch", "a b"]
        try await fixture.up("a", settings: settings)
        #expect(fixture.output(of: "step:a") == "got --watch a b\n")
        #expect(fixture.output(of: "step:dep") == "dep\n")
    }

    @Test func `inside, the command gets its own environment only`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: 'echo \"$INSIDE ${HOME-none} $X\"', inside: postgres, env: { X: \"1\" } }\n",
            extra: [FakeService("postgres")])
        try await fixture.up()
        #expect(fixture.output(of: "step:a") == "postgres none 1\n")
    }

    // MARK: Data

    @Test func `new data is migrated and seeded again, old data never twice`() async throws {
        let service = FakeService("postgres")
        let fixture = try WorkspaceFixture(
            """
            version: 1
            steps:
              migrate: { run: echo m >> log, inputs: [schema], per: postgres }
              seed: { run: echo s >> log, once: { per: postgres }, needs: [migrate] }
            """, files: ["schema": "1"], extra: [service])
        func log() -> String { (fixture.text("log") ?? "").replacing("\n", with: "") }
        try await fixture.up()
        try await fixture.up()
        #expect(log() == "ms")
        service.setData("volume-2")
        #expect(try await fixture.plan()["step:migrate"] == .work(.run, "not done for the data of postgres"))
        try await fixture.up()
        #expect(log() == "msms")
        service.setData("volume-1")
        try await fixture.up()
        #expect(log() == "msms")
        try fixture.write("schema", "2")
        try await fixture.up()
        #expect(log() == "msmsm")
    }

    // MARK: Secrets

    @Test func `a changed secret is noticed and never shown`() async throws {
        let secret = FakeSecret("token", "hunter2hunter2")
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: 'echo $T', inputs: [x], env: { T: '${secrets.token}' } }\n",
            files: ["x": ""], extra: [secret])
        #expect(fixture.edges(of: "step:a") == ["secret:token: its env refers to it"])
        try await fixture.up()
        #expect(fixture.output(of: "step:a") == "***\n")
        #expect(try await fixture.plan()["step:a"] == .upToDate("up to date"))
        secret.set("correct-horse")
        let result = try await fixture.up()["step:a"]
        #expect(result?.reason == "environment changed: T")
        #expect(!fixture.records.contains("hunter2") && !fixture.records.contains("correct-horse"))
        #expect(!fixture.records.contains(fixture.host.digests.sha256(Array("hunter2hunter2".utf8)).prefix(16)))
    }

    // MARK: Waiting

    @Test func `a step waits for an answer, and gives up in time`() async throws {
        let port = try #require(WorkspaceFixture("version: 1\n").host.network.freePort(address: "127.0.0.1"))
        let fixture = try WorkspaceFixture(
            """
            version: 1
            steps:
              serve: { run: [python3, -c, "\(Self.server(port))"], timeout: 5s, allow_failure: true }
              ready: { wait: { http: "http://127.0.0.1:\(port)/x" } }
              never: { wait: { tcp: "127.0.0.1:1", timeout: 200ms } }
            """)
        let results = try await fixture.up()
        #expect(results["step:ready"]?.status == .done)
        #expect(results["step:never"]?.failure?.kind == .timedOut)
        #expect(results["step:never"]?.reason.contains("connection refused") == true)
    }

    /// Answers 503 twice, then 200, and ends.
    private static func server(_ port: Int) -> String {
        "import socket,time; time.sleep(.3); s=socket.socket(); s.setsockopt(1,2,1); s.bind(('127.0.0.1',\(port))); s.listen(); "
            + "[(lambda c:(c.recv(999),c.sendall(b'HTTP/1.1 %s x\\\\r\\\\nContent-Length: 0\\\\r\\\\nConnection: close\\\\r\\\\n\\\\r\\\\n' % n),c.close()))(s.accept()[0]) for n in (b'503',b'503',b'200')]"
    }

    // MARK: Templates

    @Test func `npm installs by the lock file, once`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  deps: { in: web, use: node-install }\n",
            files: [
                "web/package.json": #"{"name":"web","version":"1.0.0","dependencies":{"local":"file:../local"}}"#,
                "local/package.json": #"{"name":"local","version":"1.0.0"}"#,
            ])
        guard
            fixture.host.processes.find("npm", path: fixture.host.environment["PATH"] ?? "", folder: fixture.root)
                != nil
        else { return }
        #expect(try await fixture.up("step:deps")["step:deps"]?.status == .done)
        #expect(fixture.exists("web/node_modules/local"))
        #expect(fixture.exists("web/package-lock.json"))
        // The lock file is there now, so the variant is another one.
        #expect(try await fixture.up("step:deps")["step:deps"]?.reason == "definition changed: run")
        #expect(try await fixture.plan("step:deps")["step:deps"] == .upToDate("up to date"))
    }

    @Test func `a changed template of one's own runs again`() async throws {
        func template(_ word: String) -> String {
            "description: x\nparameters: { who: { type: list } }\nrun: printf '\(word) %s\\n' \"$WITH_WHO\"\ninputs: [x]\nenv: { N: '${with.who}' }\n"
        }
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { use: ./own.yaml, with: { who: [a, b] } }\n",
            files: ["own.yaml": template("hello"), "x": ""])
        try await fixture.up()
        #expect(fixture.output(of: "step:a") == "hello a\nb\n")
        try fixture.write("own.yaml", "# a comment changes nothing\n" + template("hello"))
        #expect(try await fixture.plan()["step:a"] == .upToDate("up to date"))
        try fixture.write("own.yaml", template("bye"))
        #expect(try await fixture.plan()["step:a"] == .work(.run, "definition changed: run"))
    }

    @Test func `files at rest are not read again, however many steps have them`() async throws {
        var manifest = "version: 1\nsteps:\n"
        var given: [String: String] = [:]
        for index in 0..<10 {
            manifest +=
                "  s\(index): { run: touch d\(index)/out, inputs: [d\(index)/lock, 'd\(index)/src/*'], outputs: [d\(index)/out] }\n"
            for name in ["lock", "src/a"] { given["d\(index)/\(name)"] = name }
        }
        let files = Mutex<CoarseFiles?>(nil)
        let fixture = try WorkspaceFixture(
            manifest, files: given,
            changing: { host in
                let coarse = CoarseFiles(host.files)
                coarse.freeze(at: 1_600_000_000_000_000_000)
                host.files = coarse
                files.withLock { $0 = coarse }
            })
        try await fixture.up()
        let coarse = try #require(files.withLock { $0 })
        let before = coarse.reads(of: "lock") + coarse.reads(of: "a")
        #expect(before == 20)
        let plan = try await fixture.plan()
        #expect(plan.values.filter { $0 == .upToDate("up to date") }.count == 10)
        #expect(coarse.reads(of: "lock") + coarse.reads(of: "a") == before)
    }
}
