/// Why git work failed, sorted so that a program can decide and a person knows what to do.
public struct GitFailure: Error, Hashable, Sendable {
    /// What went wrong; it decides about another attempt and about the exit status.
    public enum Kind: String, Hashable, Sendable {
        /// The server wants another login, or none was found.
        case authentication
        /// No such repository, or none that this login may see.
        case notFound
        /// The server's TLS certificate is not trusted.
        case certificate
        /// The ssh host key is unknown or is another one than before.
        case hostKey
        /// The server can't be reached, or the connection broke.
        case network
        /// Nothing came for longer than the limit.
        case timeout
        /// The repository has no such branch, tag or commit.
        case refNotFound
        /// The disk is full or can't be written.
        case disk
        /// Devinit itself refused: something is in the way that must not be overwritten, or an input is unsafe.
        case refused
        /// This backend can't do it.
        case unsupported
        case cancelled
        case other
    }

    public var kind: Kind
    /// What happened, in one sentence, without secrets.
    public var message: String
    /// What to do next; empty where nothing helps but trying again.
    public var hint: String

    /// Secrets that stand in URLs inside the texts are masked.
    public init(_ kind: Kind, _ message: String, hint: String = "") {
        self.kind = kind
        self.message = RepositoryAddress.masked(message)
        self.hint = RepositoryAddress.masked(hint)
    }

    /// Whether trying again later, with nothing changed, may succeed.
    public var isPassing: Bool { kind == .network || kind == .timeout }
}

extension GitFailure: CustomStringConvertible {
    public var description: String { hint.isEmpty ? message : "\(message)\n\(hint)" }
}
