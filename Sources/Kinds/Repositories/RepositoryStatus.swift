public import Base
public import Execution
public import Git

/// What one repository is like now: a row of `status`.
public struct RepositoryStatus: Sendable {
    /// What stands at the repository's path.
    public enum State: Sendable {
        /// Nothing there yet; `up` clones it.
        case missing
        /// Something there that is not this repository, and why.
        case blocked(NodeFailure)
        /// A checkout, as git sees it.
        case checkout(CheckoutState)
        /// A checkout that git could not tell about.
        case failed(NodeFailure)
    }

    public var id: NodeID
    /// Absolute.
    public var place: Path
    /// As the manifest states it, a login hidden.
    public var url: String
    /// The branch, tag or commit that the manifest names; nil for none.
    public var ref: String?
    public var isAdopted: Bool
    public var state: State
}

/// What `sync` did with one repository.
public struct RepositorySync: Sendable {
    /// What a sync did.
    public enum Outcome: Sendable {
        case upToDate
        /// The branch moved to its upstream by so many commits.
        case moved(branch: String, from: String, to: String, commits: Int)
        /// Left as it is, and why, in words.
        case left(String)
        case failed(NodeFailure)
    }

    public var id: NodeID
    /// Absolute.
    public var place: Path
    public var outcome: Outcome
}
