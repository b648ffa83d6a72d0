public import Base
public import Execution
public import HostInterfaces
public import Kinds
public import State

/// What the checks look at. Where the manifest can't be used there are only its problems.
public struct DoctorContext: Sendable {
    public let host: Host
    /// The nodes with all they get; nil where the manifest can't be used.
    public let run: RunWorkspace?
    /// The manifest's problems.
    public let problems: Diagnostics
    /// Nodes that the profiles choose; nil: all.
    public let selected: Set<NodeID>?
    /// Whether what the manifest says may be executed.
    public let isTrusted: Bool
    public let stateFolder: StateFolder?

    public init(
        host: Host, run: RunWorkspace?, problems: Diagnostics, selected: Set<NodeID>? = nil, isTrusted: Bool,
        stateFolder: StateFolder?
    ) {
        self.host = host
        self.run = run
        self.problems = problems
        self.selected = selected
        self.isTrusted = isTrusted
        self.stateFolder = stateFolder
    }

    /// The chosen nodes of a kind, in the manifest's order.
    func nodes(of kind: String) -> [any WorkspaceNode] {
        (run?.workspace.nodes(of: kind) ?? []).filter { selected?.contains($0.id) ?? true }
    }
}
