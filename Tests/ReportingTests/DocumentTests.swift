import Base
import Execution
import HostFakes
import HostInterfaces
import Reporting
import Testing

@Suite struct DocumentTests {
    @Test func `the up document has every node with its status, reason, time, tries and log`() {
        let document = UpDocument.json(
            Script.summary(Script.failed), Script.metrics(Script.failed))
        #expect(
            document.text()
                == #"{"schema":"devinit.up/1","run":"r2","status":"failed","seconds":2.0,"nodes":[{"id":"step:migrate","status":"failed","reason":"exit status 1","seconds":1.2,"attempts":2,"log":".devinit/runs/r2/step:migrate.log"},{"id":"step:seed","status":"skipped","reason":"needs step:migrate, which was not done","seconds":0.0,"attempts":0,"log":null},{"id":"step:docs","status":"done","reason":"never run","seconds":2.0,"attempts":1,"log":null}],"metrics":{"nodes":3,"done":1,"up_to_date":0,"failed":1,"skipped":1,"cancelled":0,"retries":1,"bytes":0,"cache_hits":7,"cache_misses":2,"busy_seconds":3.2}}"#
        )
    }

    @Test func `JSON progress is a document per line with times from the start`() throws {
        let terminal = FakeTerminal()
        let view = JSONLinesView(terminal: terminal)
        for (at, event) in Script.success { view.handle(event, at: 100 + at) }
        let documents = try terminal.error.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(documents.count == Script.success.count)
        #expect(
            documents[5].text()
                == #"{"event":"progress","at":1.0,"node":"repo:api","words":"receiving objects","done":40,"total":100,"bytes":12300000}"#
        )
        #expect(terminal.output == "")
    }

    @Test func `the quiet view says only what failed`() {
        let terminal = FakeTerminal()
        let view = QuietView(terminal: terminal, style: utf)
        for (at, event) in Script.success + Script.failed { view.handle(event, at: at) }
        view.handle(.notice("disk is nearly full", isWarning: true), at: 9)
        #expect(terminal.error == "step:migrate failed: exit status 1\nwarning: disk is nearly full\n")
    }

    @Test func `each event reaches every sink`() {
        let one = OutputTails()
        let two = OutputTails()
        let fan = FanOut([one, two])
        for (at, event) in Script.failed { fan.handle(event, at: at) }
        #expect(!one[node("step:migrate")].isEmpty && one[node("step:migrate")] == two[node("step:migrate")])
    }

    @Test func `settings choose the view`() {
        let terminal = FakeTerminal()
        func view(_ mode: ProgressMode) -> any RunView {
            ReportingSettings(progress: mode, output: utf, error: utf).view(terminal: terminal, clock: FakeClock())
        }
        #expect(view(.tty) is LiveView && view(.plain) is PlainView)
        #expect(view(.json) is JSONLinesView && view(.quiet) is QuietView)
    }
}
