import Base
import YAML

/// Turns every short form into its long one, so that merging and reading see one form.
enum Expansion {
    static func expand(_ node: YAMLNode, as shape: Shape) -> YAMLNode {
        switch shape {
        case .object(let object):
            let expanded = object.expand(node)
            guard case .mapping(let entries) = expanded.value else { return expanded }
            return expanded.with(
                .mapping(
                    entries.map { entry in
                        object.key(entry.key).map { entry.with(expand(entry.value, as: $0.shape)) } ?? entry
                    }))
        case .map(let element, _, let special):
            guard case .mapping(let entries) = node.value else { return node }
            return node.with(
                .mapping(
                    entries.map { entry in
                        let own = special.first { $0.name == entry.key }?.shape ?? element
                        return entry.with(expand(entry.value, as: own))
                    }))
        case .list(let element):
            guard case .sequence(let items) = node.value else { return node }
            return node.with(.sequence(items.map { expand($0, as: element) }))
        case .either(let shapes):
            return shapes.first { $0.accepts(node) }.map { expand(node, as: $0) } ?? node
        default: return node
        }
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
            if case .mapping = object.expand(node).value { true } else { false }
        default: false
        }
    }
}

extension YAMLNode {
    func with(_ value: Value) -> YAMLNode { YAMLNode(value, at: location) }
}

extension YAMLEntry {
    func with(_ value: YAMLNode) -> YAMLEntry { YAMLEntry(key: key, keyLocation: keyLocation, value: value) }
}
