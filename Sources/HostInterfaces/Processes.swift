public import Base

/// Starts programs. A child runs in a process group of its own, with an empty signal mask, default handlers
/// and no descriptor of ours; when the calling task is cancelled its whole group gets SIGTERM, and SIGKILL
/// after the grace. No child started by `run` outlives the call.
public protocol ProcessLauncher: Sendable {
    /// Runs to the end. `onOutput` gets every piece of output as it comes, from one thread at a time.
    func run(
        _ request: ProcessRequest, onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)?
    ) async throws(ProcessError) -> ProcessResult
    /// Starts a program in a session of its own that stays when devinit ends, its output appended to `log`.
    func startDetached(_ request: ProcessRequest, log: Path) throws(ProcessError) -> ProcessIdentity
    /// Whether this very process still runs: same id and same start time.
    func isRunning(_ process: ProcessIdentity) -> Bool
    /// Processes of this machine whose arguments or environment hold all these words, and whether each leads its group.
    /// Linux only: elsewhere nothing is found.
    func search(words: [String]) -> [(process: ProcessIdentity, leadsGroup: Bool)]
    /// Ends the process's group: TERM, then KILL after the grace. Does nothing when it no longer runs.
    func end(_ process: ProcessIdentity, grace: Duration) async
    /// The absolute path of a program as `execvp` would find it with this PATH and folder; nil when it is not there.
    func find(_ program: String, path: String, folder: Path) -> Path?
}

/// Which of its two streams a child wrote to.
public enum ProcessStream: String, Hashable, Sendable { case output, error }

/// What to start, and how.
public struct ProcessRequest: Sendable {
    /// What the child reads as its standard input.
    public enum Input: Sendable {
        case none
        case bytes([UInt8])
        case file(Path)
    }

    /// Where the child's output goes.
    public enum Output: Sendable {
        /// Both streams through pipes; at most `limit` bytes of each are kept in the result, the last ones.
        case captured(limit: Int)
        /// Standard output into a file (created or cut), standard error as captured.
        case file(Path, limit: Int)
        /// The child has the terminal to itself, in our own process group.
        case terminal

        public var isTerminal: Bool { if case .terminal = self { true } else { false } }
    }

    /// The program and its arguments. A program without `/` is looked up in the request's own PATH.
    public var arguments: [String]
    /// The whole environment of the child.
    public var environment: [String: String]
    public var folder: Path
    public var input: Input
    public var output: Output
    /// After this long the group is ended and the result says so; nil: no limit.
    public var timeLimit: Duration?
    /// How long a group gets between TERM and KILL.
    public var grace: Duration
    /// Called once the child runs and before anything is read from it.
    public var onStart: (@Sendable (ProcessIdentity) -> Void)?

    public init(
        _ arguments: [String], environment: [String: String], folder: Path, input: Input = .none,
        output: Output = .captured(limit: 1 << 20), timeLimit: Duration? = nil, grace: Duration = .seconds(10)
    ) {
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.input = input
        self.output = output
        self.timeLimit = timeLimit
        self.grace = grace
    }
}

/// How a child ended, and what it wrote.
public struct ProcessResult: Sendable, Hashable {
    /// How a child ended.
    public enum End: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// Ended by us because its time limit passed.
        case timedOut
        /// Ended by us because the task was cancelled.
        case cancelled
    }

    public var end: End
    public var output: [UInt8]
    public var errorOutput: [UInt8]
    public var seconds: Double

    public init(end: End, output: [UInt8] = [], errorOutput: [UInt8] = [], seconds: Double = 0) {
        self.end = end
        self.output = output
        self.errorOutput = errorOutput
        self.seconds = seconds
    }

    public var succeeded: Bool { end == .exited(0) }
    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error as text.
    public var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
}

extension ProcessResult.End: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .timedOut: "timed out"
        case .cancelled: "cancelled"
        }
    }
}

/// Why a program could not be started.
public enum ProcessError: Error, Hashable, Sendable {
    case programNotFound(String)
    case notExecutable(Path)
    case folderMissing(Path)
    case failed(SystemError)
}

extension ProcessError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .programNotFound(let program): "\(program): no such program on PATH"
        case .notExecutable(let path): "\(path): not executable"
        case .folderMissing(let folder): "\(folder): no such folder"
        case .failed(let error): error.description
        }
    }
}

/// A process that can't be mistaken for a later one with the same id.
public struct ProcessIdentity: Hashable, Sendable {
    public var id: Int32
    /// The kernel's start time of the process, in its own unit; 0 when unknown.
    public var startTime: Int

    public init(id: Int32, startTime: Int) {
        self.id = id
        self.startTime = startTime
    }
}
