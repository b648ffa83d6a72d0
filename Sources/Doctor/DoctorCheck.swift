import Execution

/// One check of `devinit doctor`: a file under `Checks/` and a line in the registry.
protocol DoctorCheck: Sendable {
    /// A word that names the check on the command line and in its results.
    static var id: String { get }
    static var group: CheckGroup { get }
    /// Kinds of nodes that it looks at, one result each, under their ids; empty for a check of its own.
    static var kinds: [String] { get }
    /// Looks, in parallel where it can. `chosen` limits a check of nodes to those.
    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult]
}

extension DoctorCheck {
    static var kinds: [String] { [] }
}
