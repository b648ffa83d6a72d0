public import Execution
public import HostInterfaces
import Synchronization

/// Lines for logs and pipes: each begins with the node it is about. On GitHub, failures are also annotated and
/// their output is folded into groups.
public final class PlainView: RunView {
    private let terminal: any Terminal
    private let state: Mutex<PlainLines>

    public init(terminal: any Terminal, style: Style, isVerbose: Bool = false, isGitHub: Bool = false) {
        self.terminal = terminal
        state = Mutex(PlainLines(style: style, isVerbose: isVerbose, isGitHub: isGitHub))
    }

    public func handle(_ event: RunEvent, at seconds: Double) {
        state.withLock { state in
            let text = state.text(for: event, at: seconds)
            if !text.isEmpty { terminal.write(text, to: .error) }
        }
    }
}

/// What the plain view writes for each event: a value, so that it can be replayed.
struct PlainLines: Sendable {
    /// A node reports its progress again after so many seconds, sooner when it does something else.
    private static let progressPause = 5.0
    private static let wordsPause = 1.0
    private static let tailLines = 10
    private static let widestName = 32

    private let style: Style
    private let isVerbose: Bool
    private let isGitHub: Bool
    private var nameWidth = 0
    private var tails = TailBuffer(limit: PlainLines.tailLines)
    private var shown: [NodeID: (words: String, at: Double)] = [:]

    init(style: Style, isVerbose: Bool, isGitHub: Bool) {
        self.style = style
        self.isVerbose = isVerbose
        self.isGitHub = isGitHub
    }

    mutating func text(for event: RunEvent, at seconds: Double) -> String {
        if !isVerbose { tails.handle(event) }
        switch event {
        case .started(_, let nodes, _):
            nameWidth = min(Self.widestName, nodes.map { DisplayWidth.of(SafeText.line($0.description)) }.max() ?? 0)
            return ""
        case .estimated(let estimate): return style.text(Words.estimate(estimate).map { [StyledLine($0)] } ?? [])
        case .ready, .terminal, .ended: return ""
        case .note(let id, let words): return style.text([prefix(id) + StyledLine(words)])
        case .running(let id, let action, let reason, let attempt):
            var line = prefix(id)
            line.add(action.rawValue, .accent)
            if attempt > 1 { line.add(" (attempt \(attempt))") }
            if !reason.isEmpty { line.add(": " + reason) }
            return style.text([line])
        case .progress(let id, let progress): return text(for: progress, of: id, at: seconds)
        case .output(let id, let output, _):
            guard isVerbose else { return "" }
            return style.text([prefix(id) + StyledLine(guarded(output))])
        case .retrying(let id, let failure, let pause):
            var line = prefix(id)
            line.add(failure.message, .warning)
            line.add("; trying again in " + Words.elapsed(pause))
            return style.text([line])
        case .finished(let id, let result): return text(for: result, of: id)
        case .notice(let words, let isWarning):
            return style.text(
                SafeText.lines(words).map { words in
                    isWarning ? StyledLine("warning: ", .warning) + StyledLine(words) : StyledLine(words)
                })
        case .interrupted(let signal):
            return style.text([StyledLine(Words.interrupted(by: signal), .warning)])
        }
    }

    private func prefix(_ id: NodeID) -> StyledLine {
        StyledLine("[\(id)]", .faint).padded(to: nameWidth + 2) + " "
    }

    private mutating func text(for progress: NodeProgress, of id: NodeID, at seconds: Double) -> String {
        if let last = shown[id] {
            let pause = last.words == progress.words ? Self.progressPause : Self.wordsPause
            if seconds - last.at < pause { return "" }
        }
        shown[id] = (progress.words, seconds)
        return style.text([prefix(id) + StyledLine(Words.progress(progress))])
    }

    private mutating func text(for result: NodeResult, of id: NodeID) -> String {
        shown[id] = nil
        var line = prefix(id)
        switch result.status {
        case .done:
            line.add("done", .good)
            line.add(" in " + Words.elapsed(result.seconds))
        case .upToDate:
            guard isVerbose else { return "" }
            line.add("up to date: " + result.reason, .faint)
        case .skipped:
            guard isVerbose || result.cause != nil else { return "" }
            line.add("skipped: " + result.reason, .faint)
        case .cancelled: line.add("cancelled: " + result.reason, .warning)
        case .failed: return text(forFailure: result, of: id)
        }
        return style.text([line])
    }

    private func text(forFailure result: NodeResult, of id: NodeID) -> String {
        let message = result.failure?.message ?? result.reason
        var line = prefix(id)
        line.add("failed", .bad)
        if result.seconds > 0 { line.add(" after " + Words.elapsed(result.seconds)) }
        line.add(": " + message)
        var text = style.text([line])
        var tail = tails[id]
        if tail.isEmpty, !isVerbose { tail = result.failure?.output ?? [] }
        let lines = tail.suffix(Self.tailLines).map { prefix(id) + StyledLine("| " + guarded($0)) }
        guard isGitHub else { return text + style.text(lines) }
        text = GitHubCommand.error(title: id.description, message).text + "\n" + text
        if !lines.isEmpty {
            text += GitHubCommand.group("\(id): last lines of output").text + "\n" + style.text(lines)
            text += GitHubCommand.endGroup.text + "\n"
        }
        return text
    }

    private func guarded(_ output: String) -> String { isGitHub ? GitHubCommand.guarded(output) : output }
}
