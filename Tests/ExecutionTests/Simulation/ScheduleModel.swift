import Execution

/// What must hold of a schedule, kept beside it from the events and commands alone.
struct ScheduleModel {
    enum State: Equatable {
        case absent, waiting, running
        case ended(satisfied: Bool)
    }

    private(set) var problems: [String] = []
    private(set) var states: [State]
    private(set) var hasConcluded = false
    /// Told to wait for a place; that is told once.
    private var held: Set<Int> = []
    private let nodes: [ExecutionNode]
    private let limits: Schedule.Limits
    private var needs: [[Int]]
    private var dependents: [[Int]]
    /// Needs that are not done yet; only a node with none may start.
    private var open: [Int]
    private var longest: [Double] = []
    private var candidates: Set<Int> = []
    private var running: [Pool: Int] = [:]
    private var locks: Set<String> = []
    private var unended = 0
    private(set) var isStopping = false

    init(_ nodes: [ExecutionNode], limits: Schedule.Limits) {
        self.nodes = nodes
        self.limits = limits
        states = Array(repeating: .absent, count: nodes.count)
        needs = Array(repeating: [], count: nodes.count)
        dependents = needs
        open = Array(repeating: 0, count: nodes.count)
    }

    // MARK: Events

    mutating func grew(_ added: some Sequence<Int>) {
        let new = added.filter { states[$0] == .absent }
        for number in new where states[number] == .absent {
            states[number] = .waiting
            unended += 1
        }
        for number in new where needs[number].isEmpty {
            for edge in nodes[number].edges where states[edge.need.number] != .absent {
                let need = edge.need.number
                needs[number].append(need)
                dependents[need].append(number)
                if states[need] != .ended(satisfied: true) { open[number] += 1 }
            }
            if open[number] == 0 { candidates.insert(number) }
        }
        measure()
    }

    mutating func finished(_ number: Int, satisfied: Bool) {
        if states[number] != .running { problems.append("\(number) was ended while it did not run") }
        running[nodes[number].pool, default: 0] -= 1
        locks.subtract(nodes[number].locks)
        end(number, satisfied: satisfied)
        if !satisfied, limits.failFast { isStopping = true }
    }

    mutating func fail(_ problem: String) { problems.append(problem) }

    mutating func interrupted() { isStopping = true }

    private mutating func end(_ number: Int, satisfied: Bool) {
        states[number] = .ended(satisfied: satisfied)
        candidates.remove(number)
        unended -= 1
        guard satisfied else { return }
        for dependent in dependents[number] {
            open[dependent] -= 1
            if open[dependent] == 0, states[dependent] == .waiting { candidates.insert(dependent) }
        }
    }

    /// The longest way from each node to the end; needs have smaller numbers than what needs them.
    private mutating func measure() {
        longest = Array(repeating: 0, count: nodes.count)
        for number in nodes.indices.reversed() where states[number] != .absent {
            var behind = 0.0
            for dependent in dependents[number] where longest[dependent] > behind { behind = longest[dependent] }
            longest[number] = nodes[number].expectedSeconds + behind
            if nodes[number].failedLastTime { longest[number] += 1e9 }
        }
    }

    // MARK: Commands

    /// Takes what the schedule answered to an event that was told before; returns the nodes that start.
    mutating func take(_ commands: [Schedule.Command]) -> [Int] {
        var started: [Int] = []
        for command in commands {
            if hasConcluded { problems.append("\(command) after the end") }
            switch command {
            case .start(let id):
                start(id.number)
                started.append(id.number)
            case .hold(let id):
                if !candidates.contains(id.number) || mayStart(id.number) { problems.append("\(id) is not held back") }
                if !held.insert(id.number).inserted { problems.append("\(id) is told to wait twice") }
            case .settle(let id, let result): settle(id.number, result)
            case .conclude: hasConcluded = true
            }
        }
        if hasConcluded != (unended == 0) { problems.append("concluded \(hasConcluded) with \(unended) not ended") }
        for (number, state) in states.enumerated() where state == .waiting {
            if isStopping { problems.append("\(number) was not settled although the run stops") }
            if needs[number].contains(where: { states[$0] == .ended(satisfied: false) }) {
                problems.append("\(number) waits for what was not done")
            }
        }
        for number in candidates {
            if mayStart(number) { problems.append("\(number) could have started and did not") }
            if !held.contains(number) { problems.append("\(number) was not told to wait") }
        }
        return started
    }

    private mutating func start(_ number: Int) {
        guard states[number] == .waiting else { return problems.append("\(number) started while \(states[number])") }
        if isStopping { problems.append("\(number) started although the run stops") }
        if open[number] > 0 { problems.append("\(number) started before what it needs") }
        if !mayStart(number) { problems.append("\(number) started beyond a bound or a lock") }
        for other in candidates where goesFirst(other, before: number) && mayStart(other) {
            problems.append("\(number) started before \(other), which has the longer way")
        }
        states[number] = .running
        candidates.remove(number)
        running[nodes[number].pool, default: 0] += 1
        locks.formUnion(nodes[number].locks)
    }

    /// The order among those that may start; ties may go either way.
    private func goesFirst(_ one: Int, before other: Int) -> Bool { longest[one] > longest[other] }

    private mutating func settle(_ number: Int, _ result: NodeResult) {
        guard states[number] == .waiting else { return problems.append("\(number) settled while \(states[number])") }
        switch result.status {
        case .skipped:
            guard let cause = result.cause?.number else { return problems.append("\(number) skipped for no cause") }
            if states[cause] != .ended(satisfied: false) { problems.append("\(number) skipped for \(cause)") }
        case .cancelled:
            if !isStopping { problems.append("\(number) cancelled although nothing stops") }
        default: problems.append("\(number) settled as \(result.status)")
        }
        end(number, satisfied: false)
    }

    /// Whether its pool and its locks have room now.
    private func mayStart(_ number: Int) -> Bool {
        let node = nodes[number]
        if node.locks.contains(where: locks.contains) { return false }
        let interactive = running[.interactive, default: 0]
        switch node.pool {
        case .processor: return interactive == 0 && running[.processor, default: 0] < limits.processor
        case .network: return interactive == 0 && running[.network, default: 0] < limits.network
        case .waiting: return interactive == 0
        case .interactive: return running.values.allSatisfy { $0 == 0 }
        }
    }
}
