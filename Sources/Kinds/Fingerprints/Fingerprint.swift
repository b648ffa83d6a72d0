import Base

/// With what a step's work was done: kept after it ended well, and compared with what is there now.
struct Fingerprint: Sendable {
    /// Up to so many inputs are kept by name, so that a reason can name what changed.
    static let namedInputs = 100

    /// Hashes of the keys that say what is done.
    var definition: [(name: String, hash: String)] = []
    /// One hash over all inputs, paths and contents.
    var inputs = ""
    /// Path and hash of each input, in order. Hashes are shortened where they are kept.
    var files: [(path: String, hash: String)] = []
    /// Keyed hashes of values; nil where a value can't be known before the run.
    var values: [(name: String, hash: String?)] = []
    /// For each step among the inputs, when it was last done.
    var steps: [(name: String, mark: String)] = []
    var tools: [(name: String, version: String)] = []
    var machine = ""

    var json: JSON {
        func object(_ pairs: [(String, String)]) -> JSON? {
            pairs.isEmpty ? nil : .object(pairs.map { JSON.Member($0.0, .string($0.1)) })
        }
        let isNamed = files.count <= Self.namedInputs
        return .members([
            "definition": object(definition), "inputs": .string(inputs), "count": .integer(files.count),
            "files": isNamed
                ? .string(files.map { "\($0.hash.prefix(16)) \($0.path)" }.joined(separator: "\n")) : nil,
            "values": object(values.map { ($0.name, $0.hash ?? "") }), "steps": object(steps), "tools": object(tools),
            "machine": .string(machine),
        ])
    }

    /// What differs from a record, in words; nil when nothing does.
    func difference(from record: JSON) -> String? {
        if record["machine"]?.string != machine { return "done on another machine" }
        let changed = Self.changed(definition.map { ($0.name, $0.hash) }, record["definition"])
        if !changed.isEmpty { return "definition changed: \(Self.list(changed))" }
        if record["inputs"]?.string != inputs { return inputsDifference(from: record) }
        let known = values.map { ($0.name, $0.hash ?? record["values"]?[$0.name]?.string ?? "") }
        let values = Self.changed(known, record["values"])
        if !values.isEmpty { return "environment changed: \(Self.list(values))" }
        let ran = Self.changed(steps.map { ($0.name, $0.mark) }, record["steps"])
        if !ran.isEmpty { return "\(Self.list(ran)) ran since" }
        let updated = Self.changed(tools.map { ($0.name, $0.version) }, record["tools"])
        if !updated.isEmpty { return "version changed: \(Self.list(updated))" }
        return nil
    }

    private func inputsDifference(from record: JSON) -> String {
        guard files.count <= Self.namedInputs, let text = record["files"]?.string else {
            return "inputs changed (\(files.count) files)"
        }
        var before: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { before[String(parts[1])] = String(parts[0]) }
        }
        var changed: [String] = []
        for file in files where before.removeValue(forKey: file.path) != String(file.hash.prefix(16)) {
            changed.append(file.path)
        }
        changed += before.keys.sorted()
        return changed.isEmpty ? "inputs changed" : "inputs changed: \(Self.list(changed))"
    }

    /// Names that are new, gone or of another value.
    private static func changed(_ now: [(String, String)], _ record: JSON?) -> [String] {
        let before = record?.object ?? []
        if now.count == before.count,
            zip(now, before).allSatisfy({ $0.0 == $1.key && $0.1 == $1.value.string })
        {
            return []
        }
        var left = Dictionary(before.map { ($0.key, $0.value.string) }, uniquingKeysWith: { $1 })
        var names = now.compactMap { name, value in left.removeValue(forKey: name) == .some(value) ? nil : name }
        names += left.keys.sorted()
        return names
    }

    /// The first names, and how many more there are.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) (+\(names.count - 3) more)" : shown
    }
}
