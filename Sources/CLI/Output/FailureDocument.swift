import Base

/// The one document on standard output when a command that was asked for JSON could not do its work.
enum FailureDocument {
    static func json(command: String, _ problems: Diagnostics) -> JSON {
        .members([
            "schema": .string("devinit.\(command)/1"), "status": "failed",
            "problems": .array(problems.sorted.map(problem)),
        ])
    }

    static func problem(_ diagnostic: Diagnostic) -> JSON {
        .members([
            "file": diagnostic.location.map { .string($0.file) } ?? .null,
            "line": diagnostic.location.map { .integer($0.line) } ?? .null,
            "column": diagnostic.location.map { .integer($0.column) } ?? .null,
            "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
            "message": .string(diagnostic.message),
            "suggestion": diagnostic.suggestion.map { .string($0) } ?? .null,
        ])
    }
}
