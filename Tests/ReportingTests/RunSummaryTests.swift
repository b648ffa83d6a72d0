import Base
import Execution
import HostFakes
import HostInterfaces
import Reporting
import Testing

@Suite struct RunSummaryTests {
    private func lines(_ events: Script.Events, columns: Int?) -> String {
        let view = RunSummaryView(style: utf)
        return utf.text(view.lines(Script.summary(events), columns: columns))
    }

    @Test func `success is one line`() {
        #expect(lines(Script.success, columns: 80) == "done: 3 nodes in 17s, 1 up to date\n")
    }

    @Test func `nothing done says what is up to date`() {
        let nodes = ["repo:a", "repo:b", "env:a/.env", "step:x", "tool:git"].map {
            (id: node($0), result: NodeResult(.upToDate, "as it should be"))
        }
        let summary = RunSummary(run: "r", status: .done, seconds: 0.0112, nodes: nodes)
        #expect(
            utf.text(RunSummaryView(style: utf).lines(summary, columns: nil))
                == "up to date (0.01 s): 2 repos, 1 step, 1 env file, 1 tool\n")
    }

    @Test func `a failure shows output, log, what was skipped, the way out and the command to continue`() {
        #expect(
            lines(Script.failed, columns: 80) == """
                ✗ step:migrate  exit status 1 (2 attempts, 1.2s)
                    | connecting to db:5432
                    | psql: error: connection to server at "localhost" (127.0.0.1) failed
                    log: .devinit/runs/r2/step:migrate.log
                    skipped because of it: step:seed
                    to do: start the database, then try again

                failed after 2.0s: 1 failed, 1 done, 1 skipped
                to continue: devinit up

                """)
    }

    @Test func `forty columns fold what is longer`() {
        #expect(
            lines(Script.failed, columns: 40)
                == """
                ✗ step:migrate
                    exit status 1 (2 attempts, 1.2s)
                    | connecting to db:5432
                    | psql: error: connection to server 
                    | at "localhost" (127.0.0.1) failed
                    log:
                      .devinit/runs/r2/step:migrate.log
                    skipped because of it: step:seed
                    to do:
                      start the database, then try again

                failed after 2.0s: 1 failed, 1 done, 1
                skipped
                to continue: devinit up

                """.replacing("server \n", with: "server\n"))
    }

    @Test func `a cancelled run says what is left`() {
        #expect(
            lines(Script.cancelled, columns: 80) == """
                cancelled after 1.5s: 2 cancelled
                to continue: devinit up

                """)
    }

    @Test func `the message is the answer and stands on standard output`() {
        let terminal = FakeTerminal(terminals: [.output, .error])
        RunSummaryView(style: utf).write(
            Script.summary(Script.success), message: "open http://localhost\u{1B}]0;x\u{07}\nbye", to: terminal)
        #expect(terminal.output == "open http://localhost\nbye\n")
        #expect(terminal.error == "done: 3 nodes in 17s, 1 up to date\n")
    }

    @Test func `output that the failure does not bring comes from the events`() {
        let tails = OutputTails()
        for (at, event) in Script.failed { tails.handle(event, at: at) }
        #expect(tails[node("step:migrate")] == ["\u{1B}[31mpsql: error\u{1B}[0m"])
        #expect(tails[node("step:docs")] == [])
    }
}
