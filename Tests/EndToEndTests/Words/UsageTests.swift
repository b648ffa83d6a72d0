import HostInterfaces
import Base
import Testing

/// The words of the command line: what is wrong, the nearest right one, and the exit status 64.
@Suite struct UsageTests {
    @Test(arguments: [
        (["uo"], "…uo…did you mean devinit up?…"), (["plna"], "…did you mean devinit plan?…"),
        (["up", "--truts"], "…--truts…did you mean --trust?…"), (["up", "--jobs", "none"], "…none…"),
        (["up", "--jobs", "0"], "…0…"), (["up", "-j"], "…"), (["plan", "--progress", "loud"], "…loud…plain…"),
        (["install"], "…devinit up…"), (["validate", "what"], "…what…"), (["run"], "…STEP is missing…"),
        (["completions", "tcsh"], "…tcsh…"), (["help", "vaildate"], "…validate…"),
        (["-C", "no-such-folder", "plan"], "…no-such-folder…"),
    ])
    func `wrong words are answered with the nearest right ones`(words: [String], stderr: String) async throws {
        let workspace = try Workspace("version: 1\nsteps: {}\n")
        let ended = try await workspace.run([Programs.devinit.text] + words)
        ended.expect(stdout: "", stderr: stderr, status: 64)
        #expect(!ended.stderr.isEmpty)
    }

    @Test func `every command explains itself on standard output, in lines that fit 80 columns`() async throws {
        let workspace = try Workspace()
        let help = try await workspace.devinit("--help").expect(stderr: "", status: 0).stdout
        for command in ["up", "plan", "run", "validate", "config", "graph", "trust", "completions", "version"] {
            #expect(help.contains(command))
            let own = try await workspace.devinit(command, "--help").expect(stderr: "", status: 0).stdout
            #expect(own.contains("devinit \(command)"))
            #expect(own.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(own)")
            try await workspace.devinit("help", command).expect(stdout: own, stderr: "", status: 0)
        }
        try await workspace.devinit().expect(stdout: "", stderr: "…devinit…", status: 64)
    }

    @Test func `the version is one line, or one document`() async throws {
        let workspace = try Workspace()
        let line = try await workspace.devinit("--version").expect(stdout: "devinit …", stderr: "", status: 0).stdout
        try await workspace.devinit("version").expect(stdout: line, stderr: "", status: 0)
        let document = try await workspace.devinit("version", "--json").json()
        #expect(line == "devinit \(document["version"]?.string ?? "?")\n")
    }

    @Test func `variables stand for flags, and a flag wins`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo }\n")
        let quiet = ["DEVINIT_PROGRESS": "quiet"]
        try await workspace.up(environment: quiet).expect(stderr: "", status: 0)
        try await workspace.up("--progress", "plain", environment: quiet).expect(stderr: "[step:a] run…", status: 0)
        try await workspace.up(environment: ["DEVINIT_JOBS": "many"]).expect(stderr: "…DEVINIT_JOBS…", status: 64)
    }

    @Test func `a folder given with -C is where the manifest is looked for`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo }\n", files: ["sub/x": ""])
        try await workspace.devinit("-C", "sub", "plan").expect(stdout: "step:a…", stderr: "", status: 0)
    }

    @Test(arguments: ["bash"])
    func `the completion script is read by its shell and knows commands and steps`(shell: String) async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  seed: { run: touch ran }\n  setup: { run: echo }\n")
        let words = try await workspace.shell(
            """
            PATH="\(Programs.devinit.parent):$PATH"; source <(devinit completions \(shell))
            complete -p devinit
            devinit __complete steps
            """)
        #expect(words.contains("devinit") && words.contains("seed\nsetup\n"), "\(words)")
        #expect(!workspace.exists("ran"))
    }
}
