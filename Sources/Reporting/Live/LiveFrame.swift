import Base
import Execution

/// Lays out the live part of the screen: a line per running node, the fold, and the state of the whole.
struct LiveFrame {
    /// More running nodes than this are folded, however high the screen.
    private static let mostNodes = 12
    /// On a wider screen the times would stand too far from the names.
    private static let mostColumns = 100
    /// Below this width a bar says less than its percentage.
    private static let barColumns = 60

    let style: Style
    /// Of the terminal.
    let columns: Int
    let rows: Int

    /// Columns that are used: the last one stays free, where terminals differ in when they break a line.
    var width: Int { max(1, columns - 1) }

    /// The lines at a moment, fewer than the terminal has rows and none wider than it.
    func lines(_ model: LiveModel, at now: Double) -> [StyledLine] {
        guard !model.hasEnded, model.startedAt != nil, rows > 1 else { return [] }
        // A row for the cursor below, one for the state of the whole.
        let room = min(Self.mostNodes, rows - 2)
        let isFolded = model.running.count > room
        let shown = model.running.prefix(isFolded ? max(0, room - 1) : room)
        let names = shown.map { DisplayWidth.of(SafeText.line($0.id.description)) }.max() ?? 0
        let nameWidth = min(names, max(8, columns / 3))
        var lines = shown.map { line(for: $0, nameWidth: nameWidth, at: now) }
        if isFolded, room > 0 {
            lines.append(StyledLine("  \(style.ellipsis) \(model.running.count - shown.count) more", .faint))
        }
        lines.append(total(model, at: now))
        return lines.map { $0.truncated(to: width, mark: style.ellipsis) }
    }

    /// The lines on which a line that is to stay is shown.
    func lines(_ finished: LiveModel.Finished) -> [StyledLine] {
        guard finished.isWhole, finished.line.width > width else {
            return [finished.line.truncated(to: width, mark: style.ellipsis)]
        }
        return Wrapping.words(finished.line.text, columns: width).flatMap { Wrapping.hard($0, columns: width) }
            .map { StyledLine($0) }
    }

    private func line(for node: LiveModel.Running, nameWidth: Int, at now: Double) -> StyledLine {
        var line = StyledLine()
        if node.retry != nil {
            line.add(style.retrySign + " ", .warning)
        } else {
            let turn = Int(max(0, min(now, 1e9)) * 10) % style.spinner.count
            line.add(style.spinner[turn] + " ", .accent)
        }
        let name = StyledLine(node.id.description).truncated(to: nameWidth, mark: style.ellipsis)
        line.add(name.padded(to: nameWidth))
        let time = Self.running(now - node.startedAt)
        let room = min(width, Self.mostColumns) - line.width - 2 - time.utf8.count - 2
        if room > 0 {
            line.add("  ")
            line.add(doing(node, room: room, at: now).truncated(to: room, mark: style.ellipsis).padded(to: room))
        }
        line.add("  ")
        line.add(time, .faint)
        return line
    }

    /// What it is doing: the wait for the next try, the progress, or why it runs.
    private func doing(_ node: LiveModel.Running, room: Int, at now: Double) -> StyledLine {
        if let retry = node.retry {
            return StyledLine("again in \(Int(max(0, min(retry.at - now, 1e9)) + 0.999))s: \(retry.reason)", .warning)
        }
        guard let progress = node.progress else {
            let attempt = node.attempt > 1 ? "attempt \(node.attempt): " : ""
            return StyledLine(attempt + node.reason, .faint)
        }
        let whole = StyledLine(Words.progress(progress))
        let words = whole.width <= room ? whole : StyledLine(Words.progress(progress, withBytes: false))
        guard columns >= Self.barColumns, let percent = Words.percent(progress) else { return words }
        var tail = "\(percent) %"
        tail = String(repeating: " ", count: max(0, 5 - tail.utf8.count)) + tail
        if let bytes = progress.bytes { tail += "  " + ByteSize.describe(min(max(0, bytes), Int.max / 10)) }
        let title = StyledLine(progress.words + "  ")
        let bar = min(24, room - title.width - tail.utf8.count - 2)
        guard bar >= 6 else { return words }
        let filled = bar * percent / 100
        var line = title
        line.add(String(repeating: style.filledBar, count: filled), .good)
        line.add(String(repeating: style.emptyBar, count: bar - filled), .faint)
        line.add(" " + tail)
        return line
    }

    /// `5/14  3 running, 1 failed  12s, about 20s left`.
    private func total(_ model: LiveModel, at now: Double) -> StyledLine {
        let elapsed = now - (model.startedAt ?? now)
        var line = StyledLine("\(model.ended)/\(model.total)", .strong)
        var parts: [String] = []
        if model.isInterrupted { parts.append("stopping") }
        if !model.running.isEmpty { parts.append("\(model.running.count) running") }
        line.add("  " + parts.joined(separator: ", "))
        if let failed = model.counts[.failed] {
            line.add(parts.isEmpty ? "" : ", ")
            line.add("\(failed) failed", .bad)
        }
        var time = Self.running(elapsed)
        if let end = model.expectedEnd, end - now >= 1, !model.isInterrupted {
            time += ", about \(Self.running(end - now)) left"
        }
        line.add("  " + time, .faint)
        return line
    }

    /// Time that still passes: whole seconds, so that it does not flicker.
    private static func running(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds.isFinite ? seconds : 0, 1e9)))
        return whole < 60 ? "\(whole)s" : TimeSpan.describe(seconds: Double(whole))
    }
}
