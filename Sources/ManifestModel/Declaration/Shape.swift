public import YAML

/// What may stand at one place of the manifest. One value of this type per place drives expansion of short
/// forms, merging, interpolation, checking, the JSON Schema and the reference page.
public indirect enum Shape: Sendable {
    /// A text in which `${…}` is replaced.
    case text(TextFormat)
    /// A text that is taken as it is written: commands and names.
    case literal(TextFormat)
    case boolean
    case integer(ClosedRange<Int>)
    case number
    case choice([String])
    /// A list; a single value may stand for a list of one.
    case list(Shape)
    /// Names of the user's own, each with a value of one shape. `special` names have a shape of their own.
    case map(Shape, names: NameRule, special: [KeySpec])
    case object(ObjectShape)
    /// The first that fits the node's type; the last speaks for itself when none fits.
    case either([Shape])
    /// Anything; its texts are interpolated. `composed` merges by the Compose specification's own rules.
    case anything(composed: Bool)

    public static var text: Shape { .text(.plain) }
    public static var command: Shape { .literal(.plain) }
    /// Names of the user's own with no special ones among them.
    public static func map(_ shape: Shape, names: NameRule = .anything) -> Shape {
        .map(shape, names: names, special: [])
    }
    public static var names: Shape { .list(.literal(.plain)) }
}

/// Rules for a text beyond being one.
public enum TextFormat: Sendable, Hashable {
    case plain
    /// `90s`, `1h30m`.
    case duration
    /// `8GB`, `8GiB`.
    case size
    /// Octal permission bits, `0644`.
    case mode
    /// A node-semver range.
    case range
    /// A regular expression.
    case pattern
    /// `host:container`, a number, or `auto`.
    case port
}

/// What the user's own names may look like.
public enum NameRule: Sendable, Hashable {
    case anything
    /// `[A-Za-z0-9_][A-Za-z0-9_-]*`
    case node
    /// `[A-Za-z_][A-Za-z0-9_]*`
    case variable
}

/// A mapping with known keys.
public struct ObjectShape: Sendable {
    /// What it is, for messages: "a repository".
    public var title: String
    public var keys: [KeySpec]
    /// Keys of which a later file's choice replaces the earlier one, and of which only one may stand.
    public var slots: [[String]]
    /// Keys of slots that stand beside the others where their value is `true` or `false`: they then choose nothing.
    public var flags: Set<String>
    /// Keys that mean nothing without another one: they go with it when a later file replaces it.
    public var companions: [String: String]
    /// Turns a short form into the long one, and leaves every other node as it is; nil where there is no short form.
    public var expand: (@Sendable (YAMLNode) -> YAMLNode)?

    public init(
        _ title: String, keys: [KeySpec], slots: [[String]] = [], flags: Set<String> = [],
        companions: [String: String] = [:], expand: (@Sendable (YAMLNode) -> YAMLNode)? = nil
    ) {
        self.title = title
        self.keys = keys
        self.slots = slots
        self.flags = flags
        self.companions = companions
        self.expand = expand
    }

    /// The declaration of a key; nil for one that is unknown.
    public func key(_ name: String) -> KeySpec? {
        // Lengths first: to compare two texts is a call.
        let length = name.utf8.count
        for index in keys.indices where keys[index].name.utf8.count == length && keys[index].name == name {
            return keys[index]
        }
        return nil
    }

    /// Whether an entry chooses something in a slot that names its key.
    func chooses(_ entry: YAMLEntry) -> Bool {
        guard !flags.isEmpty, flags.contains(entry.key), case .scalar(let scalar) = entry.value.value else {
            return true
        }
        if case .bool = scalar.resolved { return false }
        return true
    }

    /// A text becomes a mapping with that one key.
    public static func scalar(into key: String) -> @Sendable (YAMLNode) -> YAMLNode {
        { node in
            guard case .scalar = node.value else { return node }
            return .mapping([YAMLEntry(key: key, keyLocation: node.location, value: node)], at: node.location)
        }
    }
}

/// One key of a mapping.
public struct KeySpec: Sendable {
    /// Whether what the key asks for is done today.
    public enum Availability: Sendable, Hashable {
        case works
        /// Read and checked, but without effect yet; `plan` and `up` say so.
        case later
    }

    public var name: String
    public var shape: Shape
    /// One sentence for the reference page and the schema.
    public var help: String
    public var isRequired: Bool
    /// The default in words, where there is one.
    public var standard: String?
    public var availability: Availability

    public init(
        _ name: String, _ shape: Shape, _ help: String, required: Bool = false, standard: String? = nil,
        availability: Availability = .works
    ) {
        self.name = name
        self.shape = shape
        self.help = help
        self.isRequired = required
        self.standard = standard
        self.availability = availability
    }
}
