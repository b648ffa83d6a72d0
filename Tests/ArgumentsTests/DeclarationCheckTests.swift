import Arguments
import Base
import Testing

@Suite struct DeclarationCheckTests {
    @Test func `the sample has no mistakes`() {
        #expect(DeclarationCheck.problems(Sample.program) == [])
    }

    @Test func `each mistake in an argument is named`() {
        let problems = problems([
            Flag("jobs", help: "Clash.").spec, Flag("quick", short: "q", help: "Clash.").spec,
            Flag("quick", help: "Again.").spec, Flag("silent", help: "").spec, Flag("loud", help: "No stop").spec,
            Flag("low", help: "small.").spec, Flag("Upper", help: "Capital.").spec,
            Flag("digit", short: "5", help: "Digit.").spec, Flag("help", short: "h", help: "Reserved.").spec,
            Option("plain", value: "x", type: .text, help: "Small.").spec,
            Option("choice", value: "X", type: .choice([]), help: "None.").spec,
            Flag("both", invertible: true, counting: true, help: "Both.").spec,
            Flag("take", short: "t", help: "Nothing.", takesOverShort: true).spec,
            Positionals("none", least: 2, most: 1, help: "Too few.").spec,
            Positionals("none", help: "Again.").spec,
        ])
        #expect(
            Set(problems) == [
                "x: --jobs is program-wide already",
                "x: -q is program-wide already; takesOverShort says that this is meant",
                "x: --quick is declared twice", "x --silent has no help",
                "x --loud: help does not end with one full stop", "x --low: help does not begin with a capital",
                "x: --Upper is not in small letters and dashes", "x: -5 is no letter", "x: --help is declared twice",
                "x: -h is declared twice", "x: --plain needs a placeholder in capitals", "x: --choice has no choices",
                "x: --both both counts and inverts", "x: -t takes nothing over", "x: NONE can hold no words",
                "x: two positionals are called none", "DEVINIT_JOBS means one thing to every command and another to x",
            ])
    }

    @Test func `mistakes in commands, groups, hints and examples are named`() {
        let bad = CommandSpec(
            name: "x", summary: "No stop", arguments: [Flag("all", short: "a", help: "All.").spec],
            examples: [
                Example("devinit x --al", help: "Stale."), Example("make", help: "Other."),
                Example("devinit x 'a b'", help: "Not judged."),
            ], group: "Unknown", hints: [Hint("-a", suggestion: "--all"), Hint("word", suggestion: "x")])
        let program = Program(
            name: "devinit", summary: "Does it.", globals: [], commands: [bad, bad], groups: ["Empty", "Empty"],
            hints: [Hint("x", suggestion: "y")])
        let problems = DeclarationCheck.problems(program)
        for problem in [
            "two commands are called x", "two groups are called Empty", "group Empty is empty",
            "a hint answers x, which is a command", "x is in group Unknown, which the program does not list",
            "x: help does not end with one full stop", "x: a hint answers -a, which is an option of it",
            "x: hint word is no option",
            "x: example devinit x --al: devinit x: unknown option --al; did you mean --all?",
            "x: example make does not begin with devinit",
        ] {
            #expect(problems.contains(problem))
        }
        #expect(!problems.contains { $0.contains("a b") })
    }

    @Test func `one variable for two meanings is a mistake`() {
        let first = Option("format", value: "F", type: .choice(["a"]), help: "One.").spec
        let second = Option("format", value: "F", type: .choice(["b"]), help: "Other.").spec
        let program = Program(
            name: "devinit", summary: "Does it.", globals: [],
            commands: [
                CommandSpec(name: "env", summary: "One.", arguments: [first], group: "G"),
                CommandSpec(name: "graph", summary: "Other.", arguments: [second], group: "G"),
            ], groups: ["G"])
        #expect(DeclarationCheck.problems(program) == ["DEVINIT_FORMAT means one thing to env and another to graph"])
    }

    private func problems(_ arguments: [ArgumentSpec]) -> [String] {
        let command = CommandSpec(name: "x", summary: "A command.", arguments: arguments, group: "G")
        return DeclarationCheck.problems(
            Program(
                name: "devinit", summary: "Does it.", globals: [Sample.jobs.spec, Sample.quiet.spec],
                commands: [command], groups: ["G"]))
    }
}
