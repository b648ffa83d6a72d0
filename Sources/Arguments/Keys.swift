/// An option with a value. The typed key is the declaration: `parsed[Self.jobs]` has the right type.
public struct Option<Value: Sendable>: Sendable {
    /// The declaration as data.
    public let spec: ArgumentSpec
    let fallback: Value
    /// Nil where a text is no such value.
    let read: @Sendable ([String]) -> Value?

    /// An option with a default. `shown` replaces the default's text in help; an empty one hides it.
    public init(
        _ name: String, short: Character? = nil, value placeholder: String, type: ValueType<Value>,
        default fallback: Value, shown: String? = nil, help: String, variable: VariableRule = .byRule,
        completion: Completion = .byKind, takesOverShort: Bool = false, hidden: Bool = false
    ) {
        let shown = shown ?? type.describe(fallback)
        spec = ArgumentSpec(
            form: .option(repeatable: false), name: name, short: short, placeholder: placeholder, kind: type.kind,
            defaultText: shown.isEmpty ? nil : shown, help: help, variable: variable, completion: completion,
            takesOverShort: takesOverShort, isHidden: hidden)
        self.fallback = fallback
        read = { $0.last.flatMap(type.read) }
    }

    /// An option that may be absent: nil then.
    public init<Wrapped: Sendable>(
        _ name: String, short: Character? = nil, value placeholder: String, type: ValueType<Wrapped>,
        help: String, variable: VariableRule = .byRule, completion: Completion = .byKind,
        takesOverShort: Bool = false, hidden: Bool = false
    ) where Value == Wrapped? {
        spec = ArgumentSpec(
            form: .option(repeatable: false), name: name, short: short, placeholder: placeholder, kind: type.kind,
            defaultText: nil, help: help, variable: variable, completion: completion,
            takesOverShort: takesOverShort, isHidden: hidden)
        fallback = nil
        read = { $0.last.flatMap(type.read) }
    }

    /// An option that may be repeated; its values in the order given, none where it is absent.
    public init<Element: Sendable>(
        _ name: String, short: Character? = nil, value placeholder: String, repeating type: ValueType<Element>,
        help: String, variable: VariableRule = .byRule, completion: Completion = .byKind,
        takesOverShort: Bool = false, hidden: Bool = false
    ) where Value == [Element] {
        spec = ArgumentSpec(
            form: .option(repeatable: true), name: name, short: short, placeholder: placeholder, kind: type.kind,
            defaultText: nil, help: help, variable: variable, completion: completion,
            takesOverShort: takesOverShort, isHidden: hidden)
        fallback = []
        read = { $0.compactMap(type.read) }
    }
}

/// An option without a value: on or off, or counted.
public struct Flag: Sendable {
    /// The declaration as data.
    public let spec: ArgumentSpec
    let fallback: Bool

    /// `invertible` adds `--no-NAME`; `counting` lets `-vv` mean two.
    public init(
        _ name: String, short: Character? = nil, invertible: Bool = false, counting: Bool = false,
        default fallback: Bool = false, help: String, variable: VariableRule = .byRule,
        takesOverShort: Bool = false, hidden: Bool = false
    ) {
        spec = ArgumentSpec(
            form: .flag(invertible: invertible, counting: counting), name: name, short: short, placeholder: "",
            kind: .text, defaultText: invertible ? (fallback ? "on" : "off") : nil, help: help, variable: variable,
            completion: .nothing, takesOverShort: takesOverShort, isHidden: hidden)
        self.fallback = fallback
    }
}

/// Bare words after the command. Where a command declares several, the first takes what it may,
/// leaving the later ones the least that they need.
public struct Positionals<Element: Sendable>: Sendable {
    /// The declaration as data.
    public let spec: ArgumentSpec
    let read: @Sendable (String) -> Element?

    /// `most` nil lets any number be given.
    public init(
        _ name: String, type: ValueType<Element>, least: Int = 0, most: Int? = nil, help: String,
        completion: Completion = .byKind
    ) {
        spec = ArgumentSpec(
            form: .positional(least: least, most: most), name: name, short: nil,
            placeholder: name.uppercased(), kind: type.kind, defaultText: nil, help: help, variable: .none,
            completion: completion, takesOverShort: false, isHidden: false)
        read = type.read
    }
}

extension Positionals<String> {
    /// Words of any text.
    public init(
        _ name: String, least: Int = 0, most: Int? = nil, help: String, completion: Completion = .byKind
    ) {
        self.init(name, type: .text, least: least, most: most, help: help, completion: completion)
    }
}
