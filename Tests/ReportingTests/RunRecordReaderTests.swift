import Base
import Execution
import HostFakes
import Testing

@testable import Reporting

/// A record of a run as the report understands it.
enum ReportScript {
    static let failed = """
        {"schema":"devinit.events/1","event":"started","at":0,"run":"r","nodes":["step:a","step:b","step:c","step:d"],\
        "needs":{"step:b":["step:a"],"step:c":["step:a"],"step:d":["step:b","step:c"]},"wall_seconds":100}
        {"event":"estimated","at":0,"seconds":5,"critical_path":["step:a","step:b"]}
        {"event":"running","at":0.5,"node":"step:a","action":"run","reason":"never run","attempt":1}
        {"event":"retrying","at":1,"node":"step:a","failure":{"class":"network","message":"reset"},"after":0.5}
        {"event":"running","at":1.5,"node":"step:a","action":"run","reason":"never run","attempt":2}
        {"event":"finished","at":2,"node":"step:a","status":"done","reason":"never run","seconds":1.5,"attempts":2}
        {"event":"ready","at":2,"node":"step:b"}
        {"event":"running","at":2,"node":"step:c","action":"run","reason":"never run","attempt":1}
        {"event":"finished","at":2.5,"node":"step:c","status":"done","reason":"never run","seconds":0.5,"attempts":1}
        {"event":"running","at":3,"node":"step:b","action":"run","reason":"never run","attempt":1}
        {"event":"progress","at":3.1,"node":"step:b","words":"half"}
        {"event":"finished","at":4,"node":"step:b","status":"failed","reason":"exit status 1","seconds":1,"attempts":1,\
        "failure":{"class":"failed","message":"exit status 1","remedy":"look","output":["x"]}}
        {"event":"finished","at":4,"node":"step:d","status":"skipped","reason":"needs step:b","seconds":0,"attempts":0,\
        "cause":"step:b"}
        {"event":"ended","at":4,"run":"r","status":"failed","seconds":4,"metrics":{"nodes":4,"retries":1,"bytes":2000000}}
        """

    static func report(_ text: String, isGoing: Bool = false) -> RunReport {
        RunRecordReader.read(Array(text.utf8), run: "r") { _ in isGoing }
    }

    static func document(_ text: String, logs: [Int: ReportLogs.Log] = [:]) -> JSON {
        let report = report(text)
        return RunReportDocument(report: report, critical: CriticalPath.of(report), logs: logs).json
    }
}

@Suite struct RunRecordReaderTests {
    @Test func `waiting for needs, waiting for a place, tries and pauses are told apart`() {
        let report = ReportScript.report(ReportScript.failed)
        #expect(report.status == .failed && report.seconds == 4 && report.startedAt == 100)
        #expect(report.expectedSeconds == 5 && report.expectedPath == ["step:a", "step:b"])
        #expect(report.nodes.map(\.name) == ["step:a", "step:b", "step:c", "step:d"])
        let (a, b) = (report.nodes[0], report.nodes[1])
        #expect(
            a.attempts == [
                .init(start: 0.5, end: 1, failure: "reset"), .init(start: 1.5, end: 2, failure: nil),
            ])
        #expect(a.ready == 0 && b.ready == 2 && b.attempts.first?.start == 3)
        // Not recorded, but known from what it needs.
        #expect(report.nodes[2].ready == 2)
        #expect(b.failure?.remedy == "look" && b.marks.map(\.words) == ["half"])
        #expect(report.nodes[3].cause == 1 && report.nodes[3].status == "skipped")
    }

    @Test func `the critical path goes back along what ended last, not along what was skipped`() {
        #expect(CriticalPath.of(ReportScript.report(ReportScript.failed)) == [0, 1])
        let unknown = ReportScript.failed.replacing("\"needs\":{", with: "\"nobody\":{")
        #expect(CriticalPath.of(ReportScript.report(unknown)) == [])
        let loop = """
            {"event":"started","at":0,"nodes":["step:a","step:b"],"needs":{"step:a":["step:b"],"step:b":["step:a"]}}
            {"event":"finished","at":1,"node":"step:a","status":"done"}
            {"event":"finished","at":2,"node":"step:b","status":"done"}
            """
        #expect(CriticalPath.of(ReportScript.report(loop)) == [0, 1])
    }

    @Test func `a run that was killed did not end, and shows what it had`() {
        let lines = ReportScript.failed.split(separator: "\n")
        for count in 1..<lines.count {
            let whole = lines.prefix(count).joined(separator: "\n")
            // The last line torn in the middle, as a full disk leaves it.
            let torn = whole + "\n" + lines[count].prefix(lines[count].count / 2)
            let report = ReportScript.report(torn)
            #expect(report.status == .unended && report.damagedLines == 1 && report.nodeCount == 4)
            #expect(ReportScript.report(whole, isGoing: true).status == .going)
        }
        let running = ReportScript.report(lines.prefix(3).joined(separator: "\n"))
        #expect(running.nodes.map(\.status) == ["running", "waiting", "waiting", "waiting"])
        #expect(running.nodes[0].attempts == [.init(start: 0.5, end: nil, failure: nil)])
    }

    @Test func `no record, however damaged, brings the reader down`() {
        var random = SystemRandomNumberGenerator()
        let bytes = Array(ReportScript.failed.utf8)
        for _ in 0..<300 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let report = RunRecordReader.read(damaged, run: "r") { _ in false }
            let document = RunReportDocument(report: report, critical: CriticalPath.of(report), logs: [:]).json
            #expect((try? JSON(parsing: document.bytes())) != nil)
        }
        for strange in [
            "[]", "{}", "null", "{\"event\":\"started\",\"nodes\":7,\"needs\":[]}", "{\"event\":\"ended\"}",
            "{\"event\":\"running\",\"at\":-5,\"node\":\"\"}", "{\"event\":\"finished\",\"at\":1e300,\"node\":\"x\"}",
            "{\"event\":\"started\",\"wall_seconds\":1e300}", "{\"event\":\"started\",\"wall_seconds\":1e14}",
            "{\"event\":\"ended\",\"seconds\":1e400,\"metrics\":{\"bytes\":1e300}}",
        ] {
            let report = ReportScript.report(strange)
            #expect(report.seconds < 1e15 && report.seconds >= 0)
            // A page's own calendar ends there.
            #expect(report.startedAt ?? 0 <= 8.64e12)
            _ = RunFacts.of(report)
        }
    }

    @Test func `what a later devinit records besides is left out, a node that joined later is not`() {
        let report = ReportScript.report(
            """
            {"event":"started","at":0,"nodes":["step:a"]}
            {"event":"weather","at":1,"words":"rain"}
            {"event":"running","at":1,"node":"step:new","attempt":1}
            """)
        #expect(report.nodes.map(\.name) == ["step:a", "step:new"] && report.damagedLines == 0)
    }

    @Test func `the numbers in the head come from the record where it has them`() {
        let facts = RunFacts.of(ReportScript.report(ReportScript.failed)).map { "\($0.name): \($0.value)" }
        #expect(
            facts == [
                "Work: 2.5s, 0.6 at once on average", "Tried again: 1 time", "Transferred: 2.0 MB",
            ])
    }
}
