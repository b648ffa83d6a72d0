import HostInterfaces
import Base
import Foundation
import Testing

/// Input that no one should write, and that somebody will: an error that says what to do, soon, and no crash.
@Suite struct BadInputTests {
    @Test func `no manifest anywhere says where it looked and how to begin`() async throws {
        let workspace = try Workspace()
        for command in ["up", "plan", "validate", "config"] {
            try await workspace.devinit(command).expect(
                stdout: "", stderr: "error: no devinit.yaml, init.yaml or init.yml in <root>…version: 1…", status: 65)
        }
        try await workspace.devinit("up", "--file", "no/such.yaml").expect(
            stdout: "", stderr: "error: no/such.yaml: there is no such file…", status: 65)
    }

    @Test(arguments: ["", "\n", "# only words\n", "~\n", "--- \n"])
    func `an empty manifest says what to begin with`(text: String) async throws {
        let workspace = try Workspace(text)
        try await workspace.devinit("up").expect(
            stdout: "", stderr: "init.yaml:1:1: error: init.yaml is empty…begin with 'version: 1'…", status: 65)
    }

    @Test func `a binary file is told from a text`() async throws {
        let workspace = try Workspace()
        var bytes: [UInt8] = [0x7F] + Array("ELF".utf8) + [2, 1, 1, 0]
        for index in 0..<4096 { bytes.append(UInt8(truncatingIfNeeded: index &* 197 &+ 13)) }
        try workspace.write("init.yaml", bytes)
        try await workspace.devinit("up").expect(stdout: "", stderr: "init.yaml:…error: …", status: 65)
        try await workspace.devinit("validate", "--file", Programs.devinit.text).expect(
            stdout: "", stderr: "…error: …", status: 65)
    }

    @Test func `a manifest of 100 MB is refused by its size, without being read`() async throws {
        let workspace = try Workspace()
        try await workspace.shell("printf 'version: 1\\n' >init.yaml; truncate -s 100M init.yaml")
        let ended = try await workspace.devinit("up").expect(
            stdout: "", stderr: "…init.yaml is larger than 10 MiB, the bound for a manifest…", status: 65)
        #expect(ended.seconds < 5)
    }

    @Test func `a folder, a pipe and a file without permission in place of the manifest end at once`() async throws {
        let workspace = try Workspace()
        try await workspace.shell("mkdir folder.yaml; mkfifo pipe.yaml")
        for name in ["folder.yaml", "pipe.yaml"] {
            try await workspace.devinit("validate", "-f", name, limit: .seconds(20)).expect(
                stdout: "", stderr: "…error: \(name)…", status: 65)
        }
    }

    @Test func `an alias bomb passes a bound that is named, in bounded time`() async throws {
        var text = "version: 1\nx-a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "x-a\(level): &a\(level) [\(items)]\n"
        }
        let workspace = try Workspace(text + "steps:\n  a: { run: echo }\n")
        let ended = try await workspace.devinit("validate").expect(
            stdout: "", stderr: "init.yaml:…error: …alias…", status: 65)
        #expect(ended.seconds < 5)
    }

    @Test func `nesting without end passes a bound that is named`() async throws {
        let workspace = try Workspace("version: 1\nx-deep: " + String(repeating: "[", count: 100_000) + "\n")
        let ended = try await workspace.devinit("validate").expect(
            stdout: "", stderr: "init.yaml:2:…error: …", status: 65)
        #expect(ended.seconds < 5)
    }

    @Test func `another tool's file is walked past, and said once`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: touch ran }\n",
            files: ["sub/init.yaml": "apiVersion: v1\nkind: Pod\n", "sub/deeper/x": ""])
        let ended = try await workspace.run(
            [Programs.devinit.text, "up", "--trust"], in: "sub/deeper"
        ).expect(stderr: "note: <root>/sub/init.yaml belongs to another tool and was walked past\n…", status: 0)
        #expect(ended.stderr.components(separatedBy: "another tool").count == 2)
        #expect(workspace.exists("ran"))
        try workspace.remove("init.yaml")
        try await workspace.devinit("up", in: "sub").expect(
            stderr: "error: no devinit.yaml…<root>/sub/init.yaml belongs to another tool…", status: 65)
    }

    @Test func `devinit.yaml comes before init.yaml, and a named file before both`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  one: { run: echo }\n",
            files: [
                "devinit.yaml": "version: 1\nsteps:\n  two: { run: echo }\n",
                "other.yaml": "version: 1\nsteps:\n  three: { run: echo }\n",
            ])
        try await workspace.devinit("plan").expect(stdout: "step:two…", status: 0)
        try await workspace.devinit("plan", environment: ["DEVINIT_FILE": "other.yaml"]).expect(
            stdout: "step:three…", status: 0)
        try await workspace.devinit("plan", "-f", "init.yaml", environment: ["DEVINIT_FILE": "other.yaml"]).expect(
            stdout: "step:one…", status: 0)
    }

    @Test func `control characters in a manifest reach no terminal`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo, \"b\\e[31m\\x07\": 1 }\n")
        let ended = try await workspace.devinit("validate").expect(stdout: "", status: 65)
        #expect(!ended.stderr.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(ended)")
    }
}
