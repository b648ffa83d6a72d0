import Arguments
import Testing

@Suite struct HelpTests {
    @Test func `the program's help lists commands by group and hides what is hidden`() {
        let help = HelpRenderer(width: 80).help(of: Sample.program)
        #expect(
            help == """
                devinit: One command from a bare machine to a running product.

                Usage: devinit [OPTIONS] COMMAND [ARGUMENTS]

                Start here:
                  up           Make the machine match the manifest.
                  down         Stop the services.
                  run          Run one step now.

                More:
                  exec         Run a command in a service.
                  logs         Show what a node printed.
                  completions  Print a completion script.
                  copy         Copy some things.

                Options:
                  -f, --file FILE      The manifest to read.
                  -C, --directory DIR  The folder to work in.
                  -y, --yes            Answer yes to what can be undone.
                  -j, --jobs N         Nodes to run at once. A whole number from 1 to 64.
                                       Default: 4.
                      --profile NAME…  Select what this profile labels.
                  -q, --quiet          Say less.
                  -v, --verbose…       Say more; twice for all.
                      --progress FORM  How progress is shown. One of auto, tty or plain.
                                       Default: auto.
                      --grace SPAN     How long children may take to stop. Default: 10s.
                  -h, --help           Show this help and stop.
                      --version        Show the version and stop.

                An option that is not given takes its value from the environment: --file from
                DEVINIT_FILE, and so on.
                See devinit COMMAND --help for one command.

                """)
    }

    @Test func `a command's help shows its own options first`() {
        let help = HelpRenderer(width: 80).help(of: Sample.up, in: Sample.program)
        #expect(
            help == """
                devinit up: Make the machine match the manifest.

                Usage: devinit up [OPTIONS] [TARGET…]

                Plans and runs what is not up to date.

                Independent work goes on after a failure.

                Arguments:
                  TARGET…  Only these nodes and what they need.

                Options:
                  -n, --dry-run      Print the plan and stop.
                      --[no-]pull    Fetch newer images. Default: on.
                      --memory SIZE  What a service may use. Variable: DEVINIT_SERVICE_MEMORY.

                Options of every command:
                  -f, --file FILE      The manifest to read.
                  -C, --directory DIR  The folder to work in.
                  -y, --yes            Answer yes to what can be undone.
                  -j, --jobs N         Nodes to run at once. A whole number from 1 to 64.
                                       Default: 4.
                      --profile NAME…  Select what this profile labels.
                  -q, --quiet          Say less.
                  -v, --verbose…       Say more; twice for all.
                      --progress FORM  How progress is shown. One of auto, tty or plain.
                                       Default: auto.
                      --grace SPAN     How long children may take to stop. Default: 10s.
                  -h, --help           Show this help and stop.
                      --version        Show the version and stop.

                Examples:
                  devinit up step:api
                      Only that step and what it needs.

                """)
    }

    @Test(arguments: [1, 40, 57, 80, 120, 500])
    func `no line is wider than asked and the width is kept in bounds`(width: Int) {
        let renderer = HelpRenderer(width: width)
        #expect(renderer.width == min(120, max(40, width)))
        for command in Sample.program.commands {
            for line in renderer.help(of: command, in: Sample.program).split(separator: "\n") {
                // A single long word is not broken.
                #expect(line.count <= renderer.width || line.drop { $0 == " " }.contains(" ") == false)
                #expect(line.last != " ")
            }
        }
    }

    @Test func `a letter taken over is not offered for the program-wide option`() {
        let help = HelpRenderer().help(of: Sample.logs, in: Sample.program)
        #expect(help.contains("\n  -f, --follow "))
        #expect(help.contains("\n      --file FILE "))
    }

    @Test func `bold changes no column`() {
        let bold = HelpRenderer(width: 60) { text, role in role == .name ? "<\(text)>" : "[\(text)]" }
        let plain = HelpRenderer(width: 60).help(of: Sample.up, in: Sample.program)
        let styled = bold.help(of: Sample.up, in: Sample.program)
        #expect(styled.contains("[Usage:] devinit up [OPTIONS] [TARGET…]"))
        #expect(styled.contains("  <-n, --dry-run>      Print"))
        #expect(plain.contains("  -n, --dry-run      Print"))
    }
}
