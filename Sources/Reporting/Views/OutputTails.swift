public import Execution
import Synchronization

/// The last lines of output of the nodes that run or have failed; those of the others are let go.
struct TailBuffer: Sendable {
    private let limit: Int
    private var lines: [NodeID: [String]] = [:]

    init(limit: Int = 20) { self.limit = limit }

    mutating func handle(_ event: RunEvent) {
        switch event {
        case .running(let id, _, _, _): lines[id] = nil
        case .output(let id, let line, _):
            lines[id, default: []].append(line)
            // Cut seldom, so that a chatty step does not move its lines with each new one.
            if let count = lines[id]?.count, count >= limit * 4 { lines[id]?.removeFirst(count - limit) }
        case .finished(let id, let result): if result.status != .failed { lines[id] = nil }
        default: break
        }
    }

    /// Oldest first.
    subscript(id: NodeID) -> [String] { Array((lines[id] ?? []).suffix(limit)) }
}

/// Keeps the last lines of each failed node for the summary at the end.
public final class OutputTails: EventSink {
    private let buffer: Mutex<TailBuffer>

    /// Keeps up to `limit` lines of each node.
    public init(limit: Int = 20) { buffer = Mutex(TailBuffer(limit: limit)) }

    public func handle(_ event: RunEvent, at seconds: Double) { buffer.withLock { $0.handle(event) } }

    /// The last lines of a node that failed, oldest first.
    public subscript(id: NodeID) -> [String] { buffer.withLock { $0[id] } }
}
