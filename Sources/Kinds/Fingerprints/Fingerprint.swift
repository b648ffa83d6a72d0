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
            "files": isNamed ? .string(fileLines) : nil,
            "values": object(values.map { ($0.name, $0.hash ?? "") }), "steps": object(steps), "tools": object(tools),
            "machine": .string(machine),
        ])
    }

    /// What differs from a record, in words; nil when nothing does. The first part that differs stands for all.
    func difference(from record: JSON, list: @autoclosure () -> Substring?) -> String? {
        let isNamed = record["inputs"]?.string == inputs || record["files"]?.string != nil
        let changes = changes(from: record, list: isNamed ? nil : list())
        guard let part = changes.first?.part else { return nil }
        let names = changes.filter { $0.part == part }.map(\.name)
        // The first names, and how many more there are.
        let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " (+\(names.count - 3) more)" : "")
        switch part {
        case .machine: return "done on another machine"
        case .definition: return "definition changed: \(shown)"
        case .input: return shown.hasPrefix("(") ? "inputs changed \(shown)" : "inputs changed: \(shown)"
        case .environment: return "environment changed: \(shown)"
        case .step: return "\(shown) ran since"
        case .tool: return "version changed: \(shown)"
        }
    }
}
