import Base
public import YAML

/// Merges compose services as the Compose specification does ("Merge"): mappings by key, lists appended,
/// commands and checks replaced, and lists that stand for mappings (environment, labels) by their name.
public enum ComposeMerging {
    /// Lists of which the later one replaces the earlier ("Exceptions": shell commands).
    private static let replaced: Set<String> = ["command", "entrypoint", "test"]
    /// Lists whose entries are `KEY=value` or a mapping.
    private static let keyed: Set<String> = ["environment", "labels", "annotations", "sysctls", "extra_hosts", "args"]

    /// `path` holds the keys that led here, outermost first.
    public static func merge(_ base: YAMLNode, with later: YAMLNode, at path: [String]) -> YAMLNode {
        let key = path.last ?? ""
        if keyed.contains(key) { return mergeMappings(mapping(of: base), mapping(of: later), later, path) }
        switch (base.value, later.value) {
        case (.mapping(let first), .mapping(let second)): return mergeMappings(first, second, later, path)
        case (.sequence(let first), .sequence(let second)):
            if replaced.contains(key) { return later }
            return later.with(.sequence(append(first, second, key: key)))
        default: return later
        }
    }

    private static func mergeMappings(
        _ base: [YAMLEntry], _ later: [YAMLEntry], _ node: YAMLNode, _ path: [String]
    ) -> YAMLNode {
        var entries = base
        for entry in later {
            if case .reset = entry.value.value {
                entries.removeAll { $0.key == entry.key }
            } else if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[index] = entry.with(merge(entries[index].value, with: entry.value, at: path + [entry.key]))
            } else {
                entries.append(entry)
            }
        }
        return node.with(.mapping(entries))
    }

    /// Volumes and devices are one per target inside the container; other lists hold each entry once.
    private static func append(_ base: [YAMLNode], _ later: [YAMLNode], key: String) -> [YAMLNode] {
        func identity(_ node: YAMLNode) -> String {
            if key == "volumes" || key == "devices" {
                if let target = node["target"]?.text { return target }
                if let text = node.text { return text.split(separator: ":").dropFirst().first.map(String.init) ?? text }
            }
            return node.text ?? "\(node.location)"
        }
        var result = base
        for node in later {
            if let index = result.firstIndex(where: { identity($0) == identity(node) }) {
                result[index] = node
            } else {
                result.append(node)
            }
        }
        return result
    }

    private static func mapping(of node: YAMLNode) -> [YAMLEntry] {
        switch node.value {
        case .mapping(let entries): return entries
        case .sequence(let items):
            return items.compactMap { item in
                guard let text = item.text else { return nil }
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let scalar =
                    parts.count == 2 ? YAMLNode.text(String(parts[1]), at: item.location) : .null(at: item.location)
                return YAMLEntry(key: String(parts[0]), keyLocation: item.location, value: scalar)
            }
        default: return []
        }
    }
}
