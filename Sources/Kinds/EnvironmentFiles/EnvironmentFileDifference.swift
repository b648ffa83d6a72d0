import Base
import Dotenv
public import Execution
import HostInterfaces

/// An env file beside what `up` would make of it: what `env diff` shows. No value in it is a secret.
public struct EnvironmentFileDifference: Hashable, Sendable {
    /// One key that changes, or that a developer changed.
    public struct Entry: Hashable, Sendable {
        /// What happens to it, or why nothing does.
        public enum Kind: String, Hashable, Sendable {
            /// What the next `up` does.
            case new, changed, renamed, removed, taken
            /// The developer's, and reported; the same, and settled.
            case yours, settled
            /// Somebody has to say whose value stands.
            case conflict
            /// Its value is known only after other work.
            case open
        }

        public var key: String
        public var kind: Kind
        /// Values with secrets covered; nil where the key was or is not there, or has no known value.
        public var written: String?
        public var found: String?
        public var wanted: String?
        /// For `renamed` the name before, for `open` the node that knows the value.
        public var detail: String?
    }

    public var node: NodeID
    /// For people.
    public var file: String
    public var isMissing = false
    public var entries: [Entry] = []
    /// Why it can't be told; the rest is empty then.
    public var problem: String?
}

extension EnvironmentFiles {
    /// One per env file among the nodes, in the manifest's order. Reads only.
    public static func differences(_ nodes: Set<NodeID>, in run: RunWorkspace) -> [EnvironmentFileDifference] {
        files(nodes, in: run).map { node in
            let context = run.planningContext(node.id)
            var difference = EnvironmentFileDifference(
                node: node.id, file: context.display(node.declaration.place),
                isMissing: !context.host.files.exists(node.declaration.place))
            do throws(NodeFailure) {
                if case .work(_, let reason)? = try node.waiting(context) {
                    difference.problem = "it is made \(reason)"
                    return difference
                }
                let reading = try EnvironmentFileReading(node, context)
                let look = try reading.look()
                difference.entries = entries(look, node, EnvironmentFileCover(reading, look.earlier))
            } catch {
                difference.problem = error.message
            }
            return difference
        }
    }

    /// The env files among the nodes that count on this machine.
    static func files(_ nodes: Set<NodeID>, in run: RunWorkspace) -> [EnvironmentFileNode] {
        run.workspace.order.compactMap { id in
            guard nodes.contains(id), let node = run.workspace.nodes[id] as? EnvironmentFileNode,
                node.common.reasonAgainst(run.host) == nil
            else { return nil }
            return node
        }
    }

    private static func entries(
        _ look: EnvironmentFileLook, _ node: EnvironmentFileNode, _ cover: EnvironmentFileCover
    ) -> [EnvironmentFileDifference.Entry] {
        let result = look.result
        let found = look.found.map { DotenvDocument(parsing: $0) }
        func entry(_ key: String, _ kind: EnvironmentFileDifference.Entry.Kind) -> EnvironmentFileDifference.Entry {
            let old = kind == .renamed ? node.declaration.renamed.first { $0.new == key }?.old : nil
            var entry = EnvironmentFileDifference.Entry(key: key, kind: kind, detail: old)
            switch look.earlier?.keys[old ?? key] {
            case .text(let text): entry.written = cover.shown(DotenvDocument.value(ofText: text), of: key)
            case .secret: entry.written = EnvironmentFileCover.hidden
            case nil: break
            }
            entry.found = found?.value(of: old ?? key).map { cover.shown($0, of: key) }
            entry.wanted = result.wanted(key).map { wanted in
                cover.shown(wanted.value ?? DotenvDocument.value(ofText: wanted.text), of: key)
            }
            return entry
        }
        let changes =
            found == nil
            ? result.document.keys.filter { key in !result.open.contains { $0.key == key } }
                .map { (key: $0, change: EnvironmentFileMerge.Change.new) }
            : result.changes
        return changes.map { key, change in
            switch change {
            case .new: entry(key, .new)
            case .changed: entry(key, .changed)
            case .renamed: entry(key, .renamed)
            case .removed: entry(key, .removed)
            case .taken: entry(key, .taken)
            }
        } + result.conflicts.map { entry($0, .conflict) } + result.kept.map { entry($0, .yours) }
            + result.settled.map { entry($0, .settled) }
            + result.open.map { key, node in
                var entry = entry(key, .open)
                entry.detail = node
                return entry
            }
    }
}

extension DotenvDocument {
    /// What a text behind `KEY=` means.
    static func value(ofText text: String) -> String {
        DotenvDocument(parsing: Array("K=\(text)\n".utf8)).value(of: "K") ?? text
    }
}
