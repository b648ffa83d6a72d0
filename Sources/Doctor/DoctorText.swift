import Base
import Kinds
public import Reporting

extension DoctorReport {
    /// The report for people: a heading per group, a line per check, the remedy under each problem.
    ///
    /// - Parameter columns: The width to wrap at; nil: no wrapping.
    public func lines(style: Style, columns: Int? = nil) -> [StyledLine] {
        var lines: [StyledLine] = []
        for group in CheckGroup.allCases {
            let own = checks.filter { $0.group == group }
            if own.isEmpty { continue }
            if !lines.isEmpty { lines.append("") }
            lines.append(StyledLine(group.title, .strong))
            for check in own { lines += self.lines(of: check, style, columns) }
        }
        if !lines.isEmpty { lines.append("") }
        lines.append(summary)
        return lines
    }

    /// The same as text, each line with its newline.
    public func text(style: Style, columns: Int? = nil) -> String { style.text(lines(style: style, columns: columns)) }

    private func lines(of check: CheckResult, _ style: Style, _ columns: Int?) -> [StyledLine] {
        let indent = "    "
        var first = StyledLine("  ")
        first.add(sign(check.status, style), ink(check.status))
        var words = check.title
        if check.status == .ok || check.status == .skipped {
            let detail = check.status == .skipped ? "skipped: \(check.message)" : check.found ?? check.message
            if !detail.isEmpty { words += "  \(detail)" }
            if check.status == .ok, check.found != nil, let wanted = check.wanted { words += " (wanted \(wanted))" }
        } else {
            words += "  \(check.message)"
            if let wanted = check.wanted, !check.message.contains(wanted) { words += ", wanted \(wanted)" }
        }
        let room = columns.map { max(20, $0 - indent.utf8.count) }
        let wrapped = Wrapping.words(words, columns: room)
        first.add(" " + (wrapped.first ?? ""), check.status == .skipped ? .faint : .plain)
        var lines = [first]
        for line in wrapped.dropFirst() { lines.append(StyledLine(indent + line)) }
        if let remedy = check.remedy, check.status != .ok {
            let arrow = style.isUnicode ? "→ " : "-> "
            for (index, line) in Wrapping.words(remedy, columns: room.map { $0 - 3 }).enumerated() {
                var styled = StyledLine(indent)
                styled.add(index == 0 ? arrow : String(repeating: " ", count: arrow.count), .faint)
                styled.add(line, .accent)
                lines.append(styled)
            }
        }
        return lines
    }

    private func sign(_ status: CheckResult.Status, _ style: Style) -> String {
        switch status {
        case .ok: style.isUnicode ? "✓" : "+"
        case .warning: "!"
        case .error: style.isUnicode ? "✗" : "x"
        case .skipped: style.isUnicode ? "○" : "o"
        }
    }

    private func ink(_ status: CheckResult.Status) -> Ink {
        switch status {
        case .ok: .good
        case .warning: .warning
        case .error: .bad
        case .skipped: .faint
        }
    }

    private var summary: StyledLine {
        var parts: [String] = []
        let (errors, warnings) = (count(.error), count(.warning))
        if errors > 0 { parts.append(errors == 1 ? "1 problem" : "\(errors) problems") }
        if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        if parts.isEmpty { parts.append("nothing wrong") }
        let skipped = count(.skipped)
        parts.append("\(count(.ok)) ok" + (skipped > 0 ? ", \(skipped) skipped" : ""))
        return StyledLine(parts.joined(separator: ", "), errors > 0 ? .bad : warnings > 0 ? .warning : .good)
    }
}
