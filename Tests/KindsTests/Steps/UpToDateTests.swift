import Base
import Execution
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// When a step runs and what it says about it, on real files.
@Suite struct UpToDateTests {
    private static let build = """
        version: 1
        steps:
          build:
            run: cat package-lock.json > out.txt; echo ran >> runs.txt
            inputs: [package-lock.json]
            outputs: [out.txt]
        """

    private func runs(_ fixture: WorkspaceFixture) -> Int {
        (fixture.text("runs.txt") ?? "").split(separator: "\n").count
    }

    @Test func `a changed lock file is named in the reason`() async throws {
        let fixture = try WorkspaceFixture(Self.build, files: ["package-lock.json": "one"])
        #expect(try await fixture.plan()["step:build"] == .work(.run, "not done yet"))
        #expect(try await fixture.up()["step:build"]?.status == .done)
        #expect(try await fixture.up()["step:build"]?.status == .upToDate)
        try fixture.write("package-lock.json", "two")
        #expect(try await fixture.plan()["step:build"] == .work(.run, "inputs changed: package-lock.json"))
        #expect(try await fixture.up()["step:build"]?.status == .done)
        #expect(runs(fixture) == 2)
    }

    @Test func `a file that was touched without a change is up to date`() async throws {
        let fixture = try WorkspaceFixture(Self.build, files: ["package-lock.json": "one"])
        try await fixture.up()
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -5)], ofItemAtPath: (fixture.root / "package-lock.json").text
        )
        #expect(try await fixture.up()["step:build"]?.status == .upToDate)
    }

    @Test func `a deleted output makes it run again`() async throws {
        let fixture = try WorkspaceFixture(Self.build, files: ["package-lock.json": "one"])
        try await fixture.up()
        try fixture.remove("out.txt")
        #expect(try await fixture.plan()["step:build"] == .work(.run, "output missing: out.txt"))
        try await fixture.up()
        #expect(fixture.exists("out.txt"))
    }

    @Test func `a step without criteria runs at every up`() async throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  hello: { run: echo hi }\n")
        #expect(try await fixture.plan()["step:hello"] == .work(.run, "runs at every up"))
        try await fixture.up()
        try await fixture.up()
        #expect(fixture.output(of: "step:hello") == "hi\nhi\n")
    }

    @Test func `an output that was not made is a failure and leaves no record`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  build: { run: 'true', inputs: [a], outputs: [b] }\n", files: ["a": ""])
        let result = try await fixture.up()["step:build"]
        #expect(result?.status == .failed)
        #expect(result?.reason.contains("'b' is not there") == true)
        #expect(try await fixture.plan()["step:build"] == .work(.run, "failed last time"))
    }

    @Test func `a step that fails leaves no record and says so next time`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  build: { run: test -e go, inputs: [a] }\n", files: ["a": "1"])
        let result = try await fixture.up()["step:build"]
        #expect(result?.failure?.kind == .failed)
        #expect(try await fixture.plan()["step:build"] == .work(.run, "failed last time"))
        try fixture.write("go", "")
        #expect(try await fixture.up()["step:build"]?.status == .done)
        #expect(try await fixture.plan()["step:build"] == .upToDate("up to date"))
    }

    @Test func `a failure after a success is not forgotten when the input goes back`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  build: { run: test \"$(cat a)\" != bad, inputs: [a] }\n", files: ["a": "good"])
        try await fixture.up()
        try fixture.write("a", "bad")
        try await fixture.up()
        try fixture.write("a", "good")
        #expect(try await fixture.plan()["step:build"] == .work(.run, "failed last time"))
    }

    @Test func `an input that changes in mid-run makes it stale`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  build: { run: cat a > b; echo later > a, inputs: [a], outputs: [b] }\n",
            files: ["a": "early"])
        #expect(try await fixture.up()["step:build"]?.status == .done)
        #expect(try await fixture.plan()["step:build"] == .work(.run, "inputs changed: a"))
    }

    @Test func `what a step makes itself is no input, unless it is named`() async throws {
        let manifest =
            "version: 1\nsteps:\n  build: { run: date +%N > dist.txt, inputs: ['*.txt'], outputs: [dist.txt] }\n"
        let fixture = try WorkspaceFixture(manifest, files: ["a.txt": "1"])
        try await fixture.up()
        #expect(try await fixture.plan()["step:build"] == .upToDate("up to date"))
        try fixture.write("b.txt", "2")
        #expect(try await fixture.plan()["step:build"] == .work(.run, "inputs changed: b.txt"))
    }

    @Test func `a changed command is named`() async throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a: { run: echo 1, inputs: [x] }\n", files: ["x": ""])
        try await fixture.up()
        try fixture.write("init.yaml", "version: 1\nsteps:\n  a: { run: echo 2, inputs: [x] }\n")
        #expect(try await fixture.plan()["step:a"] == .work(.run, "definition changed: run"))
    }

    @Test func `a changed environment value is named, without the value`() async throws {
        func manifest(_ value: String) -> String {
            "version: 1\nsteps:\n  a: { run: 'true', inputs: [x], env: { MODE: \(value) } }\n"
        }
        let fixture = try WorkspaceFixture(manifest("first-value"), files: ["x": ""])
        try await fixture.up()
        #expect(!fixture.records.contains("first-value"))
        try fixture.write("init.yaml", manifest("second-value"))
        #expect(try await fixture.plan()["step:a"] == .work(.run, "environment changed: MODE"))
    }

    @Test func `a changed env file counts`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: 'test \"$X\" != \"\"', inputs: [x], env_file: my.env }\n",
            files: ["x": "", "my.env": "X=1\n"])
        #expect(try await fixture.up()["step:a"]?.status == .done)
        try fixture.write("my.env", "X=2\n")
        #expect(try await fixture.plan()["step:a"] == .work(.run, "environment changed: my.env"))
    }

    @Test func `more than three changed inputs are counted`() async throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a: { run: 'true', inputs: ['*.txt'] }\n")
        try await fixture.up()
        for name in "abcde" { try fixture.write("\(name).txt", "") }
        #expect(
            try await fixture.plan()["step:a"] == .work(.run, "inputs changed: a.txt, b.txt, c.txt (+2 more)"))
    }

    @Test func `rerun asks for no record`() async throws {
        let fixture = try WorkspaceFixture(Self.build, files: ["package-lock.json": "one"])
        try await fixture.up()
        var settings = RunSettings(jobs: 2)
        settings.rerun = [NodeID("step", "build")]
        #expect(try await fixture.up(settings: settings)["step:build"]?.status == .done)
        #expect(runs(fixture) == 2)
    }

    @Test func `unless is not run by plan`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: touch done, unless: 'echo x >> asked; test -e done' }\n")
        #expect(try await fixture.plan()["step:a"] == .unknown("its 'unless' decides"))
        #expect(!fixture.exists("asked"))
        #expect(try await fixture.up()["step:a"]?.status == .done)
        #expect(try await fixture.up()["step:a"]?.reason == "its 'unless' says so")
        try fixture.remove("done")
        #expect(try await fixture.up()["step:a"]?.status == .done)
    }

    @Test func `once is not repeated when it changes`() async throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a: { run: echo 1 >> runs.txt, once: true }\n")
        try await fixture.up()
        try fixture.write("init.yaml", "version: 1\nsteps:\n  a: { run: echo 2 >> runs.txt, once: true }\n")
        #expect(try await fixture.plan()["step:a"] == .upToDate("done once"))
        try await fixture.up()
        #expect(runs(fixture) == 1)
    }

    @Test func `a step among the inputs that ran makes it stale`() async throws {
        let fixture = try WorkspaceFixture(
            """
            version: 1
            steps:
              first: { run: 'true', inputs: [a] }
              second: { run: 'true', inputs: ['step:first'] }
            """, files: ["a": "1"])
        try await fixture.up()
        #expect(try await fixture.plan()["step:second"] == .upToDate("up to date"))
        try fixture.write("a", "2")
        #expect(try await fixture.plan()["step:second"] == .unknown("after step:first"))
        let results = try await fixture.up()
        #expect(results["step:second"]?.reason == "step:first ran since")
    }
}
