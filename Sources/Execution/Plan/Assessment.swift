/// What a look at a node found. Looking never changes anything.
public enum Assessment: Hashable, Sendable {
    /// Nothing to do, because of this.
    case upToDate(String)
    /// There is work, because of this.
    case work(Action, String)
    /// Can't be told before something else is done, or without running a command.
    case unknown(String)
    /// Does not apply to this machine: counts as satisfied.
    case skipped(String)
    /// Can't be done, and why.
    case blocked(NodeFailure)

    public var action: Action {
        switch self {
        case .upToDate: .none
        case .work(let action, _): action
        case .unknown: .unknown
        case .skipped: .skip
        case .blocked: .blocked
        }
    }

    public var reason: String {
        switch self {
        case .upToDate(let reason), .work(_, let reason), .unknown(let reason), .skipped(let reason): reason
        case .blocked(let failure): failure.message
        }
    }

    /// A reason, or how one begins.
    public static let failedLastTime = "failed last time"

    /// The same, its reason saying that the work failed when it was last tried; asked only where there is work.
    public func noting(failure hasFailed: @autoclosure () -> Bool) -> Assessment {
        guard case .work(let action, let reason) = self, !reason.hasPrefix(Self.failedLastTime), hasFailed() else {
            return self
        }
        return .work(action, "\(Self.failedLastTime), \(reason)")
    }

    /// Whether `up` has something to do here, as far as can be told.
    public var isWork: Bool {
        switch self {
        case .work, .unknown, .blocked: true
        case .upToDate, .skipped: false
        }
    }
}

/// What `up` would do with a node: the words of the plan document.
public enum Action: String, Hashable, Sendable {
    case create, run, update, none, skip, blocked, unknown
}

/// Why a node could not be done: what happened, where, and what to do next.
public struct NodeFailure: Error, Hashable, Sendable {
    /// Decides the exit status.
    public enum Class: String, Hashable, Sendable {
        /// A command, service or check failed.
        case failed
        /// The network or the access to something.
        case network
        /// A tool, answer or secret is missing.
        case prerequisite
        case timedOut
        case notTrusted
        case cancelled
    }

    public var kind: Class
    public var message: String
    /// What to do next, in a sentence.
    public var remedy: String?
    /// Whether trying again may help.
    public var isPassing: Bool
    /// The last lines of output that show it.
    public var output: [String]
    /// The host that could not be reached, where that is what failed.
    public var host: String?
    /// The node whose failure says it all: this one was given up because of it, and counts as skipped.
    public var cause: NodeID?

    public init(
        _ kind: Class = .failed, _ message: String, remedy: String? = nil, isPassing: Bool = false,
        output: [String] = [], host: String? = nil, cause: NodeID? = nil
    ) {
        self.kind = kind
        self.message = message
        self.remedy = remedy
        self.isPassing = isPassing
        self.output = output
        self.host = host
        self.cause = cause
    }
}
