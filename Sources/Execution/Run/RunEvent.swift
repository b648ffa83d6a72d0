/// Something that happened in a run. Every view of a run — terminal, plain lines, JSON, record, report — is
/// made from these alone.
public enum RunEvent: Hashable, Sendable {
    /// The run begins with these nodes; `needs` holds those of them that each one waits for, if any.
    case started(run: String, nodes: [NodeID], needs: [NodeID: [NodeID]])
    /// How long the work is thought to take, told once it is known that there is some.
    case estimated(RunEstimate)
    /// Everything it needs is done; it waits for a free place only.
    case ready(NodeID)
    /// It is being done.
    case running(NodeID, action: Action, reason: String, attempt: Int)
    /// What it is doing at the moment, for the live view.
    case progress(NodeID, NodeProgress)
    /// A line of its output, secrets masked.
    case output(NodeID, line: String, isError: Bool)
    /// A sentence of devinit's own about the node, which people are to see.
    case note(NodeID, String)
    /// A program of the node has the terminal to itself from here on, or gives it back.
    case terminal(NodeID, isTaken: Bool)
    /// It failed in a way that may pass, and is tried again after so many seconds.
    case retrying(NodeID, failure: NodeFailure, after: Double)
    case finished(NodeID, NodeResult)
    /// A sentence about the run as a whole.
    case notice(String, isWarning: Bool)
    /// The first interrupt: nothing new starts.
    case interrupted(signal: Int32)
    case ended(RunSummary)
}

/// What is thought of a run before it is done.
public struct RunEstimate: Hashable, Sendable {
    /// From the start of the work to its end; nil when no earlier run shows it.
    public var seconds: Double?
    /// The chain of work that takes longest, first to last.
    public var criticalPath: [NodeID]

    public init(seconds: Double?, criticalPath: [NodeID]) {
        self.seconds = seconds
        self.criticalPath = criticalPath
    }
}

/// How far a node is.
public struct NodeProgress: Hashable, Sendable {
    /// What it is doing: "receiving objects".
    public var words: String
    /// Done and all, in the unit of the work; nil when there is no measure.
    public var done: Int?
    public var total: Int?
    public var bytes: Int?

    public init(_ words: String, done: Int? = nil, total: Int? = nil, bytes: Int? = nil) {
        self.words = words
        self.done = done
        self.total = total
        self.bytes = bytes
    }
}

/// How a node ended.
public struct NodeResult: Hashable, Sendable {
    /// How a node ended.
    public enum Status: String, Hashable, Sendable {
        case done
        case upToDate = "up-to-date"
        case failed
        /// Not tried: something it needs failed, or it does not apply.
        case skipped
        case cancelled
    }

    public var status: Status
    public var reason: String
    /// From start to end, tries and pauses included; 0 where nothing ran.
    public var seconds: Double
    public var attempts: Int
    public var failure: NodeFailure?
    /// The node whose end kept this one from being done; set where it was skipped for that.
    public var cause: NodeID?
    /// The path of its log, where it wrote one.
    public var log: String?

    public init(
        _ status: Status, _ reason: String, seconds: Double = 0, attempts: Int = 0, failure: NodeFailure? = nil,
        cause: NodeID? = nil, log: String? = nil
    ) {
        self.status = status
        self.reason = reason
        self.seconds = seconds
        self.attempts = attempts
        self.failure = failure
        self.cause = cause
        self.log = log
    }

    /// Whether what needs this node may start. A node that does not apply here counts as satisfied.
    public var satisfies: Bool {
        switch status {
        case .done, .upToDate: true
        case .skipped: cause == nil
        case .failed, .cancelled: false
        }
    }
}

/// How a run ended.
public struct RunSummary: Hashable, Sendable {
    /// How the whole run ended.
    public enum Status: String, Hashable, Sendable { case done, failed, cancelled }

    public var run: String
    public var status: Status
    public var seconds: Double
    /// In the order in which they ended.
    public var nodes: [(id: NodeID, result: NodeResult)] { order.map { ($0, results[$0]!) } }
    private var order: [NodeID]
    private var results: [NodeID: NodeResult]

    public init(run: String, status: Status, seconds: Double, nodes: [(id: NodeID, result: NodeResult)]) {
        self.run = run
        self.status = status
        self.seconds = seconds
        order = nodes.map(\.id)
        results = Dictionary(nodes.map { ($0.id, $0.result) }, uniquingKeysWith: { $1 })
    }

    /// How a node ended; nil for one that was not part of the run.
    public func result(of id: NodeID) -> NodeResult? { results[id] }
    public var failures: [(id: NodeID, result: NodeResult)] { nodes.filter { $0.result.status == .failed } }
}

/// Takes events. Several tasks may call at once; the sink keeps what it shows in order.
public protocol EventSink: Sendable {
    func handle(_ event: RunEvent, at seconds: Double)
}
