import HostInterfaces
import Synchronization

/// A terminal that keeps what is written, and whose size can change.
final class FakeTerminal: Terminal {
    private struct State {
        var terminals: Set<TerminalStream>
        var size: TerminalSize
        var output = ""
        var error = ""
    }

    private let state: Mutex<State>

    init(columns: Int = 80, rows: Int = 24, terminals: Set<TerminalStream> = [.output, .error]) {
        state = Mutex(State(terminals: terminals, size: TerminalSize(columns: columns, rows: rows)))
    }

    func resize(columns: Int, rows: Int) {
        state.withLock { $0.size = TerminalSize(columns: columns, rows: rows) }
    }

    /// What was written to that stream since the last call.
    func take(_ stream: TerminalStream) -> String {
        state.withLock { state in
            defer { if stream == .output { state.output = "" } else { state.error = "" } }
            return stream == .output ? state.output : state.error
        }
    }

    func isTerminal(_ stream: TerminalStream) -> Bool { state.withLock { $0.terminals.contains(stream) } }
    func size(of stream: TerminalStream) -> TerminalSize? {
        state.withLock { $0.terminals.contains(stream) ? $0.size : nil }
    }
    func write(_ text: String, to stream: TerminalStream) {
        state.withLock { state in
            if stream == .output { state.output += text } else { state.error += text }
        }
    }
    var canAsk: Bool { false }
    func ask(_ prompt: String, hidden: Bool) async -> String? { nil }
}
