public import Base
public import Execution
import Synchronization

/// What a run cost, in numbers: the last words of its record.
public struct RunMetrics: Hashable, Sendable {
    /// How many nodes ended in each way.
    public var counts: [NodeResult.Status: Int] = [:]
    /// Tries after the first of each node.
    public var retries = 0
    /// Bytes that nodes said they received.
    public var bytes = 0
    /// Files whose content was known without reading them, and files that were read.
    public var cacheHits = 0
    public var cacheMisses = 0
    /// The time of all nodes together, in seconds: over the run's own time it is how many worked at once on average.
    public var busySeconds = 0.0

    /// A member per number.
    public var json: JSON {
        func count(_ status: NodeResult.Status) -> JSON { .integer(counts[status] ?? 0) }
        return [
            "nodes": .integer(counts.values.reduce(0, +)), "done": count(.done), "up_to_date": count(.upToDate),
            "failed": count(.failed), "skipped": count(.skipped), "cancelled": count(.cancelled),
            "retries": .integer(retries), "bytes": .integer(bytes), "cache_hits": .integer(cacheHits),
            "cache_misses": .integer(cacheMisses), "busy_seconds": EventDocument.rounded(busySeconds),
        ]
    }
}

/// Counts a run's events. It must stand before the record among the sinks, which writes the numbers at the end.
public final class MetricsCollector: EventSink {
    private struct State {
        var metrics = RunMetrics()
        /// Bytes of each node that works, as it told last.
        var bytes: [NodeID: Int] = [:]
    }

    private let state = Mutex(State())
    private let cache: @Sendable () -> (hits: Int, misses: Int)

    /// `cache` tells how many files were known and how many were read so far.
    public init(cache: @escaping @Sendable () -> (hits: Int, misses: Int) = { (0, 0) }) { self.cache = cache }

    public func handle(_ event: RunEvent, at seconds: Double) {
        state.withLock { state in
            switch event {
            case .progress(let id, let progress):
                if let bytes = progress.bytes { state.bytes[id] = max(bytes, state.bytes[id] ?? 0) }
            case .retrying(let id, _, _):
                state.metrics.retries += 1
                state.metrics.bytes += state.bytes.removeValue(forKey: id) ?? 0
            case .finished(let id, let result):
                state.metrics.counts[result.status, default: 0] += 1
                state.metrics.busySeconds += result.seconds
                state.metrics.bytes += state.bytes.removeValue(forKey: id) ?? 0
            default: break
            }
        }
    }

    /// The numbers so far.
    public var metrics: RunMetrics {
        var metrics = state.withLock { $0.metrics }
        (metrics.cacheHits, metrics.cacheMisses) = cache()
        return metrics
    }
}
