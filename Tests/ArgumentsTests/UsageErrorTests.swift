import Arguments
import Testing

@Suite struct UsageErrorTests {
    @Test(arguments: [
        ("up --dri-run", "devinit up: unknown option --dri-run; did you mean --dry-run?"),
        ("up --dry", "devinit up: unknown option --dry; did you mean --dry-run?"),
        ("up --job 3", "devinit up: unknown option --job; did you mean --jobs?"),
        ("up -dry-run", "devinit up: unknown option -dry-run; did you mean --dry-run?"),
        ("up --no-pul", "devinit up: unknown option --no-pul; did you mean --no-pull?"),
        ("up --zebra", "devinit up: unknown option --zebra"),
        ("up --trace-parse", "devinit up: unknown option --trace-parse"),
        ("up -c x", "devinit up: unknown option -c; did you mean -C?"),
        ("up -qz", "devinit up: unknown option -z"),
        ("down --dry-run", "devinit down: unknown option --dry-run; it is an option of devinit up"),
        ("down -n", "devinit down: unknown option -n; it is an option of devinit up or devinit logs"),
        ("down -v", "devinit down: -v is not used here; did you mean --volumes?"),
        ("down -qv", "devinit down: -v is not used here; did you mean --volumes?"),
        ("--fiel x up", "devinit: unknown option --fiel; did you mean --file?"),
        ("upp", "devinit: unknown command upp; did you mean devinit up?"),
        ("start", "devinit: unknown command start; did you mean devinit up?"),
        ("zebra", "devinit: unknown command zebra"),
        ("_complete", "devinit: unknown command _complete"),
        ("upp --help", "devinit: unknown command upp; did you mean devinit up?"),
        ("up --jobs", "devinit up: --jobs needs a value: --jobs N"),
        ("up -qj", "devinit up: -j needs a value: -j N"),
        ("up -f --yes", "devinit up: -f needs a value, but --yes follows; if that is the value, write -f--yes"),
        ("up --file -y", "devinit up: --file needs a value, but -y follows; if that is the value, write --file=-y"),
        ("up --file -- x", "devinit up: --file needs a value: --file FILE"),
        ("up --yes=1", "devinit up: --yes takes no value, but got 1"),
        ("up --jobs many", "devinit up: --jobs: many is not a whole number from 1 to 64"),
        ("up -j0", "devinit up: -j: 0 is not a whole number from 1 to 64"),
        ("up -j99999999999999999999", "devinit up: -j: 99999999999999999999 is not a whole number from 1 to 64"),
        ("up --progress plan", "devinit up: --progress: plan is not auto, tty or plain; did you mean plain?"),
        ("up --grace 10", "devinit up: --grace: 10 is not a span of time such as 10s or 1m30s"),
        ("up --memory lots", "devinit up: --memory: lots is not a size such as 500MB or 8GiB"),
        ("up --file=", #"devinit up: --file: "" is not a path"#),
        ("up -j2 --jobs 3", "devinit up: --jobs 2 and --jobs 3 contradict each other"),
        ("up --pull --no-pull", "devinit up: --pull and --no-pull contradict each other"),
        ("up --no-pull --pull", "devinit up: --no-pull and --pull contradict each other"),
        ("run", "devinit run: STEP is missing"),
        ("run a b", "devinit run: unexpected argument b; ARGS goes after --"),
        ("down x", "devinit down: unexpected argument x"),
        ("exec", "devinit exec: -- COMMAND is missing"),
        ("completions csh", "devinit completions: SHELL: csh is not bash, zsh or fish; did you mean zsh?"),
    ])
    func `wrong words are answered with what is wrong and the nearest right one`(line: String, message: String) {
        #expect(Sample.message(line) == message)
    }

    @Test func `the error is data and says where to read on`() {
        do throws(UsageError) {
            _ = try Sample.parse("up --dri-run")
            Issue.record("no error")
        } catch {
            #expect(error.command == "up")
            #expect(error.kind == .unknownOption("--dri-run", suggestion: "--dry-run", commands: []))
            #expect(error.advice == "See devinit up --help")
        }
    }

    @Test func `a token with control characters cannot steer the terminal`() {
        #expect(
            Sample.message(["up", "--x\u{1b}[31m\u{202e}"]) == #"devinit up: unknown option --x\u{1b}[31m\u{202e}"#)
    }

    @Test func `verbose is refused under down only as a letter after the command`() throws {
        #expect(try Sample.parse("-v down --verbose").count(Sample.verbose) == 2)
    }
}
