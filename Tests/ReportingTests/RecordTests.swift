import Base
import Execution
import HostFakes
import HostInterfaces
import Testing

@testable import Reporting

@Suite struct RecordTests {
    private let folder = RunFolder(runs: "/w/.devinit/runs", run: "r1")

    private func recorded(_ events: Script.Events, _ files: FakeFiles) -> RunRecorder {
        let metrics = MetricsCollector { (7, 2) }
        let recorder = RunRecorder(files: files, clock: FakeClock(), folder: folder, metrics: metrics)
        for (at, event) in events {
            metrics.handle(event, at: at)
            recorder.handle(event, at: at)
        }
        return recorder
    }

    @Test func `a run is recorded as lines of JSON without its output, and as a trace`() throws {
        let files = FakeFiles()
        let recorder = recorded(Script.failed, files)
        #expect(recorder.problem == nil)
        let lines = try #require(files.text(of: folder.events)).split(separator: "\n")
        let documents = try lines.map { try JSON(parsing: String($0)) }
        #expect(
            documents.map { $0["event"]?.string } == [
                "started", "running", "running", "retrying", "running", "finished", "finished", "finished", "ended",
            ])
        #expect(documents[0]["schema"] == "devinit.events/1")
        #expect(documents[0]["wall_seconds"]?.number == 1_700_000_000)
        #expect(documents[6]["cause"] == "step:migrate")
        #expect(documents[8]["metrics"]?["retries"] == 1)
        #expect(documents[8]["metrics"]?["cache_hits"] == 7)
        let trace = try JSON(parsing: try #require(files.text(of: folder.trace)))
        let bars = trace["traceEvents"]?.array?.filter { $0["ph"] == "X" } ?? []
        #expect(bars.map { $0["name"]?.string } == ["step:migrate", "step:migrate", "step:docs"])
        #expect(bars.map { $0["tid"]?.integer } == [1, 1, 2])
        #expect(bars.map { $0["dur"]?.integer } == [200_000, 500_000, 2_000_000])
    }

    @Test func `bytes of a node that tries again count for each try`() {
        let id = node("repo:a")
        let failure = NodeFailure(.network, "broke off", isPassing: true)
        let metrics = Script.metrics([
            (0, .progress(id, NodeProgress("receiving", bytes: 500))),
            (0, .progress(id, NodeProgress("resolving"))),
            (1, .retrying(id, failure: failure, after: 1)),
            (2, .progress(id, NodeProgress("receiving", bytes: 300))),
            (3, .finished(id, NodeResult(.done, "missing", seconds: 3, attempts: 2))),
        ])
        #expect(metrics.bytes == 800)
        #expect(metrics.retries == 1)
    }

    @Test func `a run without work leaves no record`() {
        let files = FakeFiles()
        let id = node("tool:git")
        let result = NodeResult(.upToDate, "installed")
        let recorder = recorded(
            [
                (0, .started(run: "r1", nodes: [id], needs: [:])), (0, .finished(id, result)),
                (0, .ended(RunSummary(run: "r1", status: .done, seconds: 0, nodes: [(id, result)]))),
            ], files)
        #expect(!recorder.isBegun)
        #expect(files.snapshot.keys.filter { $0 != "/" } == [])
    }

    @Test func `a full disk stops the record, not the run`() {
        let files = FakeFiles()
        files.limitCapacity(to: 300)
        let recorder = recorded(Script.failed, files)
        #expect(recorder.problem != nil)
        let log = NodeLog(files: files, path: folder.log(of: node("step:a")))
        log.append(line: String(repeating: "x", count: 1000))
        log.append(line: "y")
        #expect(log.problem != nil)
    }

    @Test func `a log is opened with its first bytes and keeps them raw`() {
        let files = FakeFiles()
        let log = NodeLog(files: files, path: folder.log(of: node("step:api/migrate")))
        #expect(!log.isWritten && files.snapshot.keys.filter { $0 != "/" } == [])
        log.append([])
        log.append(line: "\u{1B}[31mred\u{1B}[0m")
        log.append([0x61, 0x0A])
        #expect(files.text(of: "/w/.devinit/runs/r1/step:api%2Fmigrate.log") == "\u{1B}[31mred\u{1B}[0m\na\n")
    }

    @Test func `no two nodes share a log, and no name leaves the folder`() {
        let names = [
            "step:a/b", "step:a%2Fb", "step:..", "step:é", String(repeating: "x", count: 300) + ":a",
            String(repeating: "x", count: 300) + ":b",
        ]
        let logs = names.map { folder.log(of: node($0)) }
        #expect(Set(logs).count == names.count)
        #expect(logs.allSatisfy { $0.parent == folder.path && $0.name.utf8.count <= 255 })
        #expect(RunFolder(runs: "/r", run: "..").path.normalized.isInside("/r"))
        #expect(RunFolder(runs: "/r", run: "..").path.normalized != "/r")
    }
}
