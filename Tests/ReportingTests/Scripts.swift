import Execution
import Reporting

let utf = Style(isColored: false, isUnicode: true)
let color = Style(isColored: true, isUnicode: true)

func node(_ text: String) -> NodeID { NodeID(text)! }

/// Scripted runs: events with the second in which they happen.
enum Script {
    typealias Events = [(at: Double, event: RunEvent)]

    static let failure = NodeFailure(
        .failed, "exit status 1", remedy: "start the database, then try again",
        output: ["connecting to db:5432", "psql: error: connection to server at \"localhost\" (127.0.0.1) failed"])

    static let success: Events = {
        let nodes = ["tool:git", "repo:api", "repo:web", "step:install"].map(node)
        let reason = NodeResult(.upToDate, "git 2.43 is installed")
        let results: [(id: NodeID, result: NodeResult)] = [
            (nodes[0], reason), (nodes[2], NodeResult(.done, "missing", seconds: 2.1, attempts: 1)),
            (nodes[1], NodeResult(.done, "missing", seconds: 4.2, attempts: 1)),
            (nodes[3], NodeResult(.done, "inputs changed: package-lock.json", seconds: 12.34, attempts: 1, log: "l")),
        ]
        return [
            (0, .started(run: "r1", nodes: nodes, needs: [:])),
            (0, .estimated(RunEstimate(seconds: 20, criticalPath: [nodes[1], nodes[3]]))),
            (0, .finished(nodes[0], reason)),
            (0, .running(nodes[1], action: .create, reason: "missing", attempt: 1)),
            (0, .running(nodes[2], action: .create, reason: "missing", attempt: 1)),
            (1, .progress(nodes[1], NodeProgress("receiving objects", done: 40, total: 100, bytes: 12_300_000))),
            (1.2, .progress(nodes[1], NodeProgress("receiving objects", done: 45, total: 100, bytes: 13_300_000))),
            (2.1, .finished(nodes[2], results[1].result)),
            (4.2, .finished(nodes[1], results[2].result)),
            (4.2, .running(nodes[3], action: .run, reason: "inputs changed: package-lock.json", attempt: 1)),
            (5, .output(nodes[3], line: "added 120 packages", isError: false)),
            (16.54, .finished(nodes[3], results[3].result)),
            (16.54, .ended(RunSummary(run: "r1", status: .done, seconds: 16.54, nodes: results))),
        ]
    }()

    static let failed: Events = {
        let nodes = ["step:migrate", "step:seed", "step:docs"].map(node)
        let results: [(id: NodeID, result: NodeResult)] = [
            (
                nodes[0],
                NodeResult(
                    .failed, "exit status 1", seconds: 1.2, attempts: 2, failure: failure,
                    log: ".devinit/runs/r2/step:migrate.log")
            ),
            (nodes[1], NodeResult(.skipped, "needs step:migrate, which was not done", cause: nodes[0])),
            (nodes[2], NodeResult(.done, "never run", seconds: 2, attempts: 1)),
        ]
        return [
            (0, .started(run: "r2", nodes: nodes, needs: [:])),
            (0, .running(nodes[0], action: .run, reason: "never run", attempt: 1)),
            (0, .running(nodes[2], action: .run, reason: "never run", attempt: 1)),
            (0.1, .output(nodes[0], line: "connecting to db:5432", isError: false)),
            (0.2, .retrying(nodes[0], failure: failure, after: 0.5)),
            (0.7, .running(nodes[0], action: .run, reason: "never run", attempt: 2)),
            (1.1, .output(nodes[0], line: "\u{1B}[31mpsql: error\u{1B}[0m", isError: true)),
            (1.2, .finished(nodes[0], results[0].result)),
            (1.2, .finished(nodes[1], results[1].result)),
            (2, .finished(nodes[2], results[2].result)),
            (2, .ended(RunSummary(run: "r2", status: .failed, seconds: 2, nodes: results))),
        ]
    }()

    static let cancelled: Events = {
        let nodes = ["service:db", "step:migrate"].map(node)
        let results: [(id: NodeID, result: NodeResult)] = [
            (nodes[1], NodeResult(.cancelled, "cancelled before it started")),
            (nodes[0], NodeResult(.cancelled, "ended by signal 15", seconds: 1.5, attempts: 1)),
        ]
        return [
            (0, .started(run: "r3", nodes: nodes, needs: [:])),
            (0, .running(nodes[0], action: .run, reason: "not running", attempt: 1)),
            (1, .interrupted(signal: 2)),
            (1, .finished(nodes[1], results[0].result)),
            (1.5, .finished(nodes[0], results[1].result)),
            (1.5, .ended(RunSummary(run: "r3", status: .cancelled, seconds: 1.5, nodes: results))),
        ]
    }()

    /// The numbers of a run that knew seven files and read two.
    static func metrics(_ events: Events) -> RunMetrics {
        let collector = MetricsCollector { (7, 2) }
        for (at, event) in events { collector.handle(event, at: at) }
        return collector.metrics
    }

    static func summary(_ events: Events) -> RunSummary {
        for case (_, .ended(let summary)) in events { return summary }
        return RunSummary(run: "", status: .done, seconds: 0, nodes: [])
    }
}
