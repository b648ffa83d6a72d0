import Base

/// A report as the JSON that stands in its page. Every text is made safe for a reader's eyes here: what is invisible
/// or turns the direction of writing is written out.
struct RunReportDocument: Sendable {
    let report: RunReport
    let critical: [Int]
    let logs: [Int: ReportLogs.Log]

    var json: JSON {
        .members([
            "run": safe(report.run), "status": .string(report.status.rawValue), "words": words,
            "started": report.startedAt.map { .number($0) }, "seconds": rounded(report.seconds),
            "expected": report.expectedSeconds.map(rounded), "interrupted": report.interrupted.map { rounded($0.at) },
            "facts": .array(RunFacts.of(report).map { .array([safe($0.name), safe($0.value)]) }),
            "critical": .array(critical.map { .integer($0) }),
            "expected_path": .array(report.expectedPath.map(safe)),
            "notices": .array(
                report.notices.map { .array([rounded($0.at), safe($0.words)]) }
                    + (report.interrupted.map {
                        [.array([rounded($0.at), safe(Words.interrupted(by: Int32(clamping: $0.signal)))])]
                    } ?? [])),
            "nodes": .array(report.nodes.indices.map(node)),
        ])
    }

    /// What a reader must know before they believe the page.
    private var words: JSON? {
        var words: [String] = []
        switch report.status {
        case .going: words.append("The run was still going when this page was written: make it again when it is done.")
        case .unended:
            words.append(
                "The record has no end: the run was killed, or the machine stopped. This is what it had recorded.")
        default: break
        }
        if report.damagedLines > 0 {
            words.append(
                "\(Words.count(report.damagedLines, "line")) of the record can't be read; what stood there is left out."
            )
        }
        if !report.knowsNeeds {
            words.append("The record does not tell who needs whom, so there is no critical path.")
        }
        return words.isEmpty ? nil : .string(words.joined(separator: " "))
    }

    private func node(_ place: Int) -> JSON {
        let node = report.nodes[place]
        return .members([
            "name": safe(node.name), "status": .string(node.status),
            "reason": node.reason.isEmpty ? nil : safe(node.reason),
            "ready": node.ready.map(rounded), "end": node.end.map(rounded),
            "tries": node.attempts.isEmpty ? nil : .array(node.attempts.map(attempt)),
            "needs": node.needs.isEmpty ? nil : .array(node.needs.map { .integer($0) }),
            "cause": node.cause.map { .integer($0) }, "failure": node.failure.map(failure),
            "marks": node.marks.isEmpty ? nil : .array(node.marks.map { .array([rounded($0.at), safe($0.words)]) }),
            "log": logs[place].map(log),
        ])
    }

    private func attempt(_ attempt: RunReport.Attempt) -> JSON {
        let times = [rounded(attempt.start), attempt.end.map(rounded) ?? .null]
        return .array(times + (attempt.failure.map { [safe($0)] } ?? []))
    }

    private func failure(_ failure: RunReport.Failure) -> JSON {
        .members([
            "message": safe(failure.message), "remedy": failure.remedy.map(safe),
            "output": failure.output.isEmpty ? nil : .array(failure.output.map(safe)),
        ])
    }

    private func log(_ log: ReportLogs.Log) -> JSON {
        .members([
            "path": safe(log.path.text), "bytes": .integer(log.bytes), "parts": .array(log.parts.map { .string($0) }),
            "left_out": log.leftOut > 0 ? .integer(log.leftOut) : nil,
        ])
    }

    private func safe(_ text: String) -> JSON { .string(SafeText.line(text)) }

    /// To the tenth of a millisecond: the page draws no finer.
    private func rounded(_ seconds: Double) -> JSON { EventDocument.rounded(seconds, scale: 1e4) }
}
