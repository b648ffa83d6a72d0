import Base
public import Execution
public import HostInterfaces
public import State
import ManifestModel
import Secrets

/// Joins the nodes of a workspace to the driver: looks, works, keeps the records.
public final class RunWorkspace: NodeWorker {
    private let surroundings: RunSurroundings
    /// Makes the reporter of a node: logs and events.
    let reporter: @Sendable (NodeID) -> NodeReporter
    /// Where a node's log is, once something was written to it.
    private let logPath: @Sendable (NodeID) -> String?

    public init(
        host: Host, workspace: Workspace, values: Values, journal: Journal, settings: RunSettings, parts: RunParts,
        reporter: @escaping @Sendable (NodeID) -> NodeReporter,
        logPath: @escaping @Sendable (NodeID) -> String? = { _ in nil }
    ) {
        surroundings = RunSurroundings(
            host: host, workspace: workspace, values: values, journal: journal, settings: settings, parts: parts)
        self.reporter = reporter
        self.logPath = logPath
    }

    public var host: Host { surroundings.host }
    public var workspace: Workspace { surroundings.workspace }
    public var values: Values { surroundings.values }
    public var journal: Journal { surroundings.journal }
    public var settings: RunSettings { surroundings.settings }
    var parts: RunParts { surroundings.parts }

    public func log(of id: NodeID) -> String? { logPath(id) }

    /// What a node gets when it looks without changing or executing anything. `pending` are nodes that `up` would
    /// change before it.
    public func planningContext(_ id: NodeID, pending: Set<NodeID> = []) -> NodeContext {
        context(id, isPlanning: true, pending: pending)
    }

    /// What a node gets to look before the run, when what the manifest says may be executed already.
    public func context(_ id: NodeID) -> NodeContext { context(id, isPlanning: false) }

    func context(_ id: NodeID, isPlanning: Bool, pending: Set<NodeID> = []) -> NodeContext {
        NodeContext(
            id: id, in: surroundings, reporter: isPlanning ? .silent : reporter(id), isPlanning: isPlanning,
            pending: pending)
    }

    public func assess(_ id: NodeID) async -> Assessment { await assess(id, isPlanning: false, pending: []) }

    /// The one look at a node, of plans and runs alike.
    func assess(_ id: NodeID, isPlanning: Bool, pending: Set<NodeID>) async -> Assessment {
        guard let node = workspace.nodes[id] else { return .upToDate("not in the manifest any more") }
        if let reason = node.common.reasonAgainst(host) { return .skipped(reason) }
        return await node.assess(context(id, isPlanning: isPlanning, pending: pending))
            .noting(failure: journal.failed(id.description)).masked(by: values.mask)
    }

    public func estimate(_ graph: ExecutionGraph) async -> RunEstimate? {
        let plan = await Planner(self).plan(graph)
        return Task.isCancelled ? nil : RunEstimate(seconds: plan.expectedSeconds, criticalPath: plan.criticalPath)
    }

    public func run(_ id: NodeID, _ assessment: Assessment, attempt: Int) async throws(NodeFailure) {
        guard let node = workspace.nodes[id] else { return }
        let context = context(id, isPlanning: false)
        defer { context.reporter.finish() }
        do throws(NodeFailure) {
            try await node.run(assessment, context)
        } catch {
            let error = error.masked(by: values.mask)
            // Its own try is no news where another node has used all of its own up.
            if error.isPassing, let refusal = error.host.flatMap(parts.breaker.refusal) { throw refusal }
            guard error.kind == .cancelled, error.message == "cancelled" else { throw error }
            // The status is named before it.
            throw NodeFailure(.cancelled, "stopped while it ran", output: error.output)
        }
    }

    public func pause(before attempt: Int, of id: NodeID, after failure: NodeFailure) -> Duration? {
        guard let node = workspace.nodes[id], failure.cause == nil else { return nil }
        // A rule that the manifest states covers every failure; without one only those that may pass are tried again.
        guard let rule = node.retry ?? (failure.isPassing ? settings.retry ?? RetryRule() : nil) else { return nil }
        let bytes = host.randomness.bytes(2)
        return rule.pause(before: attempt, random: Double(Int(bytes[0]) << 8 | Int(bytes[1])) / 65536)
    }

    public func growth(after id: NodeID) async -> [ExecutionNode] { [] }

    public func ended(_ id: NodeID, _ result: NodeResult) async {
        if let failure = result.failure { parts.breaker.gaveUp(id, failure) }
        switch result.status {
        case .failed:
            try? journal.append(.failed(node: id.description, message: result.reason, seconds: result.seconds))
        case .done, .upToDate:
            // Mended by hand, or done without a record of its own.
            if journal.failed(id.description) { try? journal.append(.recovered(node: id.description)) }
        case .skipped, .cancelled: break
        }
    }

    /// What earlier runs say of a node: how long it may take, or its kind's default, and whether it failed last.
    public static func history(
        of node: any WorkspaceNode, _ journal: Journal
    ) -> (expectedSeconds: Double, failedLastTime: Bool) {
        let name = node.id.description
        return (journal.expectedSeconds(name) ?? node.defaultSeconds, journal.failed(name))
    }
}
