public import Base

/// One value of a YAML document, and where it stands.
///
/// `==` compares the places too; `hasSameContent(as:)` does not.
public struct YAMLNode: Sendable, Hashable {
    /// What it holds.
    public var value: Value
    /// The value's first character, after an anchor or tag. What an alias brings keeps the place of the
    /// anchor's own text, because that is the text to mend.
    public var location: SourceLocation
    /// The tag `!override` of Compose: where files are merged, this stands alone instead of being merged.
    public var isOverride = false

    /// What a node holds.
    public enum Value: Sendable, Hashable {
        indirect case scalar(YAMLScalar)
        /// The items of a list in order.
        case sequence([YAMLNode])
        /// The entries in order, each key once.
        case mapping([YAMLEntry])
        /// The tag `!reset`: the key is to be removed when files are merged.
        case reset
    }

    /// A node at a place of a file, or `.nowhere`.
    public init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}

/// One key of a mapping with its value, in the order of the file. Keys are texts as written: `1:` is "1".
public struct YAMLEntry: Sendable, Hashable {
    /// The key as written, quotes and escapes undone.
    public var key: String
    /// The key's first character.
    public var keyLocation: SourceLocation
    /// What stands after the colon; null when nothing does.
    public var value: YAMLNode

    /// An entry of a mapping.
    public init(key: String, keyLocation: SourceLocation, value: YAMLNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.value = value
    }
}

/// A text, and what it stands for in the YAML 1.2 core schema.
public struct YAMLScalar: Sendable, Hashable {
    /// The scalar as written, quotes and escapes undone: `3.10` stays "3.10".
    public var text: String
    /// Written without quotes.
    public var isPlain: Bool
    /// What the core schema makes of it; quotes make it a text.
    public var resolved: Resolved

    /// What a scalar can stand for. Whole numbers past 64 bits are floats.
    public enum Resolved: Sendable, Hashable {
        case null
        case bool(Bool)
        case integer(Int)
        case float(Double)
        case text
    }

    /// A scalar whose meaning is known, for tags.
    public init(text: String, isPlain: Bool, resolved: Resolved) {
        self.text = text
        self.isPlain = isPlain
        self.resolved = resolved
    }

    /// A scalar as a file without quotes would have it: resolved by the core schema.
    public init(plain text: String) {
        self.init(text: text, isPlain: true, resolved: CoreSchema.resolve(text))
    }

    /// A scalar that is a text whatever it looks like.
    public init(quoted text: String) {
        self.init(text: text, isPlain: false, resolved: .text)
    }
}
