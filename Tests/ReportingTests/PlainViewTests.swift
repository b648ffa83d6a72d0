import Execution
import HostFakes
import HostInterfaces
import Reporting
import Testing

@Suite struct PlainViewTests {
    private func written(_ events: Script.Events, isVerbose: Bool = false, isGitHub: Bool = false) -> String {
        let terminal = FakeTerminal(terminals: [])
        let view = PlainView(terminal: terminal, style: utf, isVerbose: isVerbose, isGitHub: isGitHub)
        for (at, event) in events { view.handle(event, at: at) }
        return terminal.error
    }

    @Test func `lines begin with the padded node and progress is throttled`() {
        #expect(
            written(Script.success) == """
                this takes about 20s, longest: repo:api → step:install
                [repo:api]     create: missing
                [repo:web]     create: missing
                [repo:api]     receiving objects 40 %, 12.3 MB
                [repo:web]     done in 2.1s
                [repo:api]     done in 4.2s
                [step:install] run: inputs changed: package-lock.json
                [step:install] done in 12s

                """)
    }

    @Test func `a failure brings its last lines without their escape sequences`() {
        #expect(
            written(Script.failed) == """
                [step:migrate] run: never run
                [step:docs]    run: never run
                [step:migrate] exit status 1; trying again in 0.50s
                [step:migrate] run (attempt 2): never run
                [step:migrate] failed after 1.2s: exit status 1
                [step:migrate] | psql: error
                [step:seed]    skipped: needs step:migrate, which was not done
                [step:docs]    done in 2.0s

                """)
    }

    @Test func `with -v output and up-to-date nodes are shown`() {
        let text = written(Script.success, isVerbose: true)
        #expect(text.contains("[tool:git]     up to date: git 2.43 is installed\n"))
        #expect(text.contains("[step:install] added 120 packages\n"))
    }

    @Test func `GitHub gets an annotation and a group, and output can't command it`() {
        var events = Script.failed
        events.insert((1.1, .output(node("step:migrate"), line: "##[error]no", isError: false)), at: 7)
        let text = written(events, isGitHub: true)
        #expect(text.contains("\n::error title=step%3Amigrate::exit status 1\n"))
        #expect(text.contains("\n::group::step:migrate: last lines of output\n[step:migrate] | psql: error\n"))
        #expect(text.contains("## [error]no\n::endgroup::\n"))
    }
}
