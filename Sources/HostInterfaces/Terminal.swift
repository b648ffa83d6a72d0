/// The streams that a person sees, and the keyboard.
public protocol Terminal: Sendable {
    /// Whether that stream is a terminal.
    func isTerminal(_ stream: TerminalStream) -> Bool
    /// Columns and rows of the terminal on that stream; nil when it is none or does not say.
    func size(of stream: TerminalStream) -> TerminalSize?
    /// Writes at once. A reader that went away (`EPIPE`) is not an error.
    func write(_ text: String, to stream: TerminalStream)
    /// Why something that was written to standard output is lost (a full disk, say); nil when all of it arrived, or
    /// its reader went away.
    var lostOutput: SystemError? { get }
    /// Whether questions can be asked: standard input and error are a terminal.
    var canAsk: Bool { get }
    /// Shows the prompt on standard error and reads a line, without its newline; nil at the end of input.
    /// A hidden answer is not shown while it is typed.
    func ask(_ prompt: String, hidden: Bool) async -> String?
    /// All of standard input, which another program hands over; nil where it is a terminal. Fails beyond `limit` bytes
    /// (`EFBIG`) and when the task is cancelled (`ECANCELED`).
    func readInput(limit: Int) async throws(SystemError) -> [UInt8]?
}

/// Which of our own streams is asked about.
public enum TerminalStream: Hashable, Sendable { case output, error }

/// In cells.
public struct TerminalSize: Hashable, Sendable {
    public var columns: Int
    public var rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}
