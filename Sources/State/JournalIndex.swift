import Base
import HostInterfaces

/// The records that still count, as places in the journal's text; each is parsed only when asked for.
///
/// Replaying a file and appending to it go the same way, so both always mean the same.
struct JournalIndex {
    struct Done {
        var data: String?
        var range: Range<Int>
    }

    /// Whole lines, each with its newline.
    private(set) var buffer: [UInt8] = []
    /// Lines that the buffer holds, the header not counted.
    private(set) var lines = 0
    /// Newest last, one for each data identity.
    private var done: [String: [Done]] = [:]
    private var failed: [String: Range<Int>] = [:]
    /// By kind and name, a line each.
    private var ledger: [String: Range<Int>] = [:]
    private var data: [String: Range<Int>] = [:]
    private var facts: [String: Range<Int>] = [:]
    /// Records of kinds that a later version added: kept as they are.
    private var unknown: [Range<Int>] = []

    /// Takes the text over without looking at it; `take` says which parts are records.
    init(buffer: [UInt8] = []) { self.buffer = buffer }

    /// Adds a line with its newline, that `JournalLine` made or found sound.
    mutating func append(_ line: [UInt8]) {
        let start = buffer.count
        buffer += line
        take(JournalLine.record(ofLine: line, at: start))
    }

    /// Applies the record at that place to what is known.
    mutating func take(_ range: Range<Int>) {
        lines += 1
        var front = RecordFront(buffer, range)
        guard let (word, name) = front.text() else {
            unknown.append(range)
            return
        }
        switch word {
        case "done":
            let data = front.text()?.value
            done[name, default: []].removeAll { $0.data == data }
            done[name, default: []].append(Done(data: data, range: range))
            failed[name] = nil
        case "failed": failed[name] = range
        case "created", "removed":
            let key = "\(name)\n\(front.text()?.value ?? "")"
            ledger[key] = word == "created" ? range : nil
        case "data": data[name] = range
        case "fact": facts[name] = endsWithNull(range) ? nil : range
        case "recovered": failed[name] = nil
        case "forgotten":
            done[name] = nil
            failed[name] = nil
        default: unknown.append(range)
        }
    }

    /// Whether a fact says that there is none any more: its value stands last. Nothing is parsed, for facts can be long.
    private func endsWithNull(_ range: Range<Int>) -> Bool {
        let ending = Array("\"value\":null}".utf8)
        return range.count >= ending.count && buffer[range].suffix(ending.count).elementsEqual(ending)
    }

    func lastDone(_ node: String) -> NodeRecord? { done[node]?.last.flatMap(record) }

    func done(_ node: String, data: String?) -> NodeRecord? {
        done[node]?.last { $0.data == data }.flatMap(record)
    }

    /// Records that belong to exactly that data, oldest first.
    func records(ofData data: String) -> [NodeRecord] {
        done.values.flatMap { $0 }.filter { $0.data == data }.sorted { $0.range.lowerBound < $1.range.lowerBound }
            .compactMap(record)
    }

    func lastFailed(_ node: String) -> FailureRecord? {
        failed[node].flatMap { json(at: $0) }.flatMap { FailureRecord($0) }
    }

    func hasFailed(_ node: String) -> Bool { failed[node] != nil }

    func expectedSeconds(_ node: String) -> Double? {
        guard let last = done[node]?.last else { return nil }
        var front = RecordFront(buffer, last.range)
        _ = front.text()
        if last.data != nil { _ = front.text() }
        return front.number("expected")
    }

    func data(of service: String) -> DataRecord? { data[service].flatMap { json(at: $0) }.flatMap { DataRecord($0) } }

    /// Names of facts that begin so.
    func factNames(beginning prefix: String) -> [String] { facts.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    func fact(_ name: String) -> JSON? { facts[name].flatMap { json(at: $0) }?["value"] }

    /// In the order in which they were created.
    var entries: [LedgerEntry] {
        ledger.values.sorted { $0.lowerBound < $1.lowerBound }.compactMap { json(at: $0) }.compactMap {
            LedgerEntry($0)
        }
    }

    /// How many records still count.
    var live: Int {
        done.values.reduce(0) { $0 + $1.count } + failed.count + ledger.count + data.count + facts.count + unknown.count
    }

    /// The records that still count, oldest first.
    var liveRecords: [Range<Int>] {
        var ranges = done.values.flatMap { $0.map(\.range) } + unknown
        ranges += failed.values
        ranges += ledger.values
        ranges += data.values
        ranges += facts.values
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    func json(at range: Range<Int>) -> JSON? { try? JSON(parsing: Array(buffer[range])) }

    private func record(_ done: Done) -> NodeRecord? { json(at: done.range).flatMap { NodeRecord($0) } }
}
