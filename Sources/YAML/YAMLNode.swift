public import Base

/// One value of a YAML document, and where it stands.
///
/// `==` compares the places too; `hasSameContent(as:)` does not.
public struct YAMLNode: Sendable, Hashable {
    public var value: Value
    /// The value's first character, after an anchor or tag. What an alias brings keeps the place of the
    /// anchor's own text, because that is the text to mend.
    public var location: SourceLocation

    public indirect enum Value: Sendable, Hashable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
        /// The tag `!reset`: the key is to be removed when files are merged.
        case reset
    }

    public init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}

/// One key of a mapping with its value, in the order of the file. Keys are texts as written: `1:` is "1".
public struct YAMLEntry: Sendable, Hashable {
    public var key: String
    /// The key's first character.
    public var keyLocation: SourceLocation
    public var value: YAMLNode

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
    public var resolved: Resolved

    public enum Resolved: Sendable, Hashable {
        case null
        case bool(Bool)
        case integer(Int)
        case float(Double)
        case text
    }

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
