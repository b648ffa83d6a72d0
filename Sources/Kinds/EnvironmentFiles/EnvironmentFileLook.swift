import Dotenv
import Execution
import HostInterfaces

/// An env file beside what it should be.
struct EnvironmentFileLook {
    /// For people.
    var name: String
    var result: EnvironmentFileMerge.Result
    /// The bytes now; nil when it is not there.
    var found: [UInt8]?
    /// The bytes that should be there.
    var content: [UInt8]
    var status: FileStatus?
    var statedMode: UInt16?
    /// The name of what it follows.
    var source: String?
    /// The keys that the manifest sets itself.
    var set: Set<String>
    /// What was written last; nil: nothing yet.
    var earlier: EnvironmentFileRecord?
    var hasNewChoices: Bool
    var isPlanning: Bool

    /// What is stated; else closed to others when a secret is in it; else as it stands.
    var mode: UInt16 {
        if let statedMode { return statedMode }
        guard let status else { return result.hasSecret ? 0o600 : 0o644 }
        return result.hasSecret && status.mode & 0o077 != 0 ? 0o600 : status.mode
    }

    var assessment: Assessment {
        if let conflict { return .blocked(conflict) }
        guard let status else { return .work(.create, "is not there yet") }
        var reasons = reasons
        if status.mode != mode { reasons.append("its mode is \(Self.octal(status.mode)), not \(Self.octal(mode))") }
        if !reasons.isEmpty { return .work(.update, reasons.joined(separator: "; ")) }
        if isPlanning, let open = result.open.first { return .unknown("\(open.key) is known after \(open.node)") }
        if content != found { return .work(.update, "a text is written anew") }
        if earlier == nil { return .work(.update, "was there before devinit and is as wanted: noted") }
        if result.hasNewRecord { return .work(.update, "is as wanted by another hand: noted") }
        return .upToDate(Self.upToDate(kept: result.kept))
    }

    /// A sentence for each key that changes, is kept, or can't be known yet.
    var explanation: [String] {
        let changes = result.changes.map { key, change -> String in
            switch change {
            case .new: "key new: \(key)"
            case .changed: "key changed in \(set.contains(key) ? "the manifest" : source ?? "its source"): \(key)"
            case .renamed: "key has a new name: \(key)"
            case .removed: "key no longer wanted: \(key)"
            case .taken: "key follows the manifest again: \(key)"
            }
        }
        return changes + result.kept.map { "yours kept: \($0)" } + result.settled.map { "yours: \($0)" }
            + result.conflicts.map { "differs from yours: \($0)" }
            + result.open.map { "known after \($0.node): \($0.key)" }
    }

    static func upToDate(kept: [String]) -> String {
        kept.isEmpty ? "is as wanted" : "yours kept: \(list(kept))"
    }

    /// For whoever runs `up`.
    static func note(_ kept: [String]) -> String {
        "yours kept: \(list(kept)); 'devinit env diff' shows both sides, 'devinit env take' settles it"
    }

    /// In a file of an old script, values of which nobody knows whose they are.
    var conflict: NodeFailure? {
        guard !result.conflicts.isEmpty else { return nil }
        return NodeFailure(
            .prerequisite,
            "\(name) was there before devinit, and \(Self.list(result.conflicts, limit: .max)) "
                + "\(result.conflicts.count == 1 ? "differs" : "differ") from the manifest",
            remedy: "run 'devinit up --take mine' to keep your values, or '--take manifest' to replace them; "
                + "'devinit env diff' shows both, 'devinit env take' settles single keys")
    }

    private var reasons: [String] {
        var reasons: [String] = []
        func add(_ change: EnvironmentFileMerge.Change, _ words: (_ keys: [String]) -> String) {
            let keys = result.changes.filter { $0.change == change }.map(\.key)
            if !keys.isEmpty { reasons.append(words(keys)) }
        }
        add(.new) { "\(Self.list($0)) \($0.count == 1 ? "is" : "are") new" }
        let changed = result.changes.filter { $0.change == .changed }.map(\.key)
        let own = changed.filter(set.contains)
        let others = changed.filter { !set.contains($0) }
        if !own.isEmpty { reasons.append("\(Self.list(own)) changed in the manifest") }
        if !others.isEmpty { reasons.append("\(Self.list(others)) changed in \(source ?? "its source")") }
        add(.renamed) { "\(Self.list($0)) \($0.count == 1 ? "has" : "have") a new name" }
        add(.taken) { "\(Self.list($0)) \($0.count == 1 ? "follows" : "follow") the manifest again" }
        add(.removed) { "\(Self.list($0)) \($0.count == 1 ? "is" : "are") no longer wanted" }
        return reasons
    }

    static func list(_ keys: [String], limit: Int = 5) -> String {
        if keys.count <= limit { return keys.joined(separator: ", ") }
        return keys.prefix(limit - 1).joined(separator: ", ") + " and \(keys.count - limit + 1) more"
    }

    private static func octal(_ mode: UInt16) -> String { "0" + String(mode, radix: 8) }
}
