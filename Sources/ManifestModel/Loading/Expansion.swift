import Base
import YAML

/// Turns every short form into its long one, so that merging and reading see one form.
enum Expansion {
    static func expand(_ node: YAMLNode, as shape: Shape) -> YAMLNode { changed(node, as: shape) ?? node }

    /// The long form; nil where the node has it already, as most have: then nothing is built anew.
    private static func changed(_ node: YAMLNode, as shape: Shape) -> YAMLNode? {
        switch shape {
        case .object(let object):
            let expanded = object.expand?(node)
            guard case .mapping(let entries) = (expanded ?? node).value else { return expanded }
            let own = changed(entries) { object.key($0)?.shape }
            return own.map { (expanded ?? node).with(.mapping($0)) } ?? expanded
        case .map(let element, _, let special):
            guard case .mapping(let entries) = node.value else { return nil }
            return changed(entries) { key in special.first { $0.name == key }?.shape ?? element }
                .map { node.with(.mapping($0)) }
        case .list(let element):
            guard case .sequence(let items) = node.value else { return nil }
            var result: [YAMLNode]?
            for (index, item) in items.enumerated() {
                guard let item = changed(item, as: element) else { continue }
                result = result ?? items
                result?[index] = item
            }
            return result.map { node.with(.sequence($0)) }
        case .either(let shapes): return shapes.first { $0.accepts(node) }.flatMap { changed(node, as: $0) }
        default: return nil
        }
    }

    private static func changed(_ entries: [YAMLEntry], shape: (String) -> Shape?) -> [YAMLEntry]? {
        var result: [YAMLEntry]?
        for (index, entry) in entries.enumerated() {
            guard let shape = shape(entry.key), let value = changed(entry.value, as: shape) else { continue }
            result = result ?? entries
            result?[index].value = value
        }
        return result
    }
}

extension Shape {
    /// Whether the node's type fits, without looking inside.
    func accepts(_ node: YAMLNode) -> Bool {
        switch (self, node.value) {
        case (.anything, _), (.list, .sequence), (.list, .scalar), (.map, .mapping), (.object, .mapping): true
        case (.boolean, .scalar(let scalar)): if case .bool = scalar.resolved { true } else { false }
        case (.integer, .scalar(let scalar)): Int(scalar.text) != nil
        case (.number, .scalar(let scalar)): Double(scalar.text) != nil
        case (.choice(let choices), .scalar(let scalar)): choices.contains(scalar.text)
        case (.text, .scalar), (.literal, .scalar): true
        case (.either(let shapes), _): shapes.contains { $0.accepts(node) }
        case (.object(let object), .scalar):
            if case .mapping = object.expand?(node).value { true } else { false }
        default: false
        }
    }
}

extension YAMLNode {
    func with(_ value: Value) -> YAMLNode {
        var node = self
        node.value = value
        return node
    }
}

extension YAMLEntry {
    func with(_ value: YAMLNode) -> YAMLEntry { YAMLEntry(key: key, keyLocation: keyLocation, value: value) }
}
