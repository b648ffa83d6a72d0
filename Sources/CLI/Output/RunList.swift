import Base
import HostInterfaces
import Reporting
import State

/// What `report --list` shows: the recorded runs, newest first.
enum RunList {
    static func show(
        _ records: RecordedRuns, _ state: StateFolder, _ session: Session
    ) throws(CommandFailure) -> ExitStatus {
        var reports: [RunReport] = []
        for id in records.ids.reversed() {
            // A record that went away meanwhile, or that can't be read, is still one of the folder's.
            guard let report = try? records.overview(of: id, isGoing: { isGoing($0, state, session) }) else {
                session.say("note: the record of run \(id) can't be read")
                continue
            }
            reports.append(report)
        }
        if session.isJSON {
            session.answer(["schema": "devinit.report/1", "runs": .array(reports.map(json))])
        } else if reports.isEmpty {
            session.say("no run is recorded here")
        } else {
            session.answer(table(reports).lines(width: session.outputColumns, style: session.reporting.output))
        }
        return .done
    }

    /// Whether that run is at work right now: it has no end, and who holds the workspace began before it and lives.
    static func isGoing(_ report: RunReport, _ state: StateFolder, _ session: Session) -> Bool {
        guard let holder = RunLock.holder(in: state, host: session.host), let started = report.startedAt,
            holder.startedAt <= started + 1
        else { return false }
        return session.host.processes.isRunning(ProcessIdentity(id: holder.pid, startTime: 0))
    }

    private static func table(_ reports: [RunReport]) -> Table {
        var table = Table([
            Table.Column(), Table.Column(), Table.Column(), Table.Column(.right), Table.Column(.right),
        ])
        table.add(["run", "began (UTC)", "status", "seconds", "nodes"].map { StyledLine($0, .strong) })
        for report in reports {
            let cells = [
                report.run, report.startedAt.map(moment) ?? "unknown", words(report.status), tenths(report.seconds),
                "\(report.nodeCount)",
            ]
            table.add(cells.map { StyledLine($0) })
        }
        return table
    }

    private static func json(_ report: RunReport) -> JSON {
        [
            "run": .string(report.run), "started_at": report.startedAt.map { .number($0) } ?? .null,
            "status": .string(report.status.rawValue), "seconds": .number(report.seconds),
            "nodes": .integer(report.nodeCount),
        ]
    }

    private static func words(_ status: RunReport.Status) -> String {
        switch status {
        case .going: "still going"
        case .unended: "did not end"
        default: status.rawValue
        }
    }

    private static func tenths(_ seconds: Double) -> String {
        let tenths = Int(min(seconds, 1e12) * 10 + 0.5)
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `2026-01-31 08:05`, in UTC as the ids have it.
    static func moment(_ wallSeconds: Double) -> String {
        let seconds = Int(min(max(0, wallSeconds), 1e11))
        let (year, month, day) = RunIdentifier.date(days: seconds / 86_400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day)) \(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60))"
    }
}
