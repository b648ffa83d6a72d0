public import Base
public import Execution
public import Git
public import HostInterfaces
public import ManifestModel
public import Secrets
public import State

/// What a node gets when it looks and when it works. A class, because it is handed from call to call, and a copy of all
/// this would cost more than many a look.
public final class NodeContext: Sendable {
    public let id: NodeID
    private let surroundings: RunSurroundings
    public let reporter: NodeReporter
    /// While planning: nothing that the manifest says is executed, and nothing is changed.
    public let isPlanning: Bool
    /// While planning: nodes that `up` would change before this one.
    public let pending: Set<NodeID>

    public var host: Host { surroundings.host }
    public var workspace: Workspace { surroundings.workspace }
    public var values: Values { surroundings.values }
    public var journal: Journal { surroundings.journal }
    public var settings: RunSettings { surroundings.settings }
    public var parts: RunParts { surroundings.parts }

    init(
        id: NodeID, in surroundings: RunSurroundings, reporter: NodeReporter, isPlanning: Bool, pending: Set<NodeID>
    ) {
        self.id = id
        self.surroundings = surroundings
        self.reporter = reporter
        self.isPlanning = isPlanning
        self.pending = pending
    }

    /// The same for another node, which then speaks through this one.
    func of(_ id: NodeID) -> NodeContext {
        NodeContext(id: id, in: surroundings, reporter: reporter, isPlanning: isPlanning, pending: pending)
    }

    /// The text with everything looked up.
    public func resolve(_ text: Text) throws(NodeFailure) -> ResolvedText {
        if !isPlanning { recallSecrets(in: [text]) }
        return try workspace.resolve(text, values)
    }

    /// The text with everything looked up; nil where it needs an optional secret that was not given, so that what it
    /// stands for is left out.
    func resolveGiven(_ text: Text) throws(NodeFailure) -> ResolvedText? {
        do throws(NodeFailure) { return try resolve(text) } catch {
            let isNotGiven = text.references.contains { reference in
                guard reference.namespace == SecretKind.namespace, reference.path.count > 1,
                    let known = values.secret(reference.path[1])
                else { return false }
                return known == nil
            }
            if isNotGiven { return nil }
            throw error
        }
    }

    /// Whether a person agreed to install what this node is about.
    var mayInstall: Bool { settings.mayInstall || settings.installs.contains(id) }

    /// Whose value stands in this node's file where it has no record: `manifest` or `mine`; nil: nobody said.
    var take: String? { settings.takes[id] ?? settings.take }

    /// A path for people: from the workspace's root where it is inside.
    public func display(_ path: Path) -> String {
        path.isInside(workspace.root) ? path.relative(to: workspace.root).text : path.text
    }
}

/// What the command line and the defaults decided.
public struct RunSettings: Sendable {
    public var jobs: Int
    public var offline = false
    /// Questions that can be undone are answered with yes.
    public var assumeYes = false
    /// Whether a person can be asked.
    public var mayAsk = false
    /// Whether all that is missing may be installed.
    public var mayInstall = false
    /// Nodes whose installation or fix was agreed to before the run.
    public var installs: Set<NodeID> = []
    public var failFast = false
    public var grace: Duration = .seconds(10)
    /// Limit for commands that state none.
    public var timeLimit: Duration?
    public var shell = "sh"
    public var cloneProtocol: String?
    public var backend = "auto"
    public var engine = "auto"
    /// Nodes to do again whatever their records say.
    public var rerun: Set<NodeID> = []
    /// Nodes whose question (`confirm`) was answered with yes before the run.
    public var confirmed: Set<NodeID> = []
    public var retry: RetryRule?
    /// Whose value stands where an env file has no record: `manifest` or `mine`; nil: ask.
    public var take: String?
    /// The same for single files, as answered before the run.
    public var takes: [NodeID: String] = [:]
    /// Words after `--` for a step that was named alone.
    public var extraArguments: [String] = []

    public init(jobs: Int) { self.jobs = jobs }
}

/// Bounds for calls whose end depends on others and that no key of the manifest bounds. Far above what they take when
/// all is well: they only keep a run from hanging for ever.
enum CallLimit {
    /// A call of the engine that downloads nothing.
    static let engine = Duration.seconds(600)
    /// Images, packages.
    static let download = Duration.seconds(7200)
}

/// What nodes of one kind share during a run.
public struct RunParts: Sendable {
    public let git: GitWork
    public let engines: ServiceEngines
    /// Hashes of files, remembered between runs. Whoever ends an `up` calls its `save`.
    public let hashes: FileHashes
    /// Tells changed secrets; nil while planning in a workspace where nothing was hashed yet.
    public let keyedHash: KeyedHash?
    /// What steps have running; nil while planning.
    public let children: RunningChildren?
    /// Proofs of work that must never be repeated.
    public let receipts: OnceReceipts
    /// Hosts that could not be reached in this run.
    public let breaker = CircuitBreaker()
    /// Stored secrets, read once.
    public let secrets: SecretShelf
    /// Env files that were looked at already.
    public let environmentFiles = EnvironmentFileShelf()

    public init(
        git: GitWork, engines: ServiceEngines, hashes: FileHashes, keyedHash: KeyedHash?,
        receipts: OnceReceipts, children: RunningChildren? = nil, secrets: SecretShelf = SecretShelf()
    ) {
        self.secrets = secrets
        self.children = children
        self.receipts = receipts
        self.git = git
        self.engines = engines
        self.hashes = hashes
        self.keyedHash = keyedHash
    }
}

/// Where a node tells what it is doing.
public struct NodeReporter: Sendable {
    public var progress: @Sendable (NodeProgress) -> Void
    /// A whole line of output, as the program wrote it; masking and the log file are the receiver's work.
    public var output: @Sendable (_ bytes: [UInt8], _ isError: Bool) -> Void
    /// A sentence of devinit's own, shown and logged.
    public var note: @Sendable (String) -> Void
    /// A program takes the terminal to itself (`true`), or gives it back.
    public var terminal: @Sendable (Bool) -> Void
    /// The node has ended: what is left of a last line without a newline comes out.
    public var finish: @Sendable () -> Void

    public init(
        progress: @escaping @Sendable (NodeProgress) -> Void,
        output: @escaping @Sendable ([UInt8], Bool) -> Void, note: @escaping @Sendable (String) -> Void,
        terminal: @escaping @Sendable (Bool) -> Void = { _ in },
        finish: @escaping @Sendable () -> Void = {}
    ) {
        self.progress = progress
        self.output = output
        self.note = note
        self.terminal = terminal
        self.finish = finish
    }

    public static let silent = NodeReporter(progress: { _ in }, output: { _, _ in }, note: { _ in })
}
