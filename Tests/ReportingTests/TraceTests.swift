import Base
import Execution
import HostFakes
import Testing

@testable import Reporting

/// `trace.json` against the rules of the "Trace Event Format" document, as Perfetto and `chrome://tracing` read it:
/// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
@Suite struct TraceTests {
    /// What is wrong with a trace; empty where it keeps the rules.
    static func problems(_ trace: JSON) -> [String] {
        guard let events = trace["traceEvents"]?.array else { return ["no traceEvents in an object"] }
        var problems: [String] = []
        // The unit only chooses how times are shown; these two are all there are.
        if let unit = trace["displayTimeUnit"], unit != "ms", unit != "ns" { problems.append("displayTimeUnit") }
        var slices: [Int: [(start: Double, end: Double)]] = [:]
        for event in events {
            func check(_ holds: Bool, _ rule: String) { if !holds { problems.append("\(rule): \(event.text())") } }
            check(event["name"]?.string?.isEmpty == false, "name")
            check(event["pid"]?.integer != nil && event["tid"]?.integer != nil, "pid and tid are whole numbers")
            if let args = event["args"] { check(args.object != nil, "args is an object") }
            switch event["ph"] {
            case "X":
                check(event["cat"]?.string != nil, "cat")
                guard let start = event["ts"]?.number, let length = event["dur"]?.number, start >= 0, length >= 0 else {
                    check(false, "ts and dur are numbers of microseconds, 0 or more")
                    continue
                }
                slices[event["tid"]?.integer ?? -1, default: []].append((start, start + length))
            case "i":
                check((event["ts"]?.number ?? -1) >= 0, "ts")
                check(["g", "p", "t"].contains(event["s"]?.string ?? "t"), "scope")
            case "M":
                check(["process_name", "thread_name"].contains(event["name"]?.string), "metadata that is known")
                check(event["args"]?["name"]?.string != nil, "args.name of metadata")
            default: check(false, "phase")
            }
        }
        for (lane, slices) in slices {
            // Slices of one thread nest or lie apart.
            var open: [(start: Double, end: Double)] = []
            for slice in slices.sorted(by: { ($0.start, -$0.end) < ($1.start, -$1.end) }) {
                while let last = open.last, last.end <= slice.start { open.removeLast() }
                if let last = open.last, slice.end > last.end { problems.append("lane \(lane): \(slice) over \(last)") }
                open.append(slice)
            }
        }
        return problems
    }

    private func trace(_ events: Script.Events) throws -> JSON {
        var trace = Trace()
        for (at, event) in events { trace.handle(event, at: at) }
        return try JSON(parsing: trace.json.bytes())
    }

    @Test func `the traces of known runs keep the rules`() throws {
        for script in [Script.success, Script.failed, Script.cancelled] {
            #expect(Self.problems(try trace(script)) == [])
        }
    }

    @Test func `bars of one lane never overlap, at whatever moments nodes begin and end`() throws {
        for seed in 0..<200 {
            var run = RandomRun(seed: UInt64(seed))
            let trace = try trace(run.events())
            #expect(Self.problems(trace) == [], "seed \(seed)")
            // A lane holds one node at a time, so its bars don't even nest.
            var ends: [Int: Int] = [:]
            let bars = (trace["traceEvents"]?.array ?? []).filter { $0["ph"] == "X" }
            for bar in bars.sorted(by: { Self.number($0, "ts") < Self.number($1, "ts") }) {
                let lane = Self.number(bar, "tid")
                #expect(Self.number(bar, "ts") >= ends[lane, default: 0], "seed \(seed), lane \(lane)")
                ends[lane] = Self.number(bar, "ts") + Self.number(bar, "dur")
            }
        }
    }

    private static func number(_ event: JSON, _ key: String) -> Int { event[key]?.integer ?? -1 }

    @Test func `the check itself sees each breach`() throws {
        let bar: (Int, Int) -> JSON = { start, length in
            ["name": "a", "cat": "step", "ph": "X", "ts": .integer(start), "dur": .integer(length), "pid": 1, "tid": 1]
        }
        #expect(Self.problems(["traceEvents": [bar(0, 5), bar(5, 5), bar(6, 2)]]) == [])
        let wrong: [JSON] = [
            ["traceEvents": [bar(0, 5), bar(4, 5)]], ["traceEvents": [bar(-1, 5)]], ["traceEvents": [bar(0, -5)]],
            [bar(0, 5)], ["traceEvents": [], "displayTimeUnit": "s"],
            ["traceEvents": [["name": "thread_name", "ph": "M", "pid": 1, "tid": 1]]],
            ["traceEvents": [["name": "a", "ph": "i", "ts": 0, "pid": 1, "tid": 1, "s": "x"]]],
            ["traceEvents": [["name": "a", "ph": "?", "pid": 1, "tid": 1]]],
            ["traceEvents": [["name": "a", "ph": "i", "ts": 0, "pid": "1", "tid": 1]]],
        ]
        for trace in wrong { #expect(!Self.problems(trace).isEmpty, "\(trace.text())") }
    }
}

/// Events as a driver could emit them, at moments of no round number.
struct RandomRun {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func number(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    mutating func events() -> Script.Events {
        let nodes = (0..<(1 + number(12))).map { NodeID("step", "n\($0)") }
        var now = Double(number(1000))
        var events: Script.Events = [(now, .started(run: "r", nodes: nodes, needs: [:]))]
        var waiting = nodes
        var running: [(id: NodeID, attempt: Int)] = []
        while !waiting.isEmpty || !running.isEmpty {
            // Often nothing passes between two events, or less than a microsecond.
            now += [0, 0, Double(number(1000)) / 1e9, Double(number(1_000_000)) / 1e6 / 3][number(4)]
            if !waiting.isEmpty, number(2) == 0 || running.isEmpty {
                let id = waiting.removeFirst()
                running.append((id, 1))
                events.append((now, .running(id, action: .run, reason: "never run", attempt: 1)))
            } else {
                let index = number(running.count)
                let (id, attempt) = running[index]
                if attempt < 3, number(3) == 0 {
                    running[index].attempt += 1
                    events.append((now, .retrying(id, failure: Script.failure, after: 0)))
                    now += Double(number(1000)) / 1e7
                    events.append((now, .running(id, action: .run, reason: "never run", attempt: attempt + 1)))
                } else {
                    running.remove(at: index)
                    events.append((now, .finished(id, NodeResult(.done, "never run", seconds: 1, attempts: attempt))))
                }
            }
            if number(20) == 0 { events.append((now, .interrupted(signal: 2))) }
        }
        events.append((now, .ended(RunSummary(run: "r", status: .done, seconds: 1, nodes: []))))
        return events
    }
}
