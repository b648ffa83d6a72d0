public import Base
public import YAML

/// A key with the type of its value: the declaration from which reading it follows.
public struct Key<Value: Sendable>: Sendable {
    public let spec: KeySpec
    let read: @Sendable (YAMLNode) -> Value?
    fileprivate let mark: KeyMarks

    public init(_ spec: KeySpec, read: @escaping @Sendable (YAMLNode) -> Value?) {
        self.spec = spec
        self.read = read
        mark = KeyMarks(of: spec.name)
    }
}

/// A checked mapping, read by typed keys. What does not fit its shape was reported before and reads as absent.
public struct Fields: Sendable {
    /// Each key once. A mapping has a handful of keys, so looking through them is faster than hashing.
    private let entries: [YAMLEntry]
    private let marks: KeyMarks
    public let location: SourceLocation

    public init(_ node: YAMLNode) {
        location = node.location
        let entries = node.entries ?? []
        self.entries = entries
        marks = entries.reduce(into: KeyMarks()) { $0.formUnion(KeyMarks(of: $1.key)) }
    }

    /// The keys that stand there, in their order.
    public var names: [String] { entries.map(\.key) }

    public subscript<Value>(key: Key<Value>) -> Value? {
        guard let node = node(key), !node.isAbsent else { return nil }
        return key.read(node)
    }

    /// Whether the key stands there, whatever its value.
    public func has<Value>(_ key: Key<Value>) -> Bool { node(key) != nil }

    /// Where a key's value stands; the mapping's own place when it is absent.
    public func location<Value>(of key: Key<Value>) -> SourceLocation { node(key)?.location ?? location }

    private func node<Value>(_ key: Key<Value>) -> YAMLNode? {
        marks.isSuperset(of: key.mark) ? node(key.spec.name) : nil
    }

    /// A key's value as it stands, for keys without a declared type.
    public func node(_ name: String) -> YAMLNode? {
        for index in entries.indices where entries[index].key == name { return entries[index].value }
        return nil
    }
}

extension YAMLNode {
    /// `null` and an empty text mean absent.
    public var isAbsent: Bool {
        guard case .scalar(let scalar) = value else { return false }
        return scalar.resolved == .null || scalar.text.isEmpty
    }

    /// A single value as a list of one; nothing for an absent one.
    var itemsOrOne: [YAMLNode] {
        if case .sequence(let items) = value { return items }
        return isAbsent ? [] : [self]
    }

    /// The scalar's text with its place, its `${…}` taken apart.
    public var interpolatedText: Text? {
        guard case .scalar(let scalar) = value, let template = try? Template(parsing: scalar.text) else { return nil }
        return Text(template: template, location: location)
    }

    /// The scalar's text as it is written.
    public var literalText: Text? {
        guard case .scalar(let scalar) = value else { return nil }
        return Text(literal: scalar.text, location: location)
    }
}

extension Key where Value == Text {
    /// A text in which `${…}` is replaced.
    public static func text(
        _ name: String, _ help: String, format: TextFormat = .plain, required: Bool = false, standard: String? = nil,
        availability: KeySpec.Availability = .works
    ) -> Self {
        Key(
            KeySpec(
                name, .text(format), help, required: required, standard: standard, availability: availability)
        ) { $0.interpolatedText }
    }

    /// A text that is never interpolated: a command, a name.
    public static func literal(
        _ name: String, _ help: String, format: TextFormat = .plain, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .literal(format), help, availability: availability)) { $0.literalText }
    }
}

extension Key where Value == [Text] {
    /// A list of texts; one may stand alone.
    public static func texts(
        _ name: String, _ help: String, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .list(.text), help, availability: availability)) {
            $0.itemsOrOne.compactMap(\.interpolatedText)
        }
    }

    /// A list of names, never interpolated.
    public static func names(
        _ name: String, _ help: String, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .names, help, availability: availability)) { $0.itemsOrOne.compactMap(\.literalText) }
    }
}

extension Key where Value == Bool {
    /// `true` or `false`; `standard` is what absence means.
    public static func flag(
        _ name: String, _ help: String, standard: Bool = false, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .boolean, help, standard: standard ? "true" : "false", availability: availability)) {
            guard case .scalar(let scalar) = $0.value else { return nil }
            if case .bool(let value) = scalar.resolved { return value }
            return nil
        }
    }
}

extension Key where Value == Int {
    /// A whole number within a range.
    public static func integer(
        _ name: String, _ help: String, in range: ClosedRange<Int>, standard: String? = nil,
        availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .integer(range), help, standard: standard, availability: availability)) {
            guard case .scalar(let scalar) = $0.value else { return nil }
            return Int(scalar.text)
        }
    }

    /// Octal permission bits.
    public static func mode(_ name: String, _ help: String, standard: String? = nil) -> Self {
        Key(KeySpec(name, .text(.mode), help, standard: standard)) {
            guard case .scalar(let scalar) = $0.value else { return nil }
            return Int(scalar.text.hasPrefix("0o") ? String(scalar.text.dropFirst(2)) : scalar.text, radix: 8)
        }
    }

    /// A size in bytes.
    public static func size(
        _ name: String, _ help: String, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .text(.size), help, availability: availability)) {
            $0.interpolatedText?.literal.flatMap(ByteSize.parse)
        }
    }
}

extension Key where Value == Double {
    /// A number with or without a fraction.
    public static func number(
        _ name: String, _ help: String, standard: String? = nil, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .number, help, standard: standard, availability: availability)) {
            guard case .scalar(let scalar) = $0.value else { return nil }
            return Double(scalar.text)
        }
    }
}

extension Key where Value == Duration {
    /// A length of time, such as `90s` or `1h30m`.
    public static func duration(
        _ name: String, _ help: String, standard: String? = nil, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .text(.duration), help, standard: standard, availability: availability)) {
            $0.interpolatedText?.literal.flatMap(TimeSpan.parse)
        }
    }
}

extension Key where Value == String {
    /// One of a few words.
    public static func choice(
        _ name: String, _ choices: [String], _ help: String, standard: String? = nil,
        availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .choice(choices), help, standard: standard, availability: availability)) {
            guard case .scalar(let scalar) = $0.value else { return nil }
            return scalar.text
        }
    }
}

extension Key where Value == OrderedMap<String, Text> {
    /// Names of the user's own, each with a text.
    public static func textMap(
        _ name: String, _ help: String, names: NameRule = .anything, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .map(.text, names: names), help, availability: availability)) { node in
            var map = OrderedMap<String, Text>()
            for entry in node.entries ?? [] {
                map[entry.key] =
                    entry.value.isAbsent
                    ? Text(literal: "", location: entry.value.location) : entry.value.interpolatedText
            }
            return map
        }
    }
}

extension Key where Value == YAMLNode {
    /// A node as it stands, for what has a shape of its own.
    public static func node(
        _ name: String, _ shape: Shape, _ help: String, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, shape, help, availability: availability)) { $0 }
    }
}

extension Key where Value == Fields {
    /// A mapping with known keys of its own.
    public static func object(
        _ name: String, _ shape: ObjectShape, _ help: String, availability: KeySpec.Availability = .works
    ) -> Self {
        Key(KeySpec(name, .object(shape), help, availability: availability)) { Fields($0) }
    }
}
