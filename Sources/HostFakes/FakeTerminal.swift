public import HostInterfaces
import Synchronization

/// A terminal that keeps what is written and answers from a list.
public final class FakeTerminal: Terminal {
    /// A question that was asked.
    public struct Question: Hashable, Sendable {
        public var prompt: String
        public var hidden: Bool

        public init(prompt: String, hidden: Bool) {
            self.prompt = prompt
            self.hidden = hidden
        }
    }

    private struct State {
        var terminals: Set<TerminalStream>
        var size: TerminalSize?
        var answers: [String?]
        var output = ""
        var error = ""
        var questions: [Question] = []
    }

    private let state: Mutex<State>

    /// `terminals`: the streams that are terminals. Questions can be asked when standard error is one.
    /// A nil answer is the end of input, and so is a list that is used up.
    public init(terminals: Set<TerminalStream> = [], columns: Int = 80, rows: Int = 24, answers: [String?] = []) {
        let size = TerminalSize(columns: columns, rows: rows)
        state = Mutex(State(terminals: terminals, size: size, answers: answers))
    }

    /// What was written to standard output.
    public var output: String { state.withLock { $0.output } }
    /// What was written to standard error, prompts included.
    public var error: String { state.withLock { $0.error } }
    public var questions: [Question] { state.withLock { $0.questions } }

    /// Answers for the next questions, in order; nil is end of input.
    public func answer(_ answers: String?...) { state.withLock { $0.answers += answers } }
    /// Gives the terminal another size, in cells.
    public func resize(columns: Int, rows: Int) {
        state.withLock { $0.size = TerminalSize(columns: columns, rows: rows) }
    }

    public func isTerminal(_ stream: TerminalStream) -> Bool { state.withLock { $0.terminals.contains(stream) } }

    public func size(of stream: TerminalStream) -> TerminalSize? {
        state.withLock { $0.terminals.contains(stream) ? $0.size : nil }
    }

    public func write(_ text: String, to stream: TerminalStream) {
        state.withLock { state in
            switch stream {
            case .output: state.output += text
            case .error: state.error += text
            }
        }
    }

    public var lostOutput: SystemError? { nil }

    public var canAsk: Bool { isTerminal(.error) }

    public func ask(_ prompt: String, hidden: Bool) async -> String? {
        state.withLock { state in
            state.error += prompt
            state.questions.append(Question(prompt: prompt, hidden: hidden))
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
    }

    /// The keyboard is its standard input.
    public func readInput(limit: Int) async throws(SystemError) -> [UInt8]? { nil }
}
