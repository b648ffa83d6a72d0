import Base
public import Execution
import HostInterfaces

/// Something that devinit could do, with consent, so that a node's need is met.
public struct InstallOffer: Hashable, Sendable {
    /// The node that it serves.
    public var node: NodeID
    /// What it does, for the question: "install nodejs 20.11.1 with apt".
    public var words: String
    /// The command as a person would type it.
    public var command: String
    /// Whether the manifest says the command, so that trust is needed too.
    public var isFromManifest: Bool

    public init(node: NodeID, words: String, command: String, isFromManifest: Bool) {
        self.node = node
        self.words = words
        self.command = command
        self.isFromManifest = isFromManifest
    }
}

/// A node that can be brought about with consent: asked at the start of `up`, and by `doctor --fix`.
public protocol OfferingNode: WorkspaceNode {
    /// What could be done for it now; nil when nothing is missing or nothing is known to help.
    func offer(_ context: NodeContext) async -> InstallOffer?
}
