public import Execution

/// What `up` would do, for people: a row per node, what is to do last, then the counts.
public struct PlanView: Sendable {
    private let style: Style
    private let columns: Int?
    private let isVerbose: Bool

    /// - Parameters:
    ///   - columns: of the terminal; nil: as wide as it takes.
    ///   - isVerbose: with every edge and its reason, and the critical path.
    public init(style: Style, columns: Int?, isVerbose: Bool = false) {
        self.style = style
        self.columns = columns
        self.isVerbose = isVerbose
    }

    /// A row per node: its id, what would happen, why; then a summary.
    public func lines(_ plan: Plan) -> [StyledLine] {
        var table = Table([
            Table.Column(overflow: .truncate(minimum: 16)), Table.Column(), Table.Column(overflow: .wrap),
        ])
        var groups: [[Int]] = [[], [], []]
        for index in plan.entries.indices { groups[place(of: plan.entries[index].assessment)].append(index) }
        for index in groups.joined() { add(plan.entries[index], to: &table) }
        var lines = table.lines(width: columns, style: style)
        if isVerbose, !plan.criticalPath.isEmpty {
            let path = plan.criticalPath.map(\.description).joined(separator: " \(style.arrow) ")
            lines += wrapped("critical path: " + path, indent: 0)
        }
        return lines + wrapped(counts(plan), indent: 0)
    }

    /// What needs nothing first, what is to do last, where it is seen.
    private func place(of assessment: Assessment) -> Int {
        switch assessment {
        case .upToDate: 0
        case .skipped: 1
        case .work, .unknown, .blocked: 2
        }
    }

    private func add(_ entry: Plan.Entry, to table: inout Table) {
        let look = look(entry.assessment)
        let isWork = entry.assessment.isWork
        table.add([
            StyledLine(entry.node.id.description, isWork ? .strong : .faint), StyledLine(look.words, look.ink),
            StyledLine(entry.assessment.reason, isWork ? .plain : .faint),
        ])
        for sentence in entry.explanation ?? [] {
            for part in wrapped(sentence, indent: 4) { table.add(line: part) }
        }
        guard isVerbose else { return }
        for edge in entry.node.edges {
            let reason = edge.reason.isEmpty ? "" : " (\(edge.reason))"
            for part in wrapped("needs \(edge.need)\(reason)", indent: 4) { table.add(line: part) }
        }
    }

    private func look(_ assessment: Assessment) -> (words: String, ink: Ink) {
        switch assessment {
        case .upToDate: ("up to date", .faint)
        case .skipped: ("skip", .faint)
        case .work(let action, _): (action.rawValue, .good)
        case .unknown: ("unknown", .warning)
        case .blocked: ("blocked", .bad)
        }
    }

    /// `3 to do, 14 up to date, about 32s`.
    private func counts(_ plan: Plan) -> String {
        var work = 0
        var blocked = 0
        var upToDate = 0
        var skipped = 0
        for entry in plan.entries {
            switch entry.assessment {
            case .work, .unknown: work += 1
            case .blocked: blocked += 1
            case .upToDate: upToDate += 1
            case .skipped: skipped += 1
            }
        }
        var parts = [work == 0 ? "nothing to do" : "\(work) to do"]
        if blocked > 0 { parts.append("\(blocked) blocked") }
        if upToDate > 0 { parts.append("\(upToDate) up to date") }
        if skipped > 0 { parts.append("\(skipped) skipped") }
        if work > 0, let seconds = plan.expectedSeconds { parts.append("about " + Words.elapsed(seconds)) }
        return parts.joined(separator: ", ")
    }

    private func wrapped(_ text: String, indent: Int) -> [StyledLine] {
        let space = String(repeating: " ", count: indent)
        return Wrapping.words(SafeText.line(text, limit: 1 << 16), columns: columns.map { max(1, $0 - indent) }).map {
            StyledLine(space) + StyledLine($0, .faint)
        }
    }
}
