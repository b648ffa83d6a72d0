public import Execution
public import HostInterfaces

/// The end of `up`: what failed and the one command to continue, or one line that says that all is well.
public struct RunSummaryView: Sendable {
    private let style: Style
    private let isVerbose: Bool
    private let continueCommand: String

    /// `continueCommand`: what the user types to go on after a failure.
    public init(style: Style, isVerbose: Bool = false, continueCommand: String = "devinit up") {
        self.style = style
        self.isVerbose = isVerbose
        self.continueCommand = continueCommand
    }

    /// Writes the summary to standard error and, where all is done, the manifest's message to standard output.
    public func write(
        _ summary: RunSummary, tails: OutputTails? = nil, message: String? = nil, to terminal: any Terminal
    ) {
        let columns = terminal.isTerminal(.error) ? terminal.size(of: .error)?.columns : nil
        terminal.write(style.text(lines(summary, tails: tails, columns: columns)), to: .error)
        guard summary.status == .done, let message, !message.isEmpty else { return }
        terminal.write(SafeText.lines(message).map { $0 + "\n" }.joined(), to: .output)
    }

    /// - Parameters:
    ///   - tails: the last lines of output of nodes whose failure brings none.
    ///   - columns: of the terminal; nil: as wide as it takes.
    public func lines(_ summary: RunSummary, tails: OutputTails? = nil, columns: Int?) -> [StyledLine] {
        let nodes = summary.nodes
        switch summary.status {
        case .done:
            return Wrapping.words(success(summary, nodes), columns: columns).map { StyledLine($0, .good) }
        case .failed, .cancelled:
            var lines: [StyledLine] = []
            let skipped = skippedByCause(summary)
            let text = FailureText(style: style, columns: columns)
            for (id, result) in nodes where result.status == .failed {
                lines += text.lines(
                    id, result.failure ?? NodeFailure(.failed, result.reason), seconds: result.seconds,
                    attempts: result.attempts, output: tails?[id] ?? [], log: result.log, skipped: skipped[id] ?? [])
                lines.append("")
            }
            lines += Wrapping.words(totals(summary, nodes), columns: columns).map {
                StyledLine($0, summary.status == .failed ? .bad : .warning)
            }
            var way = StyledLine("to continue: ")
            way.add(continueCommand, .strong)
            return lines + [way]
        }
    }

    private func success(_ summary: RunSummary, _ nodes: [(id: NodeID, result: NodeResult)]) -> String {
        let done = nodes.count { $0.result.status == .done }
        if done == 0 {
            let kinds = Words.kinds(nodes.filter { $0.result.status == .upToDate }.map(\.id))
            let time = Words.fixed(max(0, summary.seconds), 2)
            return "up to date (\(time) s)" + (kinds.isEmpty ? "" : ": " + kinds)
        }
        var text = "done: \(Words.count(done, "node")) in \(Words.elapsed(summary.seconds))"
        let upToDate = nodes.count { $0.result.status == .upToDate }
        if upToDate > 0 { text += ", \(upToDate) up to date" }
        return text
    }

    private func totals(_ summary: RunSummary, _ nodes: [(id: NodeID, result: NodeResult)]) -> String {
        let statuses: [NodeResult.Status] = [.failed, .done, .upToDate, .skipped, .cancelled]
        let parts = statuses.compactMap { status in
            let count = nodes.count { $0.result.status == status }
            return count == 0 ? nil : "\(count) \(Words.status(status))"
        }
        let word = summary.status == .failed ? "failed" : "cancelled"
        return "\(word) after \(Words.elapsed(summary.seconds)): " + parts.joined(separator: ", ")
    }

    private func skippedByCause(_ summary: RunSummary) -> [NodeID: [NodeID]] {
        var skipped: [NodeID: [NodeID]] = [:]
        for (id, result) in summary.nodes where result.status == .skipped {
            if let cause = result.cause { skipped[cause, default: []].append(id) }
        }
        return skipped
    }
}
