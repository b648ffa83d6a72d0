public import Execution
public import HostInterfaces
import Synchronization

/// Only what failed, a line each, and warnings.
public final class QuietView: RunView {
    private let terminal: any Terminal
    private let style: Style
    /// Keeps the lines of several tasks in one order.
    private let order = Mutex(())

    public init(terminal: any Terminal, style: Style) {
        self.terminal = terminal
        self.style = style
    }

    public func handle(_ event: RunEvent, at seconds: Double) {
        var line = StyledLine()
        switch event {
        case .finished(let id, let result) where result.status == .failed:
            line.add("\(id) ", .strong)
            line.add("failed", .bad)
            line.add(": " + (result.failure?.message ?? result.reason))
        case .notice(let words, isWarning: true):
            line.add("warning: ", .warning)
            line.add(words)
        default: return
        }
        order.withLock { _ in terminal.write(style.text([line]), to: .error) }
    }
}
