import Base

/// Nodes → YAML 1.2 in block style, the same bytes for the same nodes.
///
/// Reading the result gives the same content back. Docker Compose reads it too (go-yaml v3, which still knows
/// YAML 1.1 words), so whatever either would take for something else is quoted.
public enum YAMLWriter {
    /// The text of a document, ending in a line break. `comment` is put above it, line by line after `# `.
    public static func write(_ root: YAMLNode, comment: String? = nil) -> String {
        var writer = BlockWriter()
        for line in (comment ?? "").split(separator: "\n", omittingEmptySubsequences: false) where comment != nil {
            writer.out += line.isEmpty ? "#\n" : "# \(line)\n"
        }
        writer.document(root)
        return writer.out
    }
}

private struct BlockWriter {
    var out = ""

    mutating func document(_ root: YAMLNode) {
        switch root.value {
        case .mapping(let entries) where !entries.isEmpty: mapping(entries, indent: 0, isInline: false)
        case .sequence(let items) where !items.isEmpty: sequence(items, indent: 0, isInline: false)
        default: leaf(root, indent: 0)
        }
    }

    /// `isInline`: the first entry continues a line, as after `- `.
    private mutating func mapping(_ entries: [YAMLEntry], indent: Int, isInline: Bool) {
        for (index, entry) in entries.enumerated() {
            if index > 0 || !isInline { space(indent) }
            let key = ScalarWriting.key(entry.key)
            // A key before ':' may have 1024 characters (YAML 1.2.2, section 8.2.2); '?' lifts that.
            if key.unicodeScalars.count > 1000 {
                out += "? \(key)\n"
                space(indent)
            } else {
                out += key
            }
            out += ":"
            value(entry.value, indent: indent)
        }
    }

    /// What follows `key:`.
    private mutating func value(_ node: YAMLNode, indent: Int) {
        switch node.value {
        case .mapping(let entries) where !entries.isEmpty:
            out += "\n"
            mapping(entries, indent: indent + 2, isInline: false)
        case .sequence(let items) where !items.isEmpty:
            out += "\n"
            sequence(items, indent: indent + 2, isInline: false)
        default:
            out += " "
            leaf(node, indent: indent)
        }
    }

    private mutating func sequence(_ items: [YAMLNode], indent: Int, isInline: Bool) {
        for (index, item) in items.enumerated() {
            if index > 0 || !isInline { space(indent) }
            out += "- "
            switch item.value {
            case .mapping(let entries) where !entries.isEmpty: mapping(entries, indent: indent + 2, isInline: true)
            case .sequence(let inner) where !inner.isEmpty: sequence(inner, indent: indent + 2, isInline: true)
            default: leaf(item, indent: indent)
            }
        }
    }

    private mutating func leaf(_ node: YAMLNode, indent: Int) {
        switch node.value {
        case .mapping: out += "{}\n"
        case .sequence: out += "[]\n"
        case .reset: out += "!reset null\n"
        case .scalar(let scalar):
            if scalar.resolved == .text, let block = ScalarWriting.literal(scalar.text, indent: indent + 2) {
                out += block
            } else {
                out += ScalarWriting.inline(scalar) + "\n"
            }
        }
    }

    private mutating func space(_ count: Int) { out += String(repeating: " ", count: count) }
}
