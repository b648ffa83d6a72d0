import Base
import HostInterfaces

/// How a record looks as a line: `{"sum":"<16 hex>","record":{…}}`, the sum being the start of the SHA-256 of
/// the record's bytes. The members that an index needs stand first, so that replaying parses no JSON.
enum JournalLine {
    private static let opening = Array(#"{"sum":""#.utf8)
    private static let middle = Array(#"","record":"#.utf8)
    private static let recordStart = opening.count + 16 + middle.count

    /// The line, with its newline.
    static func encode(_ record: JSON, digests: any Digests) -> [UInt8] {
        let bytes = record.bytes()
        var line = opening
        line.reserveCapacity(bytes.count + recordStart + 2)
        line += digests.sha256(bytes).utf8.prefix(16)
        line += middle
        line += bytes
        line += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return line
    }

    /// The range of the record in a line without its newline; nil when the line is not what was written.
    static func record(in buffer: [UInt8], line: Range<Int>, digests: any Digests) -> Range<Int>? {
        guard line.count > recordStart + 2, buffer[line.upperBound - 1] == UInt8(ascii: "}"),
            matches(opening, in: buffer, at: line.lowerBound),
            matches(middle, in: buffer, at: line.lowerBound + opening.count + 16)
        else { return nil }
        let record = line.lowerBound + recordStart..<line.upperBound - 1
        var position = line.lowerBound + opening.count
        for byte in digests.sha256(Array(buffer[record])).utf8.prefix(16) {
            if buffer[position] != byte { return nil }
            position += 1
        }
        return record
    }

    /// Where the record of a line that `encode` made stands, the line beginning at `start`.
    static func record(ofLine line: [UInt8], at start: Int) -> Range<Int> {
        start + recordStart..<start + line.count - 2
    }

    /// The whole line, newline included, that holds the record at that place.
    static func line(around record: Range<Int>) -> Range<Int> {
        record.lowerBound - recordStart..<record.upperBound + 2
    }

    private static func matches(_ text: [UInt8], in buffer: [UInt8], at start: Int) -> Bool {
        for index in 0..<text.count where buffer[start + index] != text[index] { return false }
        return true
    }

    /// The first line of every journal: its version, and the machine whose work it tells of.
    static func header(version: Int, machine: String, at: Double) -> JSON {
        ["journal": .string(String(version)), "machine": .string(machine), "at": .number(at)]
    }
}

extension JournalRecord {
    /// The record as JSON. `expected` is what the node's work is thought to take from now on.
    func json(at: Double, expected: Double?) -> JSON {
        switch self {
        case .done(let node, let fingerprint, let seconds, let data, let once):
            .members([
                "done": .string(node), "data": data.map { .string($0) }, "expected": expected.map { .number($0) },
                "seconds": .number(seconds), "once": once ? true : nil, "at": .number(at), "fingerprint": fingerprint,
            ])
        case .failed(let node, let message, let seconds):
            ["failed": .string(node), "message": .string(message), "seconds": .number(seconds), "at": .number(at)]
        case .created(let entry): JournalRecord.json("created", entry, at: at)
        case .removed(let entry): JournalRecord.json("removed", entry, at: at)
        case .data(let service, let identity):
            ["data": .string(service), "identity": .string(identity), "at": .number(at)]
        case .fact(let name, let value): ["fact": .string(name), "at": .number(at), "value": value]
        case .recovered(let node): ["recovered": .string(node), "at": .number(at)]
        case .forgotten(let node): ["forgotten": .string(node), "at": .number(at)]
        }
    }

    private static func json(_ word: String, _ entry: LedgerEntry, at: Double) -> JSON {
        .object(
            [
                JSON.Member(word, .string(entry.kind.rawValue)), JSON.Member("name", .string(entry.name)),
                JSON.Member("node", .string(entry.node)),
                JSON.Member("at", .number(entry.at == 0 ? at : entry.at)),
            ] + (entry.detail.map { [JSON.Member("detail", $0)] } ?? []))
    }
}

extension NodeRecord {
    init?(_ json: JSON) {
        guard let node = json["done"]?.string else { return nil }
        self.init(
            node: node, fingerprint: json["fingerprint"] ?? .null, seconds: json["seconds"]?.number ?? 0,
            data: json["data"]?.string, once: json["once"]?.bool ?? false, at: json["at"]?.number ?? 0)
    }
}

extension FailureRecord {
    init?(_ json: JSON) {
        guard let node = json["failed"]?.string else { return nil }
        self.init(
            node: node, message: json["message"]?.string ?? "", seconds: json["seconds"]?.number ?? 0,
            at: json["at"]?.number ?? 0)
    }
}

extension LedgerEntry {
    init?(_ json: JSON) {
        guard let kind = json["created"]?.string, let name = json["name"]?.string else { return nil }
        self.init(
            kind: Kind(rawValue: kind), name: name, node: json["node"]?.string ?? "", at: json["at"]?.number ?? 0,
            detail: json["detail"])
    }
}

extension DataRecord {
    init?(_ json: JSON) {
        guard let service = json["data"]?.string, let identity = json["identity"]?.string else { return nil }
        self.init(service: service, identity: identity, at: json["at"]?.number ?? 0)
    }
}
