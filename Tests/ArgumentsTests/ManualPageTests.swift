import Arguments
import Testing

@Suite struct ManualPageTests {
    @Test func `commands, options and examples are all there`() {
        let page = ManualPage.page(for: Sample.program, version: "1.2", date: "2026-01-02")
        #expect(page.hasPrefix(".TH \"DEVINIT\" 1 \"2026-01-02\" \"devinit 1.2\"\n.SH NAME\ndevinit \\- One command"))
        #expect(page.contains(".TP\n\\fBdevinit run [OPTIONS] STEP [\\-\\- ARGS]\\fR\nRun one step now.\n"))
        #expect(page.contains(".TP\n\\fB\\-j\\fR, \\fB\\-\\-jobs\\fR \\fIN\\fR\nNodes to run at once."))
        #expect(!page.contains("trace") && !page.contains("__complete"))
    }

    @Test func `text that looks like a request is none`() {
        let command = CommandSpec(
            name: "up", summary: ".so /etc/passwd \\n.", discussion: "'quoted' \\fB \n.de x", group: "A \"B\"")
        let program = Program(
            name: "devinit", summary: "Does it.", globals: [], commands: [command], groups: ["A \"B\""])
        let page = ManualPage.page(for: program, version: "1", date: "")
        #expect(page.contains("\n\\&.so /etc/passwd \\en.\n"))
        #expect(page.contains("\n\\&'quoted' \\efB  .de x\n"))
        #expect(page.contains(".SS \"A \\(dqB\\(dq\"\n"))
    }

    @Test(.enabled(if: ShellRun.find("groff") != nil, "no groff here"))
    func `roff reads the page without a warning`() throws {
        let page = ManualPage.page(for: Sample.program, version: "1.2", date: "2026-01-02")
        let result = try ShellRun.run("groff", ["-man", "-Tascii", "-ww", "-z"], input: page)
        #expect(result.output == "")
        #expect(result.status == 0)
    }
}
