import Base

/// Reads `events.ndjson` into a report. Total: a line that can't be read is counted and left out, an event that is
/// not known is left out, and what a record does not tell stays unknown.
public struct RunRecordReader: Sendable {
    private var report: RunReport
    private var places: [String: Int] = [:]
    private var lastMark: [Int: String] = [:]
    private var hasEnded = false

    init(run: String) { report = RunReport(run: run) }

    /// Reads a whole record. `isGoing`: whether the run is at work right now, asked where the record has no end.
    public static func read(_ bytes: [UInt8], run: String, isGoing: (RunReport) -> Bool) -> RunReport {
        var reader = RunRecordReader(run: run)
        for line in bytes.split(separator: UInt8(ascii: "\n")) { reader.take(line) }
        return reader.finished(isGoing: isGoing)
    }

    mutating func take(_ line: ArraySlice<UInt8>) {
        guard let event = try? JSON(parsing: Array(line)), let name = event["event"]?.string else {
            report.damagedLines += 1
            return
        }
        let at = Self.seconds(event["at"]) ?? report.seconds
        report.seconds = max(report.seconds, at)
        switch name {
        case "started": start(event)
        case "estimated":
            report.expectedSeconds = Self.seconds(event["seconds"]) ?? report.expectedSeconds
            report.expectedPath = (event["critical_path"]?.array ?? []).compactMap(\.string)
        case "notice": if let words = event["message"]?.string { report.notices.append((at, words)) }
        case "interrupted": report.interrupted = report.interrupted ?? (at, event["signal"]?.integer ?? 0)
        case "ended": end(event)
        default: if let node = event["node"]?.string { take(name, event, at, place(of: node)) }
        }
    }

    func finished(isGoing: (RunReport) -> Bool) -> RunReport {
        var report = report
        if !hasEnded { report.status = isGoing(report) ? .going : .unended }
        if report.knowsNeeds {
            for place in report.nodes.indices where report.nodes[place].ready == nil {
                let ends = report.nodes[place].needs.map { report.nodes[$0].end }
                if !ends.contains(nil) { report.nodes[place].ready = ends.compactMap(\.self).max() ?? 0 }
            }
        }
        return report
    }

    // MARK: The run

    private mutating func start(_ event: JSON) {
        report.hasStarted = true
        // Beyond it no calendar has a date for it: https://tc39.es/ecma262/#sec-time-values-and-time-range
        report.startedAt = Self.seconds(event["wall_seconds"]).flatMap { $0 <= 8.64e12 ? $0 : nil }
        for case .string(let name) in event["nodes"]?.array ?? [] { _ = place(of: name) }
        guard let needs = event["needs"]?.object else { return }
        report.knowsNeeds = true
        for member in needs {
            let place = place(of: member.key)
            report.nodes[place].needs = (member.value.array ?? []).compactMap(\.string).map { self.place(of: $0) }
        }
    }

    private mutating func end(_ event: JSON) {
        hasEnded = true
        report.status =
            switch event["status"]?.string {
            case "done": .done
            case "cancelled": .cancelled
            default: .failed
            }
        report.seconds = max(report.seconds, Self.seconds(event["seconds"]) ?? 0)
        for member in event["metrics"]?.object ?? [] { report.metrics[member.key] = Self.seconds(member.value) }
    }

    // MARK: A node

    private mutating func take(_ name: String, _ event: JSON, _ at: Double, _ place: Int) {
        switch name {
        case "ready": report.nodes[place].ready = at
        case "running":
            closeAttempt(of: place, at: at)
            report.nodes[place].attempts.append(RunReport.Attempt(start: at))
            report.nodes[place].status = "running"
            report.nodes[place].reason = event["reason"]?.string ?? report.nodes[place].reason
        case "progress":
            let words = event["words"]?.string ?? ""
            if !words.isEmpty, lastMark.updateValue(words, forKey: place) != words { mark(place, at, words) }
        case "note": if let words = event["message"]?.string { mark(place, at, words) }
        case "retrying": closeAttempt(of: place, at: at, failure: event["failure"]?["message"]?.string ?? "failed")
        case "finished":
            closeAttempt(of: place, at: at)
            finish(event, at, place)
        default: break
        }
    }

    private mutating func finish(_ event: JSON, _ at: Double, _ place: Int) {
        let known = ["done", "up-to-date", "failed", "skipped", "cancelled"]
        let status = event["status"]?.string ?? ""
        report.nodes[place].status = known.contains(status) ? status : "failed"
        report.nodes[place].reason = event["reason"]?.string ?? report.nodes[place].reason
        report.nodes[place].end = at
        if let cause = event["cause"]?.string { report.nodes[place].cause = self.place(of: cause) }
        if let failure = event["failure"] {
            report.nodes[place].failure = RunReport.Failure(
                message: failure["message"]?.string ?? "failed", remedy: failure["remedy"]?.string,
                output: (failure["output"]?.array ?? []).compactMap(\.string))
        }
    }

    private mutating func closeAttempt(of place: Int, at: Double, failure: String? = nil) {
        guard let last = report.nodes[place].attempts.indices.last, report.nodes[place].attempts[last].end == nil
        else { return }
        report.nodes[place].attempts[last].end = at
        report.nodes[place].attempts[last].failure = failure
    }

    /// A node that talks without end does not fill the page.
    private mutating func mark(_ place: Int, _ at: Double, _ words: String) {
        if report.nodes[place].marks.count < 100 { report.nodes[place].marks.append((at, words)) }
    }

    /// The place of a node; one that joined the graph later gets its own.
    private mutating func place(of name: String) -> Int {
        if let place = places[name] { return place }
        report.nodes.append(RunReport.Node(name: name, status: "waiting"))
        places[name] = report.nodes.count - 1
        return report.nodes.count - 1
    }

    /// A moment or a span; nil for what no clock says.
    private static func seconds(_ value: JSON?) -> Double? {
        guard let number = value?.number, number.isFinite, number >= 0, number < 1e15 else { return nil }
        return number
    }
}
