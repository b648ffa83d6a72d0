import Base

/// Whose tags a document may have beside those of the core schema (YAML 1.2.2, section 10.3).
public enum TagDialect: Sendable {
    /// `!reset`, with nothing behind it, and `!override`; any other is an error.
    case manifest
    /// `!reset` and `!override` (Compose specification, "Merge"); any other says nothing, as it does to Compose.
    case compose
}

/// The tags that are known, and what they do.
enum Tags {
    private static let standardPrefix = "tag:yaml.org,2002:"

    static func isStandard(_ tag: String) -> Bool { tag.hasPrefix(standardPrefix) }

    /// Does what the tag says; returns the words of the problem when it can't.
    static func apply(_ tag: String, to node: inout YAMLNode, _ dialect: TagDialect) -> String? {
        if tag == "!" { return nil }
        if tag == "!override" {
            node.isOverride = true
            return nil
        }
        if tag == "!reset" {
            guard dialect == .compose || isEmpty(node) else {
                return "nothing may stand after '!reset', which removes the key"
            }
            node.value = .reset
            return nil
        }
        guard isStandard(tag) else {
            if dialect == .compose { return nil }
            return "'\(tag)' without quotes is a YAML tag, and the only one known is '!reset'"
        }
        let name = "!!" + tag.dropFirst(standardPrefix.count)
        switch (name, node.value) {
        case ("!!map", .mapping), ("!!seq", .sequence), ("!!str", .scalar): return nil
        case ("!!null", .scalar(let scalar)) where CoreSchema.resolve(scalar.text) == .null:
            node.value = .scalar(scalar.resolved(as: .null))
        case ("!!bool", .scalar(let scalar)):
            guard case .bool = CoreSchema.resolve(scalar.text) else { return mismatch(name, scalar) }
            node.value = .scalar(scalar.resolved(as: CoreSchema.resolve(scalar.text)))
        case ("!!int", .scalar(let scalar)):
            guard case .integer? = CoreSchema.number(scalar.text) else { return mismatch(name, scalar) }
            node.value = .scalar(scalar.resolved(as: CoreSchema.resolve(scalar.text)))
        case ("!!float", .scalar(let scalar)):
            guard let float = CoreSchema.float(scalar.text) else { return mismatch(name, scalar) }
            node.value = .scalar(scalar.resolved(as: .float(float)))
        case ("!!null", .scalar(let scalar)): return mismatch(name, scalar)
        case ("!!map", _), ("!!seq", _), ("!!str", _), ("!!null", _), ("!!bool", _), ("!!int", _), ("!!float", _):
            return "the tag '\(name)' does not fit \(node.kindWord)"
        default: return "the tag '\(name)' is not known"
        }
        return nil
    }

    private static func mismatch(_ name: String, _ scalar: YAMLScalar) -> String {
        "the tag '\(name)' does not fit the text '\(scalar.text)'"
    }

    private static func isEmpty(_ node: YAMLNode) -> Bool {
        switch node.value {
        case .scalar(let scalar): CoreSchema.resolve(scalar.text) == .null
        case .sequence(let items): items.isEmpty
        case .mapping(let entries): entries.isEmpty
        case .reset: true
        }
    }

    /// The tag as it stands in the file, with the text after it in the same line: what quotes belong around.
    static func written(_ event: ParserEvent, _ text: SourceText, valueStart: Int) -> String {
        let start = position(event, text)
        var end = valueStart
        if case .scalar(_, .plain) = event.kind { end = max(event.end, valueStart) }
        let whole = text.slice(start, end)
        let line = whole.prefix { !$0.isNewline }
        return String(line.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// The character at which the tag starts, which may stand after an anchor.
    static func position(_ event: ParserEvent, _ text: SourceText) -> Int {
        let head = text.slice(event.start, text.skipProperties(from: event.start))
        guard let mark = head.unicodeScalars.firstIndex(of: "!") else { return event.start }
        return event.start + head.unicodeScalars.distance(from: head.startIndex, to: mark)
    }
}

extension YAMLScalar {
    fileprivate func resolved(as resolved: Resolved) -> YAMLScalar {
        YAMLScalar(text: text, isPlain: isPlain, resolved: resolved)
    }
}
