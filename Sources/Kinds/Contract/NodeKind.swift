public import Base
public import Catalog
public import Execution
public import HostInterfaces
public import ManifestModel
public import Trust

/// A kind of node: owner of one or more sections of the manifest.
public protocol NodeKind: Sendable {
    /// The first part of its nodes' ids: `repo`.
    static var name: String { get }
    /// Its keys at the top of the manifest: the declaration from which checking, schema and docs follow.
    static var sections: [KeySpec] { get }
    /// The namespace under which `${…}` finds its nodes: `repos`; nil for none.
    static var namespace: String? { get }
    /// The nodes that a checked manifest asks for. Reports what a shape alone can't tell.
    static func nodes(_ reading: inout Reading) -> [any WorkspaceNode]
    /// Nodes that nobody declared and that others, of every kind, rely on.
    static func implied(by nodes: [any WorkspaceNode], _ reading: inout Reading) -> [any WorkspaceNode]
}

extension NodeKind {
    public static func implied(by nodes: [any WorkspaceNode], _ reading: inout Reading) -> [any WorkspaceNode] { [] }
}

/// What reading a section gets: the manifest, the templates, and a place for problems.
public struct Reading: Sendable {
    public let manifest: LoadedManifest
    public let host: Host
    public let templates: TemplateLibrary
    public var diagnostics = Diagnostics()
    /// Repositories that stand elsewhere on this machine by the word of a `.local` file: the path that the team's
    /// manifest knows, and the one here. Repositories are read first among the kinds that have paths.
    public var adopted: [(declared: Path, actual: Path)] = []

    /// Where each repository stands or is to stand, absolute. Repositories are read first.
    public var checkouts: [(name: String, place: Path)] = []

    public init(manifest: LoadedManifest, host: Host, templates: TemplateLibrary) {
        self.manifest = manifest
        self.host = host
        self.templates = templates
    }

    /// A path of the manifest, from the workspace's root, made absolute. One that starts with a repository's
    /// declared path follows the repository when it was adopted elsewhere.
    public func path(_ text: String) -> Path {
        let path = manifest.root.appending(Path(text)).normalized
        let matches = adopted.filter { path.isInside($0.declared) }
        guard let longest = matches.max(by: { $0.declared.text.utf8.count < $1.declared.text.utf8.count }) else {
            return path
        }
        return longest.actual.appending(path.relative(to: longest.declared)).normalized
    }

    /// Whether a path made absolute is in the workspace, or in a repository that was adopted from elsewhere.
    public func isInWorkspace(_ path: Path) -> Bool {
        path.isInside(manifest.root) || adopted.contains { path.isInside($0.actual) }
    }

    /// Adds an error of the manifest; `code` is stable for programs, the rest is for people.
    public mutating func report(
        _ code: String, _ message: String, at location: SourceLocation?, suggestion: String? = nil
    ) {
        diagnostics.add(Diagnostic(code: code, message, at: location, suggestion: suggestion))
    }
}

/// One node of the workspace. It knows its own declaration and nothing of other kinds: what it needs of others
/// it asks of the workspace, by id or by the small protocols beside this one.
public protocol WorkspaceNode: Sendable {
    var id: NodeID { get }
    var common: CommonKeys { get }
    /// Where it is declared.
    var location: SourceLocation { get }
    /// The absolute path that it makes or owns; nil when it has none.
    var place: Path? { get }
    /// Every text of it that refers to something with `${…}`; others may be among them.
    var texts: [Text] { get }
    /// Edges that follow from what it is, each with its reason. `needs` are added by the caller.
    func edges(in workspace: Workspace) -> [Edge]
    /// What is wrong with it and can be told only with all nodes known: names of others that it relies on.
    func problems(in workspace: Workspace) -> [Diagnostic]
    /// Everything that it may execute and that the manifest says.
    func executables(in workspace: Workspace) -> [ExecutableItem]
    var pool: Pool { get }
    var locks: [String] { get }
    /// How long its work may take when no run has shown it, in seconds.
    var defaultSeconds: Double { get }
    /// Whether it runs only when a command names it.
    var isManual: Bool { get }
    /// Whether it is chosen only with a node that needs it: a secret is resolved when something uses it.
    var isOnDemand: Bool { get }
    /// Whether something beside the command line chooses it in spite of its labels: a Compose profile that is on.
    /// `isAsked` where the command line names profiles.
    func isSwitchedOn(isAsked: Bool) -> Bool
    /// What a reference to it stands for: `${repos.api.path}` asks `repo:api` for `["path"]`.
    func value(of path: [String], in values: Values) -> Lookup
    /// Whether a look while planning may wait for a program, the network or a service; else it reads files at most.
    var mayWait: Bool { get }
    /// Looks, and changes nothing. While planning it executes nothing that the manifest says.
    func assess(_ context: NodeContext) async -> Assessment
    /// Everything that the look compared and how it came out, a sentence each: down to the file. Only reads.
    func explanation(_ context: NodeContext) async -> [String]
    /// Does what the assessment found.
    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure)
    /// How failures that may pass are tried again; nil: not at all.
    var retry: RetryRule? { get }
    /// Names of tools that it uses, whether or not `requires` lists them: any version does where nobody does.
    var impliedTools: [String] { get }
    /// What a person is asked before it does something, at the start of the run; nil when nothing is asked.
    var confirmation: Text? { get }
    /// Itself, when it waits for required tools. Said by the node, because asking the runtime takes a hundred times
    /// as long.
    var gated: (any GatedNode)? { get }
    /// Itself, when others wait for it as a required tool.
    var gatingTool: (any GatingTool)? { get }
}

extension WorkspaceNode {
    public var mayWait: Bool { true }
    public func explanation(_ context: NodeContext) async -> [String] { [] }
    public var place: Path? { nil }
    public var locks: [String] { [] }
    public var isManual: Bool { false }
    public var isOnDemand: Bool { false }
    public func isSwitchedOn(isAsked: Bool) -> Bool { false }
    public var pool: Pool { .processor }
    public var retry: RetryRule? { nil }
    public var impliedTools: [String] { [] }
    public var confirmation: Text? { nil }
    public var gated: (any GatedNode)? { nil }
    public var gatingTool: (any GatingTool)? { nil }
    public func executables(in workspace: Workspace) -> [ExecutableItem] { [] }
    public func problems(in workspace: Workspace) -> [Diagnostic] { [] }
    public func value(of path: [String], in values: Values) -> Lookup {
        .failure(.unknown("\(id.kind) '\(id.name)' has no value \(path.joined(separator: "."))"))
    }
}

/// A node that keeps data: what `per` and `once` bind their records to.
public protocol DataHolder {
    /// Whether it keeps data at all; `per` one that keeps none is an error.
    var keepsData: Bool { get }
    /// An opaque name of the data as it stands now, a new one when the data was made anew; nil when there is none
    /// yet. Throws when it can't be told.
    func dataIdentity(_ context: NodeContext) async throws(NodeFailure) -> String?
}

extension DataHolder {
    public var keepsData: Bool { true }
}

/// A node inside which commands can run: a service's container.
public protocol CommandHost {
    /// The arguments to start on this machine so that `arguments` run inside with these variables. With `start`
    /// false they run in a container of their own beside it.
    func wrapped(
        _ arguments: [String], environment: [String: String], start: Bool, hasInput: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> (arguments: [String], environment: [String: String])
}

/// A node whose values are made of other nodes' values: a service's URL holds a secret.
public protocol ReferringNode {
    func value(of path: [String], in values: Values, scope: Scope) -> Lookup
}

/// A node that holds ports of this machine while it runs: a service.
public protocol PortOwner {
    /// Whether it runs, healthy or not; nil where that can't be told.
    func isRunning(_ context: NodeContext) async -> Bool?
    /// Its ports of this machine as they were decided; one that is still open is left out.
    func decidedPorts(in workspace: Workspace, _ values: Values) -> [(number: Int, transport: PortTransport)]
}

/// A node that is a tool of known version: part of what makes a step up to date.
public protocol VersionedTool {
    func version(_ context: NodeContext) async -> String?
}

/// A node that what runs waits for, unless it says otherwise: a required tool.
public protocol GatingTool: WorkspaceNode {
    /// Whether steps in that repository wait for it; nil stands for those outside all repositories.
    func gates(_ repository: NodeID?) -> Bool
}

extension GatingTool {
    public var gatingTool: (any GatingTool)? { self }
}

/// A node that waits for every required tool and package that counts where it runs: steps and services.
public protocol GatedNode: WorkspaceNode {
    /// The repository in which it runs; nil: outside all of them.
    func gatedRepository(in workspace: Workspace) -> NodeID?
}

extension GatedNode {
    public var gated: (any GatedNode)? { self }
}

/// A node whose file was there before devinit and says something else: a person tells whose values stand.
public protocol ContestedNode: WorkspaceNode {
    /// What differs, in words; nil when nothing does, or when it can't be told yet.
    func contest(_ context: NodeContext) async -> String?
}

/// A node whose newest output can be read: what a step waits for with `wait: {log: …}`.
public protocol LogHolder {
    func recentLog(_ context: NodeContext) async throws(NodeFailure) -> String
}

/// How often and after which pauses something is tried again.
public struct RetryRule: Hashable, Sendable {
    public var attempts: Int
    public var delay: Duration
    public var factor: Double
    public var maximum: Duration
    public var jitter: Bool

    public init(
        attempts: Int = 3, delay: Duration = .seconds(1), factor: Double = 2, maximum: Duration = .seconds(30),
        jitter: Bool = true
    ) {
        self.attempts = attempts
        self.delay = delay
        self.factor = factor
        self.maximum = maximum
        self.jitter = jitter
    }

    public init(_ fields: Fields) {
        self.init(
            attempts: fields[RetryKeys.attempts] ?? 3, delay: fields[RetryKeys.delay] ?? .seconds(1),
            factor: fields[RetryKeys.factor] ?? 2, maximum: fields[RetryKeys.maximum] ?? .seconds(30),
            jitter: fields[RetryKeys.jitter] ?? true)
    }

    /// The pause before an attempt (the second is the first that has one); nil when there is none left. With
    /// jitter the pause is drawn evenly from zero to its full length ("full jitter"), `random` from 0 to 1.
    public func pause(before attempt: Int, random: Double) -> Duration? {
        guard attempt <= attempts else { return nil }
        var seconds = delay.seconds
        for _ in 2..<max(attempt, 2) { seconds = min(seconds * factor, maximum.seconds) }
        return .milliseconds(Int(min(seconds, maximum.seconds) * (jitter ? random : 1) * 1000))
    }
}
