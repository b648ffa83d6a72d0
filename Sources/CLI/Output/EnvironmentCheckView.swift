import Base
import Kinds
import Reporting
import Trust

/// What `env check` shows, as a page and as `devinit.env/1`.
struct EnvironmentCheckView: Sendable {
    private let files: [(drift: EnvironmentFileDrift, ambiguities: [EnvironmentFileAmbiguity])]

    init(_ files: [(EnvironmentFileDrift, [EnvironmentFileAmbiguity])]) {
        self.files = files.map { (drift: $0.0, ambiguities: $0.1) }
    }

    var needsWork: Bool { files.contains { $0.drift.needsWork || !$0.ambiguities.isEmpty } }

    func lines(style: Style, width: Int?) -> [StyledLine] {
        if files.isEmpty { return ["the manifest has no env files"] }
        return files.flatMap { drift, ambiguities in
            var table = Table([Table.Column(), Table.Column(overflow: .wrap)])
            for (title, text, ink) in rows(drift) {
                table.add([StyledLine("  \(title)", ink), StyledLine(VisibleText.show(text))])
            }
            for ambiguity in ambiguities {
                table.add(line: StyledLine("  \(Self.place(ambiguity)) is not read alike", .warning))
                for reading in ambiguity.readings { table.add(line: StyledLine("    " + Self.words(reading))) }
            }
            let isWell = rows(drift).isEmpty && ambiguities.isEmpty
            var title = StyledLine(drift.file, .strong)
            if isWell { title.add("  is as wanted", .faint) }
            return [title] + table.lines(width: width, style: style)
        }
    }

    private func rows(_ drift: EnvironmentFileDrift) -> [(title: String, text: String, ink: Ink)] {
        if drift.isMissing { return [("missing", "is not there yet; 'devinit up \(drift.node)' writes it", .bad)] }
        var rows: [(title: String, text: String, ink: Ink)] = []
        func add(_ title: String, _ keys: [String], _ ink: Ink) {
            if !keys.isEmpty { rows.append((title, keys.joined(separator: ", "), ink)) }
        }
        add("missing", drift.missing, .bad)
        add("empty", drift.empty, .bad)
        add("placeholder", drift.placeholders, .bad)
        add("yours", drift.kept, .accent)
        add("undeclared", drift.undeclared, .faint)
        if let problem = drift.problem { rows.append(("problem", problem, .bad)) }
        return rows
    }

    private static func place(_ ambiguity: EnvironmentFileAmbiguity) -> String {
        "line \(ambiguity.line)" + (ambiguity.key.map { ": \(VisibleText.show($0))" } ?? "")
    }

    /// `Docker Compose, sh: "a b"`; spaces at the ends would not be seen without the quotes.
    private static func words(_ reading: EnvironmentFileAmbiguity.Reading) -> String {
        let readers = reading.readers.joined(separator: ", ")
        if let refusal = reading.refusal {
            return "\(readers): can't read it, and so not the file: \(VisibleText.show(refusal))"
        }
        return "\(readers): " + (reading.value.map { "\"\(VisibleText.show($0))\"" } ?? "no such key")
    }

    var json: JSON {
        [
            "schema": "devinit.env/1", "status": needsWork ? "work" : "ok",
            "drift": .array(files.map { json($0.drift, $0.ambiguities) }),
        ]
    }

    private func json(_ drift: EnvironmentFileDrift, _ ambiguities: [EnvironmentFileAmbiguity]) -> JSON {
        .object(
            [
                JSON.Member("file", .string(drift.file)),
                JSON.Member("status", drift.needsWork || !ambiguities.isEmpty ? "work" : "ok"),
            ] + drift.members + [JSON.Member("ambiguous", .array(ambiguities.map(Self.json)))])
    }

    private static func json(_ ambiguity: EnvironmentFileAmbiguity) -> JSON {
        [
            "line": .integer(ambiguity.line), "key": ambiguity.key.map { .string($0) } ?? .null,
            "readings": .array(
                ambiguity.readings.map { reading in
                    [
                        "dialects": .array(reading.dialects.map { .string($0) }),
                        "value": reading.value.map { .string($0) } ?? .null,
                        "refusal": reading.refusal.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}

extension EnvironmentFileDrift {
    /// What differs, for the documents of `env check` and `status`.
    var members: [JSON.Member] {
        func list(_ name: String, _ keys: [String]) -> JSON.Member {
            JSON.Member(name, .array(keys.map { .string($0) }))
        }
        return [
            JSON.Member("exists", .bool(!isMissing)), list("missing", missing), list("undeclared", undeclared),
            list("empty", empty), list("placeholders", placeholders), list("kept", kept),
            JSON.Member("problem", problem.map { .string($0) } ?? .null),
        ]
    }
}
