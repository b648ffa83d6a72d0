public import Base
public import Execution

/// `devinit.up/1`: how a run ended, on standard output with `--json`.
public enum UpDocument {
    /// Nodes stand in the order in which they ended; `log` is null where nothing was written.
    public static func json(_ summary: RunSummary, _ metrics: RunMetrics) -> JSON {
        [
            "schema": "devinit.up/1", "run": .string(summary.run), "status": .string(summary.status.rawValue),
            "seconds": EventDocument.rounded(summary.seconds),
            "nodes": .array(
                summary.nodes.map { id, result in
                    [
                        "id": .string(id.description), "status": .string(result.status.rawValue),
                        "reason": .string(result.reason), "seconds": EventDocument.rounded(result.seconds),
                        "attempts": .integer(result.attempts), "log": result.log.map { .string($0) } ?? .null,
                    ]
                }),
            "metrics": metrics.json,
        ]
    }
}

/// `devinit.validate/1`: every problem of a manifest.
public enum ValidateDocument {
    /// Ordered by place. `file`, `line`, `column` and `suggestion` are null where there is none.
    public static func json(_ problems: Diagnostics) -> JSON {
        [
            "schema": "devinit.validate/1",
            "problems": .array(
                problems.sorted.map { problem in
                    [
                        "file": (problem.location?.file).map { .string($0) } ?? .null,
                        "line": (problem.location?.line).map { .integer($0) } ?? .null,
                        "column": (problem.location?.column).map { .integer($0) } ?? .null,
                        "severity": .string(problem.severity.rawValue), "code": .string(problem.code),
                        "message": .string(problem.message),
                        "suggestion": problem.suggestion.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}
