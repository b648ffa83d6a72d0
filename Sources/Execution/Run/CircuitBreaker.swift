import Synchronization

/// Hosts that could not be reached in this run, though all tries were used up: the other work on them is given up at
/// once, instead of each waiting out its own tries.
///
/// One node's last try opens it, not a count of failures: of ten clones that lose the same network for some seconds
/// each may still win its second try.
public final class CircuitBreaker: Sendable {
    private let opened = Mutex<[String: NodeID]>([:])

    public init() {}

    /// Notes that a node has given up. Only failures that name a host count.
    public func gaveUp(_ id: NodeID, _ failure: NodeFailure) {
        guard let host = failure.host, failure.isPassing else { return }
        opened.withLock { if $0[host] == nil { $0[host] = id } }
    }

    /// The failure of work on a host that another node could not reach; nil where it is worth trying.
    public func refusal(of host: String) -> NodeFailure? {
        guard let cause = opened.withLock({ $0[host] }) else { return nil }
        return NodeFailure(
            .network, "\(host) could not be reached, see \(cause)",
            remedy: "mend the connection to \(host), then run devinit up again", cause: cause)
    }
}
