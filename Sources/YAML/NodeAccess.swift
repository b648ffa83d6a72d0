public import Base

extension YAMLNode {
    /// The value of that key; nil when this is no mapping or has no such key.
    public subscript(key: String) -> YAMLNode? { entry(key)?.value }

    /// The entry of that key; nil when this is no mapping or has no such key.
    public func entry(_ key: String) -> YAMLEntry? {
        guard case .mapping(let entries) = value else { return nil }
        for index in entries.indices where entries[index].key == key { return entries[index] }
        return nil
    }

    /// The scalar; nil for lists, mappings and `!reset`.
    public var scalar: YAMLScalar? { if case .scalar(let scalar) = value { scalar } else { nil } }

    /// The scalar as written; nil for lists, mappings, `!reset` and null.
    public var text: String? { isNull ? nil : scalar?.text }

    /// The truth value; nil for anything but `true` and `false` of the core schema.
    public var bool: Bool? { if case .bool(let value) = scalar?.resolved { value } else { nil } }

    /// The whole number; nil for anything else.
    public var integer: Int? { if case .integer(let value) = scalar?.resolved { value } else { nil } }

    /// The entries of a mapping in the order of the file; nil for anything else.
    public var entries: [YAMLEntry]? { if case .mapping(let entries) = value { entries } else { nil } }

    /// The items of a list; nil for anything else.
    public var items: [YAMLNode]? { if case .sequence(let items) = value { items } else { nil } }

    /// `null`, `~` or nothing at all, without quotes.
    public var isNull: Bool { scalar?.resolved == .null }

    /// The tag `!reset`.
    public var isReset: Bool { if case .reset = value { true } else { false } }

    /// What this is, for messages: "a mapping", "a list", "a text", "a number", "true or false", "null", "!reset".
    public var kindWord: String {
        switch value {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .reset: "!reset"
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: "null"
            case .bool: "true or false"
            case .integer, .float: "a number"
            case .text: "a text"
            }
        }
    }

    /// Whether both hold the same values in the same order, wherever they stand and however
    /// they are quoted. All nulls are the same.
    public func hasSameContent(as other: YAMLNode) -> Bool {
        switch (value, other.value) {
        case (.reset, .reset): true
        case (.scalar(let left), .scalar(let right)):
            left.resolved.isSameKind(as: right.resolved)
                && (left.resolved == .null || left.text.utf8.elementsEqual(right.text.utf8))
        case (.sequence(let left), .sequence(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.hasSameContent(as: $1) }
        case (.mapping(let left), .mapping(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy {
                    $0.key.utf8.elementsEqual($1.key.utf8) && $0.value.hasSameContent(as: $1.value)
                }
        default: false
        }
    }
}

extension YAMLScalar.Resolved {
    /// Not `==`: two texts `.nan` are the same content, although the number is unequal to itself.
    func isSameKind(as other: YAMLScalar.Resolved) -> Bool {
        switch (self, other) {
        case (.null, .null), (.text, .text), (.bool, .bool), (.integer, .integer), (.float, .float): true
        default: false
        }
    }
}

extension SourceLocation {
    /// For values that stand in no file.
    public static let nowhere = SourceLocation(file: "", line: 0, column: 0)
}

extension YAMLNode {
    /// A text, whatever it looks like.
    public static func text(_ text: String, at location: SourceLocation = .nowhere) -> YAMLNode {
        YAMLNode(.scalar(YAMLScalar(quoted: text)), at: location)
    }

    /// What the text would be without quotes: `plain("8080")` is a number.
    public static func plain(_ text: String, at location: SourceLocation = .nowhere) -> YAMLNode {
        YAMLNode(.scalar(YAMLScalar(plain: text)), at: location)
    }

    /// `true` or `false`.
    public static func bool(_ value: Bool, at location: SourceLocation = .nowhere) -> YAMLNode {
        plain(value ? "true" : "false", at: location)
    }

    /// A whole number.
    public static func integer(_ value: Int, at location: SourceLocation = .nowhere) -> YAMLNode {
        plain(String(value), at: location)
    }

    /// `null`.
    public static func null(at location: SourceLocation = .nowhere) -> YAMLNode { plain("null", at: location) }

    /// A list.
    public static func sequence(_ items: [YAMLNode], at location: SourceLocation = .nowhere) -> YAMLNode {
        YAMLNode(.sequence(items), at: location)
    }

    /// A mapping, keys in the order given.
    public static func mapping(_ entries: [YAMLEntry], at location: SourceLocation = .nowhere) -> YAMLNode {
        YAMLNode(.mapping(entries), at: location)
    }

    /// A mapping from literal pairs.
    public static func mapping(
        _ pairs: KeyValuePairs<String, YAMLNode>, at location: SourceLocation = .nowhere
    ) -> YAMLNode {
        mapping(pairs.map { YAMLEntry(key: $0.key, keyLocation: $0.value.location, value: $0.value) }, at: location)
    }
}
