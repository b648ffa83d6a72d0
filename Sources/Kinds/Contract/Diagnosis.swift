/// What `doctor` is told by a node that knows more of itself than its assessment says.
public struct Diagnosis: Hashable, Sendable {
    /// How a check came out; only `error` makes `doctor` fail, `warning` with `--strict`.
    public enum Status: String, Hashable, Sendable { case ok, warning, error, skipped }

    public var status: Status
    /// What was found and what is wanted, in a word or two; nil where there is nothing to say.
    public var found: String?
    public var wanted: String?
    /// What is wrong, in a sentence; or why it is well.
    public var message: String
    /// What to do next.
    public var remedy: String?

    /// What devinit itself could do about it, with consent.
    public var offer: InstallOffer?

    public init(
        _ status: Status, found: String? = nil, wanted: String? = nil, message: String, remedy: String? = nil,
        offer: InstallOffer? = nil
    ) {
        self.status = status
        self.found = found
        self.wanted = wanted
        self.message = message
        self.remedy = remedy
        self.offer = offer
    }
}

/// A node that can say how it is, and why, without changing anything.
public protocol DiagnosedNode: WorkspaceNode {
    /// Executes what the manifest says only where `mayExecute` allows it.
    func diagnosis(_ context: NodeContext, mayExecute: Bool) async -> Diagnosis
}
