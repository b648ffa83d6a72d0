public import Base
public import Execution

/// Events as JSON: the lines of `--progress json` and of a run's `events.ndjson`.
public enum EventDocument {
    /// One event, `seconds` after the start of the run. The first one of a run names the schema.
    public static func json(_ event: RunEvent, at seconds: Double) -> JSON {
        let at = rounded(seconds)
        switch event {
        case .started(let run, let nodes, let needs):
            return .members([
                "schema": "devinit.events/1", "event": "started", "at": at, "run": .string(run),
                "nodes": .array(nodes.map { .string($0.description) }),
                "needs": .object(
                    nodes.compactMap { id in
                        needs[id].map { JSON.Member(id.description, .array($0.map(name))) }
                    }),
            ])
        case .estimated(let estimate):
            return .members([
                "event": "estimated", "at": at, "seconds": estimate.seconds.map { rounded($0) } ?? .null,
                "critical_path": .array(estimate.criticalPath.map(name)),
            ])
        case .ready(let id): return .members(["event": "ready", "at": at, "node": name(id)])
        case .running(let id, let action, let reason, let attempt):
            return .members([
                "event": "running", "at": at, "node": name(id), "action": .string(action.rawValue),
                "reason": .string(reason), "attempt": .integer(attempt),
            ])
        case .progress(let id, let progress):
            return .members([
                "event": "progress", "at": at, "node": name(id), "words": .string(progress.words),
                "done": progress.done.map { .integer($0) }, "total": progress.total.map { .integer($0) },
                "bytes": progress.bytes.map { .integer($0) },
            ])
        case .output(let id, let line, let isError):
            return .members([
                "event": "output", "at": at, "node": name(id), "stream": isError ? "error" : "output",
                "line": .string(line),
            ])
        case .note(let id, let words):
            return .members(["event": "note", "at": at, "node": name(id), "message": .string(words)])
        case .terminal(let id, let isTaken):
            return .members(["event": "terminal", "at": at, "node": name(id), "taken": .bool(isTaken)])
        case .retrying(let id, let failure, let pause):
            return .members([
                "event": "retrying", "at": at, "node": name(id), "failure": json(failure), "after": rounded(pause),
            ])
        case .finished(let id, let result):
            return .members([
                "event": "finished", "at": at, "node": name(id), "status": .string(result.status.rawValue),
                "reason": .string(result.reason), "seconds": rounded(result.seconds),
                "attempts": .integer(result.attempts), "failure": result.failure.map(json),
                "cause": result.cause.map(name), "log": result.log.map { .string($0) },
            ])
        case .notice(let words, let isWarning):
            return .members([
                "event": "notice", "at": at, "severity": isWarning ? "warning" : "note", "message": .string(words),
            ])
        case .interrupted(let signal):
            return .members(["event": "interrupted", "at": at, "signal": .integer(Int(signal))])
        case .ended(let summary):
            return .members([
                "event": "ended", "at": at, "run": .string(summary.run), "status": .string(summary.status.rawValue),
                "seconds": rounded(summary.seconds),
            ])
        }
    }

    static func json(_ failure: NodeFailure) -> JSON {
        .members([
            "class": .string(failure.kind.rawValue), "message": .string(failure.message),
            "remedy": failure.remedy.map { .string($0) },
            "output": failure.output.isEmpty ? nil : .array(failure.output.map { .string($0) }),
        ])
    }

    /// To the microsecond, or to another part of a second: what a clock of the system means.
    static func rounded(_ seconds: Double, scale: Double = 1e6) -> JSON {
        guard seconds.isFinite, abs(seconds) < 1e15 / scale else { return .number(seconds) }
        return .number(Double(Int(seconds * scale + (seconds < 0 ? -0.5 : 0.5))) / scale)
    }

    private static func name(_ id: NodeID) -> JSON { .string(id.description) }
}
