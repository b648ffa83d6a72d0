import Base

/// Something that is not as it was when a step was last done.
struct FingerprintChange: Hashable {
    enum Part: String {
        case machine, definition, input, environment, step, tool
    }

    enum How { case new, gone, changed }

    var part: Part
    /// A path, a key, a variable, a tool.
    var name: String
    var how: How = .changed
    /// What it was and is, where people can read it.
    var before: String?
    var now: String?

    /// A sentence: `input changed: api/package-lock.json`.
    var words: String {
        switch (part, how) {
        case (.machine, _): return "done on another machine"
        case (.step, _): return "\(name) ran since"
        case (.tool, .changed): return "version changed: \(name) \(before ?? "") → \(now ?? "")"
        case (_, .changed): return "\(part.rawValue) changed: \(name)"
        case (_, .new): return "\(part.rawValue) new: \(name)"
        case (_, .gone): return "\(part.rawValue) gone: \(name)"
        }
    }
}

extension Fingerprint {
    /// Path and shortened hash of each input, a line each.
    var fileLines: String { files.map { "\($0.hash.prefix(16)) \($0.path)" }.joined(separator: "\n") }

    /// Everything that differs from a record, one by one. `list` holds the record's inputs where it has no room for
    /// them; without it they can't be told apart, and the changed inputs count as one.
    func changes(from record: JSON, list: Substring?) -> [FingerprintChange] {
        if record["machine"]?.string != machine { return [FingerprintChange(part: .machine, name: "")] }
        var changes = Self.changes(.definition, definition.map { ($0.name, $0.hash) }, record["definition"])
        if record["inputs"]?.string != inputs {
            changes += inputChanges(record["files"]?.string.map { $0[...] } ?? list)
        }
        // What can't be known before the run counts as it was.
        let known = values.map { ($0.name, $0.hash ?? record["values"]?[$0.name]?.string ?? "") }
        changes += Self.changes(.environment, known, record["values"])
        changes += Self.changes(.step, steps.map { ($0.name, $0.mark) }, record["steps"])
        changes += Self.changes(.tool, tools.map { ($0.name, $0.version) }, record["tools"])
        return changes
    }

    private func inputChanges(_ lines: Substring?) -> [FingerprintChange] {
        let unnamed = [FingerprintChange(part: .input, name: "(\(files.count) files)")]
        guard let lines else { return unnamed }
        let before = lines.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: " ", maxSplits: 1)
            return parts.count == 2 ? (String(parts[1]), String(parts[0])) : nil
        }
        let changes = Self.changes(
            .input, files.map { ($0.path, String($0.hash.prefix(16))) },
            .object(before.map { JSON.Member($0.0, .string($0.1)) }))
        return changes.isEmpty ? unnamed : changes
    }

    private static func changes(
        _ part: FingerprintChange.Part, _ now: [(String, String)], _ record: JSON?
    ) -> [FingerprintChange] {
        let before = record?.object ?? []
        if now.count == before.count, zip(now, before).allSatisfy({ $0.0 == $1.key && $0.1 == $1.value.string }) {
            return []
        }
        var left = Dictionary(before.map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { $1 })
        var changes = now.compactMap { name, value -> FingerprintChange? in
            guard let old = left.removeValue(forKey: name) else {
                return FingerprintChange(part: part, name: name, how: .new)
            }
            return old == value ? nil : FingerprintChange(part: part, name: name, before: old, now: value)
        }
        changes += left.keys.sorted().map { FingerprintChange(part: part, name: $0, how: .gone) }
        return changes
    }
}
