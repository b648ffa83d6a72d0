import Base
import YAML

/// The short and long forms of Compose's keys, brought into one.
enum ComposeForms {
    /// `KEY=value` items as a mapping; a name alone has no value.
    static func pairs(_ node: YAMLNode) -> YAMLNode {
        guard let items = node.items else { return node.entries == nil ? node.with(.mapping([])) : node }
        return node.with(
            .mapping(
                items.compactMap { item in
                    guard let text = item.text else { return nil }
                    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    let value =
                        parts.count == 2
                        ? YAMLNode.text(String(parts[1]), at: item.location) : .null(at: item.location)
                    return YAMLEntry(key: String(parts[0]), keyLocation: item.location, value: value)
                }))
    }

    /// A value alone as a list of one.
    static func list(_ node: YAMLNode) -> YAMLNode {
        node.items == nil ? node.with(.sequence(node.isAbsent ? [] : [node])) : node
    }

    /// `host:address` for each, the form that every Compose reads.
    static func hosts(_ node: YAMLNode) -> YAMLNode {
        if let entries = node.entries {
            return node.with(
                .sequence(
                    entries.flatMap { entry in
                        list(entry.value).items?.compactMap { address in
                            address.text.map { .text("\(entry.key):\($0)", at: address.location) }
                        } ?? []
                    }))
        }
        return list(node).with(
            .sequence(
                (list(node).items ?? []).map { item in
                    guard let text = item.text, let equals = text.firstIndex(of: "=") else { return item }
                    return .text(text[..<equals] + ":" + text[text.index(after: equals)...], at: item.location)
                }))
    }

    /// A list of names as a mapping by name.
    static func byName(_ node: YAMLNode, _ standard: YAMLNode) -> YAMLNode {
        guard let items = node.items else { return node }
        return node.with(
            .mapping(
                items.compactMap { item in
                    item.text.map { YAMLEntry(key: $0, keyLocation: item.location, value: standard) }
                }))
    }

    /// A path alone as the build's context.
    static func build(_ node: YAMLNode) -> YAMLNode {
        guard node.scalar != nil, !node.isAbsent else { return node }
        return node.with(.mapping([YAMLEntry(key: "context", keyLocation: node.location, value: node)]))
    }
}

/// Lists of a Compose service that are appended, each thing in them once.
enum ComposeLists {
    /// An item of the later list that is about the same thing stands in the earlier one's place. `key` is the list's
    /// own, with those that lead there from the service.
    static func append(_ base: YAMLNode, _ later: YAMLNode, key: String) -> YAMLNode {
        var result = base.items ?? []
        for node in later.items ?? [] {
            let wanted = identity(node, key)
            if let index = result.firstIndex(where: { identity($0, key) == wanted }) {
                result[index] = node
            } else {
                result.append(node)
            }
        }
        return later.with(.sequence(result))
    }

    /// What an item is about: the place in the container of a mount, the port that is published, the item itself.
    private static func identity(_ node: YAMLNode, _ key: String) -> String {
        switch key {
        case "volumes", "devices":
            if let target = node["target"]?.text { return trimmed(target) }
            guard let text = node.text else { break }
            return trimmed(text.split(separator: ":").dropFirst().first.map(String.init) ?? text)
        case "secrets", "configs":
            // Where it is mounted when nothing is said.
            let folder = key == "secrets" ? "/run/secrets/" : "/"
            if let place = node["target"]?.text { return place }
            if let name = node.text ?? node["source"]?.text { return folder + name }
        case "env_file", "label_file":
            if let path = node.text ?? node["path"]?.text { return path }
        case "ports":
            if let port = ComposePort(node) { return port.identity }
        default: break
        }
        return node.text ?? "\(node.location)"
    }

    /// `/data/` is `/data`.
    private static func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
