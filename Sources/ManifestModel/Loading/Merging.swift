import Base
import YAML

/// Merges a later file over an earlier one: key by key, lists replaced, later wins, `!reset` removes.
enum Merging {
    static func merge(_ base: YAMLNode, with later: YAMLNode, as shape: Shape) -> YAMLNode {
        guard case .mapping(let baseEntries) = base.value, case .mapping(let laterEntries) = later.value else {
            if case .anything(composed: true) = shape { return ComposeMerging.mergeServices(base, with: later) }
            return later
        }
        switch shape {
        case .anything(composed: true): return ComposeMerging.mergeServices(base, with: later)
        case .either(let shapes):
            let chosen = shapes.first { $0.accepts(later) } ?? .anything(composed: false)
            return merge(base, with: later, as: chosen)
        default: break
        }
        var entries = baseEntries
        if case .object(let object) = shape {
            let named = Set(laterEntries.filter(object.chooses).map(\.key))
            for slot in object.slots where slot.contains(where: named.contains) {
                entries.removeAll { entry in
                    let belongs = object.companions[entry.key] ?? entry.key
                    return slot.contains(belongs) && !named.contains(belongs) && object.chooses(entry)
                }
            }
        }
        for entry in laterEntries {
            if case .reset = entry.value.value {
                entries.removeAll { $0.key == entry.key }
            } else if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                let merged = merge(entries[index].value, with: entry.value, as: shape.child(entry.key))
                entries[index] = entry.with(merged)
            } else {
                entries.append(entry)
            }
        }
        return later.with(.mapping(entries))
    }

    /// A file's tree without the `!reset` marks that had nothing to remove. Those in a Compose service stay: they may
    /// take away what a template brings.
    static func withoutResets(_ node: YAMLNode, as shape: Shape) -> YAMLNode {
        node.contains { $0.isReset } ? rebuiltWithoutResets(node, shape) : node
    }

    private static func rebuiltWithoutResets(_ node: YAMLNode, _ shape: Shape) -> YAMLNode {
        if case .anything(composed: true) = shape { return node }
        switch node.value {
        case .mapping(let entries):
            return node.with(
                .mapping(
                    entries.compactMap { entry in
                        if case .reset = entry.value.value { return nil }
                        return entry.with(rebuiltWithoutResets(entry.value, shape.child(entry.key)))
                    }))
        case .sequence(let items):
            return node.with(.sequence(items.map { rebuiltWithoutResets($0, .anything(composed: false)) }))
        default: return node
        }
    }
}

extension YAMLNode {
    /// Whether the node or one in it is such a one. Looking is a tenth of building a tree anew.
    func contains(where isSuch: (YAMLNode) -> Bool) -> Bool {
        if isSuch(self) { return true }
        switch value {
        case .mapping(let entries): return entries.contains { $0.value.contains(where: isSuch) }
        case .sequence(let items): return items.contains { $0.contains(where: isSuch) }
        default: return false
        }
    }
}

extension Shape {
    /// The shape of the value under a key of a mapping of this shape.
    public func child(_ key: String) -> Shape {
        switch self {
        case .object(let object): object.key(key)?.shape ?? .anything(composed: false)
        case .map(let element, _, let special): special.first { $0.name == key }?.shape ?? element
        default: .anything(composed: false)
        }
    }
}
