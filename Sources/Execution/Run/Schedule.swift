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
        /// Everything it needs is done, but there is no free place for it yet. Said once.
        case hold(NodeID)
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
    /// Inside, a node is its position: names are hashed once per event and not per edge.
    private var nodes: [ExecutionNode]
    private var positions: [NodeID: Int]
    private var states: [State] = []
    private var dependents: [[Int]] = []
    private var queue: ReadyQueue
    /// Ready since the last time that places were given out.
    private var fresh: [Int] = []
    private var running: [Pool: Int] = [:]
    private var heldLocks: Set<String> = []
    private var unended = 0
    private var isStopping = false
    private var hasConcluded = false

    public init(_ graph: ExecutionGraph, limits: Limits) {
        self.limits = limits
        nodes = graph.order.compactMap { graph.nodes[$0] }
        positions = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.id, $0) })
        queue = ReadyQueue(priority: Self.priorities(of: nodes, in: graph))
        dependents = Array(repeating: [], count: nodes.count)
        for position in nodes.indices { enter(position) }
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

    private static func priorities(of nodes: [ExecutionNode], in graph: ExecutionGraph) -> [Double] {
        let priorities = graph.priorities
        return nodes.map { priorities[$0.id] ?? 0 }
    }

    private mutating func grow(_ added: [ExecutionNode], _ commands: inout [Command]) {
        let first = nodes.count
        for node in added where positions[node.id] == nil {
            positions[node.id] = nodes.count
            nodes.append(node)
            dependents.append([])
        }
        do throws(CycleError) {
            queue.priority = Self.priorities(of: nodes, in: try ExecutionGraph(nodes))
        } catch {
            refuse(from: first, "these wait for each other: \(error)", &commands)
            return
        }
        for position in first..<nodes.count { enter(position) }
        for position in first..<nodes.count {
            for need in needs(of: position) where states[need] == .ended(satisfied: false) {
                skipDependents(of: need, &commands)
            }
        }
        if isStopping { stop("cancelled before it started", .cancelled, &commands) }
    }

    /// Takes nodes that came in out again: they can't be done, and what was there goes on without them.
    private mutating func refuse(from first: Int, _ reason: String, _ commands: inout [Command]) {
        for node in nodes[first...] {
            positions[node.id] = nil
            commands.append(
                .settle(node.id, NodeResult(.failed, reason, failure: NodeFailure(.failed, reason))))
        }
        nodes.removeSubrange(first...)
        dependents.removeSubrange(first...)
    }

    private func needs(of position: Int) -> [Int] { nodes[position].edges.compactMap { positions[$0.need] } }

    private mutating func enter(_ position: Int) {
        var waiting = 0
        for need in needs(of: position) {
            dependents[need].append(position)
            if need < states.count, states[need] == .ended(satisfied: true) { continue }
            waiting += 1
        }
        unended += 1
        states.append(waiting == 0 ? .ready : .waiting(waiting))
        if waiting == 0 { fresh.append(position) }
    }

    private mutating func finish(_ id: NodeID, _ result: NodeResult, _ commands: inout [Command]) {
        guard let position = positions[id], states[position] == .running else { return }
        let node = nodes[position]
        running[node.pool, default: 1] -= 1
        for lock in node.locks {
            heldLocks.remove(lock)
            for waiting in queue.unpark(lock) { queue.insert(waiting, pool: nodes[waiting].pool) }
        }
        end(position, satisfied: result.satisfies)
        if !result.satisfies {
            skipDependents(of: position, &commands)
            if limits.failFast { stop("stopped because \(id) failed", .cancelled, &commands) }
        }
    }

    private mutating func end(_ position: Int, satisfied: Bool) {
        states[position] = .ended(satisfied: satisfied)
        unended -= 1
        guard satisfied else { return }
        for dependent in dependents[position] {
            guard case .waiting(let count) = states[dependent] else { continue }
            states[dependent] = count == 1 ? .ready : .waiting(count - 1)
            if count == 1 { fresh.append(dependent) }
        }
    }

    private mutating func skipDependents(of position: Int, _ commands: inout [Command]) {
        var open = [position]
        while let failed = open.popLast() {
            for dependent in dependents[failed] {
                guard case .waiting = states[dependent] else { continue }
                states[dependent] = .ended(satisfied: false)
                unended -= 1
                let cause = nodes[position].id
                commands.append(
                    .settle(
                        nodes[dependent].id, NodeResult(.skipped, "needs \(cause), which was not done", cause: cause)))
                open.append(dependent)
            }
        }
    }

    private mutating func stop(_ reason: String, _ status: NodeResult.Status, _ commands: inout [Command]) {
        isStopping = true
        queue.removeAll()
        fresh = []
        for position in nodes.indices {
            switch states[position] {
            case .waiting, .ready:
                states[position] = .ended(satisfied: false)
                unended -= 1
                commands.append(.settle(nodes[position].id, NodeResult(status, reason)))
            case .running, .ended: break
            }
        }
    }

    private mutating func startReady(_ commands: inout [Command]) {
        guard !isStopping else { return }
        for position in fresh { queue.insert(position, pool: nodes[position].pool) }
        var started: Set<Int> = []
        while let (position, pool) = queue.best(of: openPools) {
            queue.removeBest(of: pool)
            let node = nodes[position]
            if let lock = node.locks.first(where: heldLocks.contains) {
                queue.park(position, behind: lock)
                continue
            }
            running[pool, default: 0] += 1
            heldLocks.formUnion(node.locks)
            states[position] = .running
            started.insert(position)
            commands.append(.start(node.id))
        }
        for position in fresh where !started.contains(position) { commands.append(.hold(nodes[position].id)) }
        fresh = []
    }

    /// The pools in which something may start now.
    private var openPools: [Pool] {
        if running[.interactive, default: 0] > 0 { return [] }
        var open: [Pool] = []
        if running[.processor, default: 0] < limits.processor { open.append(.processor) }
        if running[.network, default: 0] < limits.network { open.append(.network) }
        open.append(.waiting)
        if running.values.allSatisfy({ $0 == 0 }) { open.append(.interactive) }
        return open
    }
}
