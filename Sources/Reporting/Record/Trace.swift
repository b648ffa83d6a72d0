import Base
import Execution

/// A run in the Chrome trace format (the "Trace Event Format" document, JSON object form): Perfetto and
/// `chrome://tracing` show it as lanes of bars. The format wants bars of one lane to nest or to lie apart.
struct Trace: Sendable {
    private struct Slice: Sendable {
        var lane: Int
        var start: Double
        var reason: String
        var attempt: Int
    }

    private var open: [NodeID: Slice] = [:]
    private var busyLanes: Set<Int> = []
    private var lanes = 0
    private var events: [JSON] = []
    private var origin: Double?

    init() {}

    mutating func handle(_ event: RunEvent, at seconds: Double) {
        let origin = origin ?? seconds
        self.origin = origin
        let now = seconds - origin
        switch event {
        case .running(let id, _, let reason, let attempt):
            close(id, status: "again", at: now)
            var lane = 0
            while busyLanes.contains(lane) { lane += 1 }
            busyLanes.insert(lane)
            lanes = max(lanes, lane + 1)
            open[id] = Slice(lane: lane, start: now, reason: reason, attempt: attempt)
        case .retrying(let id, let failure, _): close(id, status: "failed: " + failure.message, at: now)
        case .finished(let id, let result): close(id, status: result.status.rawValue, at: now)
        case .interrupted(let signal):
            events.append([
                "name": .string(Words.signal(signal)), "ph": "i", "s": "g", "ts": .integer(Self.microseconds(now)),
                "pid": 1,
                "tid": 0,
            ])
        default: break
        }
    }

    private mutating func close(_ id: NodeID, status: String, at now: Double) {
        guard let slice = open.removeValue(forKey: id) else { return }
        busyLanes.remove(slice.lane)
        // The length is the difference of the rounded ends. Rounded by itself it could reach into the next bar.
        let start = Self.microseconds(slice.start)
        events.append([
            "name": .string(id.description), "cat": .string(id.kind), "ph": "X", "ts": .integer(start),
            "dur": .integer(max(0, Self.microseconds(now) - start)), "pid": 1, "tid": .integer(slice.lane + 1),
            "args": [
                "status": .string(status), "reason": .string(slice.reason), "attempt": .integer(slice.attempt),
            ],
        ])
    }

    var json: JSON {
        var all: [JSON] = [["name": "process_name", "ph": "M", "pid": 1, "tid": 0, "args": ["name": "devinit"]]]
        for lane in 0..<lanes {
            all.append([
                "name": "thread_name", "ph": "M", "pid": 1, "tid": .integer(lane + 1),
                "args": ["name": .string("lane \(lane + 1)")],
            ])
        }
        return ["traceEvents": .array(all + events), "displayTimeUnit": "ms"]
    }

    private static func microseconds(_ seconds: Double) -> Int {
        Int(max(0, min(seconds, 1e9)) * 1e6 + 0.5)
    }
}
