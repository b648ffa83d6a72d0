internal import Base

/// The scheduler: a pure state machine. It has no clock, no task and no file; a list of events replays it
/// exactly. The driver feeds it and obeys its commands.
///
/// Ready nodes start in the order of their longest remaining path, within the bounds of their pool and their
/// locks. An interactive node runs alone.
public struct Schedule: Sendable {
    /// What happened.
    public enum Event: Sendable {
        case begin
        case finished(NodeID, NodeResult)
        /// Nothing new starts from here on.
        case interrupted
        /// Nodes that came in mid-run; edges may lead to nodes that are there already.
        case grew([ExecutionNode])
    }

    /// What the driver is to do about it.
    public enum Command: Hashable, Sendable {
        case start(NodeID)
        /// Will not be tried; the result says why.
        case settle(NodeID, NodeResult)
        /// Every node has ended.
        case conclude
    }

    /// How many nodes work at once, and whether a failure stops the rest.
    public struct Limits: Hashable, Sendable {
        public var processor: Int
        public var network: Int
        public var failFast: Bool

        public init(processor: Int, network: Int = 8, failFast: Bool = false) {
            self.processor = processor
            self.network = network
            self.failFast = failFast
        }
    }

    private enum State: Hashable {
        case waiting(Int)
        case ready
        case running
        case ended(satisfied: Bool)
    }

    private let limits: Limits
    private var nodes: [NodeID: ExecutionNode]
    private var states: [NodeID: State] = [:]
    private var dependents: [NodeID: [NodeID]] = [:]
    private var priority: [NodeID: Double]
    private var ready: [NodeID] = []
    private var running: [Pool: Int] = [:]
    private var heldLocks: Set<String> = []
    private var unended = 0
    private var isStopping = false
    private var hasConcluded = false

    public init(_ graph: ExecutionGraph, limits: Limits) {
        self.limits = limits
        nodes = graph.nodes
        priority = graph.remainingSeconds
        for node in graph.nodes.values { enter(node) }
    }

    public mutating func handle(_ event: Event) -> [Command] {
        var commands: [Command] = []
        switch event {
        case .begin: break
        case .finished(let id, let result): finish(id, result, &commands)
        case .interrupted: stop("cancelled before it started", .cancelled, &commands)
        case .grew(let added): grow(added, &commands)
        }
        startReady(&commands)
        if unended == 0, !hasConcluded {
            hasConcluded = true
            commands.append(.conclude)
        }
        return commands
    }

    private mutating func grow(_ added: [ExecutionNode], _ commands: inout [Command]) {
        let new = added.filter { nodes[$0.id] == nil }
        for node in new { nodes[node.id] = node }
        if let graph = try? ExecutionGraph(nodes.values) { priority = graph.remainingSeconds }
        for node in new { enter(node) }
        for node in new {
            for edge in node.edges where states[edge.need] == .ended(satisfied: false) {
                skipDependents(of: edge.need, &commands)
            }
        }
        if isStopping { stop("cancelled before it started", .cancelled, &commands) }
    }

    private mutating func enter(_ node: ExecutionNode) {
        var waiting = 0
        for edge in node.edges where nodes[edge.need] != nil {
            dependents[edge.need, default: []].append(node.id)
            if case .ended(true) = states[edge.need] { continue }
            waiting += 1
        }
        unended += 1
        states[node.id] = waiting == 0 ? .ready : .waiting(waiting)
        if waiting == 0 { ready.append(node.id) }
    }

    private mutating func finish(_ id: NodeID, _ result: NodeResult, _ commands: inout [Command]) {
        guard states[id] == .running, let node = nodes[id] else { return }
        running[node.pool, default: 1] -= 1
        heldLocks.subtract(node.locks)
        end(id, satisfied: result.satisfies || result.status == .skipped)
        if !result.satisfies, result.status != .skipped {
            skipDependents(of: id, &commands)
            if limits.failFast { stop("stopped because \(id) failed", .cancelled, &commands) }
        }
    }

    private mutating func end(_ id: NodeID, satisfied: Bool) {
        states[id] = .ended(satisfied: satisfied)
        unended -= 1
        guard satisfied else { return }
        for dependent in dependents[id] ?? [] {
            guard case .waiting(let count) = states[dependent] else { continue }
            states[dependent] = count == 1 ? .ready : .waiting(count - 1)
            if count == 1 { ready.append(dependent) }
        }
    }

    private mutating func skipDependents(of id: NodeID, _ commands: inout [Command]) {
        var open = [id]
        while let failed = open.popLast() {
            for dependent in (dependents[failed] ?? []).sorted() {
                guard case .waiting = states[dependent] else { continue }
                states[dependent] = .ended(satisfied: false)
                unended -= 1
                commands.append(
                    .settle(dependent, NodeResult(.skipped, "needs \(id), which was not done", cause: id)))
                open.append(dependent)
            }
        }
    }

    private mutating func stop(_ reason: String, _ status: NodeResult.Status, _ commands: inout [Command]) {
        isStopping = true
        ready.removeAll()
        for (id, state) in states.sorted(by: { $0.key < $1.key }) {
            switch state {
            case .waiting, .ready:
                states[id] = .ended(satisfied: false)
                unended -= 1
                commands.append(.settle(id, NodeResult(status, reason)))
            case .running, .ended: break
            }
        }
    }

    private mutating func startReady(_ commands: inout [Command]) {
        guard !isStopping, !ready.isEmpty else { return }
        ready.sort { (priority[$0] ?? 0, $1) > (priority[$1] ?? 0, $0) }
        var kept: [NodeID] = []
        for id in ready {
            guard let node = nodes[id], mayStart(node) else {
                kept.append(id)
                continue
            }
            running[node.pool, default: 0] += 1
            heldLocks.formUnion(node.locks)
            states[id] = .running
            commands.append(.start(id))
        }
        ready = kept
    }

    private func mayStart(_ node: ExecutionNode) -> Bool {
        guard heldLocks.isDisjoint(with: node.locks) else { return false }
        switch node.pool {
        case .processor:
            return running[.processor, default: 0] < limits.processor && running[.interactive, default: 0] == 0
        case .network: return running[.network, default: 0] < limits.network && running[.interactive, default: 0] == 0
        case .interactive: return running.values.allSatisfy { $0 == 0 }
        }
    }
}
