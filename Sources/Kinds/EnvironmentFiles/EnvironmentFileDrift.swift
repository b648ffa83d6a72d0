import Base
import Dotenv
public import Execution
import HostInterfaces
import ManifestModel

/// How an env file differs from what its manifest and its source expect: what `status`, `doctor` and `env check` tell.
public struct EnvironmentFileDrift: Hashable, Sendable {
    public var node: NodeID
    /// For people.
    public var file: String
    public var isMissing = false
    /// Keys that the source or the manifest has and the file lacks.
    public var missing: [String] = []
    /// Keys that nobody declares.
    public var undeclared: [String] = []
    /// Keys without a value where one is asked for: the source or the manifest has one, or says `required`.
    public var empty: [String] = []
    /// Keys that still hold a placeholder: `changeme`, `<your-key>`.
    public var placeholders: [String] = []
    /// Keys that a developer changed, where the manifest wants something else.
    public var kept: [String] = []
    /// Why the file can't be told about; the rest is empty then.
    public var problem: String?

    /// What a person has to do about single keys, a sentence each.
    public var work: [String] {
        func words(_ what: String, _ keys: [String]) -> String? {
            keys.isEmpty ? nil : "\(what): \(EnvironmentFileLook.list(keys))"
        }
        return [
            words("missing", missing), words("empty", empty), words("still a placeholder", placeholders),
        ].compactMap(\.self)
    }

    /// Whether a person has something to do. Keys of the developer's own, and changes that are kept, are no fault.
    public var needsWork: Bool {
        isMissing || problem != nil || !missing.isEmpty || !empty.isEmpty || !placeholders.isEmpty
    }
}

/// What is asked about env files outside a run.
public enum EnvironmentFiles {
    /// Whose value stands where a file says something else than the manifest.
    public enum Side: String, Hashable, Sendable, CaseIterable { case manifest, mine }

    /// One entry per env file among the nodes, in the manifest's order. Reads only; holds no value of any key.
    public static func drift(_ nodes: Set<NodeID>, in run: RunWorkspace) -> [EnvironmentFileDrift] {
        files(nodes, in: run).map { drift($0, run.planningContext($0.id)) }
    }

    private static func drift(_ node: EnvironmentFileNode, _ context: NodeContext) -> EnvironmentFileDrift {
        let place = node.declaration.place
        var drift = EnvironmentFileDrift(node: node.id, file: context.display(place))
        guard let bytes = try? context.host.files.read(place, limit: EnvironmentFileReading.largestFile) else {
            drift.isMissing = !context.host.files.exists(place)
            drift.problem = drift.isMissing ? nil : "it can't be read"
            return drift
        }
        let document = DotenvDocument(parsing: bytes)
        let source = node.declaration.from?.path(in: context.workspace)
            .flatMap { try? context.host.files.read($0, limit: EnvironmentFileReading.largestFile) }
            .map { DotenvDocument(parsing: $0) }
        let declared = declared(node, source, context)
        drift.missing = declared.filter { !document.contains($0) }
        let known = Set(declared)
        drift.undeclared = document.keys.filter { !known.contains($0) }
        for key in document.keys {
            let value = document.value(of: key) ?? ""
            if value.isEmpty, known.contains(key), isRequired(key, node, source) { drift.empty.append(key) }
            if Placeholder.isOne(value) { drift.placeholders.append(key) }
        }
        do throws(NodeFailure) {
            let result = try EnvironmentFileReading(node, context).look().result
            drift.kept = result.kept + result.conflicts
            // A person has said that it is meant so.
            let settled = Set(result.settled)
            drift.missing.removeAll(where: settled.contains)
            drift.empty.removeAll(where: settled.contains)
            drift.placeholders.removeAll(where: settled.contains)
        } catch {
            drift.problem = error.message
        }
        return drift
    }

    /// Keys of the source and of the manifest, without those that an optional secret leaves out.
    private static func declared(
        _ node: EnvironmentFileNode, _ source: DotenvDocument?, _ context: NodeContext
    ) -> [String] {
        let own = (source?.keys ?? []).filter { !node.declaration.unset.contains($0) }
        let known = Set(own)
        let wishes = (try? EnvironmentFileReading(node, context))?.wishes
        return own + node.declaration.set.keys.filter { !known.contains($0) && wishes?[$0] != .notGiven }
    }

    private static func isRequired(_ key: String, _ node: EnvironmentFileNode, _ source: DotenvDocument?) -> Bool {
        if let text = node.declaration.set[key] { return text.literal != "" }
        guard let source, source.contains(key) else { return false }
        if source.value(of: key)?.isEmpty == false { return true }
        return source.comments(above: key).contains { $0.lowercased().contains("required") }
    }
}

/// Values that stand in a template to be replaced by a person.
enum Placeholder {
    private static let words: Set<String> = [
        "changeme", "change_me", "change-me", "changethis", "change_this", "change-this", "replaceme", "replace_me",
        "replace-me", "replace_with_your_own", "todo", "fixme", "tbd", "placeholder", "your_key_here",
    ]

    static func isOne(_ value: String) -> Bool {
        let value = value.lowercased()
        if words.contains(value) { return true }
        let bytes = Array(value.utf8)
        guard bytes.count > 2 else { return false }
        if bytes.first == UInt8(ascii: "<"), bytes.last == UInt8(ascii: ">") {
            return !bytes.contains(UInt8(ascii: " ")) || value.contains("your")
        }
        if bytes.allSatisfy({ $0 == UInt8(ascii: "x") }) { return true }
        let starts = ["your-", "your_", "insert-", "insert_", "enter-your", "enter_your"]
        let isWord = bytes.allSatisfy { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: ".") }
        return isWord && starts.contains { value.hasPrefix($0) }
    }
}
