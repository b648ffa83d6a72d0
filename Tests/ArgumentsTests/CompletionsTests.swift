import Arguments
import Testing

@Suite struct CompletionsTests {
    @Test(
        arguments: Completions.Shell.allCases.filter { ShellRun.find($0.rawValue) != nil })
    func `the script is one that the shell reads`(shell: Completions.Shell) throws {
        let script = Completions.script(for: shell, program: Sample.program)
        let result = try ShellRun.run(shell.rawValue, ["-n"], input: script)
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test(.enabled(if: ShellRun.find("shellcheck") != nil, "no shellcheck here"))
    func `shellcheck has nothing against the bash script`() throws {
        let script = Completions.script(for: .bash, program: Sample.program)
        #expect(try ShellRun.run("shellcheck", ["-s", "bash", "-"], input: script).output == "")
    }

    @Test(
        .enabled(if: ShellRun.find("bash") != nil, "no bash here"),
        arguments: [
            ("devinit ", "up down run exec logs completions copy"), ("devinit u", "up"),
            ("devinit -f x up --dr", "--dry-run"), ("devinit --progress ", "auto tty plain"),
            ("devinit up --progress=t", "tty"), ("devinit up ", "step:api step:web service:db"),
            ("devinit up step:w", "web"), ("devinit up a step:w", "web"), ("devinit logs -f --ta", "--tail"),
            ("devinit logs -n ", ""), ("devinit completions z", "zsh"), ("devinit completions zsh ", ""),
            ("devinit -C u", ""), ("devinit up --no-", "--no-pull"), ("devinit up --trace", ""),
            ("devinit exec -- in", "input"), ("devinit --file i", "input"),
        ])
    func `bash completes what the declarations say`(line: String, expected: String) throws {
        #expect(try completed(line, nodes: ["step:api", "step:web", "service:db"]) == expected)
    }

    @Test(.enabled(if: ShellRun.find("bash") != nil, "no bash here"))
    func `a node's name never runs in bash, neither while completing nor once completed`() throws {
        #expect(try completed("devinit up x", nodes: ["x$(touch here)"]) == #"x\$\(touch\ here\)"#)
    }

    @Test(.enabled(if: ShellRun.find("bash") != nil, "no bash here"))
    func `the callback gets the words typed so far`() throws {
        #expect(
            try completed("devinit -C api up a ", nodes: ["$*"], quote: "\"")
                == #"__complete\ nodes\ --\ -C\ api\ up\ a"#)
    }

    @Test func `zsh and fish scripts hold every option and quote its help`() {
        let flag = Flag("it's", help: "It's [a]: \\ \"b\" $(c).").spec
        let program = Program(
            name: "devinit", summary: "Does it.", globals: [flag],
            commands: [CommandSpec(name: "up", summary: "Goes: up.", group: "G")], groups: ["G"])
        let zsh = Completions.script(for: .zsh, program: program)
        #expect(zsh.contains(#"'(--it'\''s)--it'\''s[It'\''s \[a\]\: \\ "b" $(c).]'"#))
        #expect(zsh.contains("'up:Goes: up.'"))
        let fish = Completions.script(for: .fish, program: program)
        #expect(fish.contains(#"-d 'It\'s [a]: \\ "b" $(c).'"#))
        let sample = Completions.script(for: .fish, program: Sample.program)
        #expect(sample.contains("-n 'not __devinit_under logs' -s f -r -F"))
        #expect(!sample.contains("trace-parser") && !sample.contains("-a '__complete'"))
    }

    /// What bash offers for a line with the cursor at its end; the program itself is a function that lists `nodes`.
    private func completed(_ line: String, nodes: [String], quote: String = "'") throws -> String {
        let script =
            Completions.script(for: .bash, program: Sample.program) + """
                devinit() { printf '%s\\n' \(nodes.map { quote + $0 + quote }.joined(separator: " ")); }
                COMP_LINE='\(line)' COMP_POINT=${#COMP_LINE} COMP_WORDBREAKS=$' \\t\\n"><=;|&(:'
                COMP_POINT=${#COMP_LINE}
                _devinit
                echo "${COMPREPLY[*]}"
                """
        let output = try ShellRun.run("bash", ["--norc"], input: script).output
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }
}
