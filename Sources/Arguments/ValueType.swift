public import Base

/// What a value must look like: data, so that checking, help and completions derive from it.
public enum ValueKind: Sendable {
    case text
    /// A whole number in this range.
    case integer(ClosedRange<Int>)
    /// One of these words.
    case choice([String])
    /// A path of a file or folder; never empty, which is what an unset shell variable gives.
    case path
    /// A path of a folder.
    case folder
    /// A size such as `8GiB`, read by `ByteSize`.
    case byteSize
    /// A span of time such as `1m30s`, read by `TimeSpan`.
    case duration
    /// Anything else; `expected` completes "expected …".
    case custom(expected: String, accepts: @Sendable (String) -> Bool)

    /// Whether the text is such a value.
    public func accepts(_ text: String) -> Bool {
        switch self {
        case .text: true
        case .integer(let range): Int(text).map(range.contains) ?? false
        case .choice(let words): words.contains(text)
        case .path, .folder: !text.isEmpty && !text.utf8.contains(0)
        case .byteSize: ByteSize.parse(text) != nil
        case .duration: TimeSpan.milliseconds(text) != nil
        case .custom(_, let accepts): accepts(text)
        }
    }

    /// What was expected, to follow the word "expected".
    public var expectation: String {
        switch self {
        case .text: "text"
        case .integer(let range):
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max): "a whole number"
            case (let low, .max): "a whole number, \(low) or more"
            case (.min, let high): "a whole number, \(high) or less"
            case (let low, let high): "a whole number from \(low) to \(high)"
            }
        case .choice(let words): Prose.alternatives(words)
        case .path: "a path"
        case .folder: "a folder"
        case .byteSize: "a size such as 500MB or 8GiB"
        case .duration: "a span of time such as 10s or 1m30s"
        case .custom(let expected, _): expected
        }
    }

    /// The words to choose from; empty where the value is free.
    public var choices: [String] {
        if case .choice(let words) = self { words } else { [] }
    }
}

/// How a word becomes a value of one Swift type, and back.
public struct ValueType<Value: Sendable>: Sendable {
    /// What the word must look like.
    public let kind: ValueKind
    /// The value of a word; nil where `kind` does not accept it.
    public let read: @Sendable (String) -> Value?
    /// The word of a value, for showing a default.
    public let describe: @Sendable (Value) -> String

    init(
        _ kind: ValueKind, describe: @escaping @Sendable (Value) -> String = { String(describing: $0) },
        read: @escaping @Sendable (String) -> Value?
    ) {
        self.kind = kind
        self.read = read
        self.describe = describe
    }

    /// A value with a form of its own; `expected` completes "expected …".
    public static func custom(
        expected: String, describe: @escaping @Sendable (Value) -> String = { String(describing: $0) },
        read: @escaping @Sendable (String) -> Value?
    ) -> ValueType {
        ValueType(.custom(expected: expected) { read($0) != nil }, describe: describe, read: read)
    }
}

extension ValueType<String> {
    /// Any text.
    public static var text: ValueType { ValueType(.text) { $0 } }

    /// One of these words.
    public static func choice(_ words: [String]) -> ValueType {
        ValueType(.choice(words)) { words.contains($0) ? $0 : nil }
    }
}

extension ValueType<Int> {
    /// A whole number.
    public static func integer(_ range: ClosedRange<Int> = Int.min...Int.max) -> ValueType {
        ValueType(.integer(range)) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }

    /// A number of bytes, written as a size.
    public static var byteSize: ValueType { ValueType(.byteSize, describe: ByteSize.describe) { ByteSize.parse($0) } }
}

extension ValueType<Path> {
    /// A path as it was written; relative ones are the caller's to resolve.
    public static var path: ValueType { ValueType(.path) { $0.isEmpty ? nil : Path($0) } }

    /// A path of a folder.
    public static var folder: ValueType { ValueType(.folder) { $0.isEmpty ? nil : Path($0) } }
}

extension ValueType<Duration> {
    /// A span of time.
    public static var duration: ValueType {
        ValueType(
            .duration,
            describe: { span in
                let whole = span.components
                return whole.attoseconds == 0 && whole.seconds < 60
                    ? "\(whole.seconds)s" : TimeSpan.describe(seconds: span.seconds)
            },
            read: { TimeSpan.parse($0) })
    }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the cases, by their raw values.
    public static var cases: ValueType {
        ValueType(.choice(Value.allCases.map(\.rawValue)), describe: \.rawValue) { Value(rawValue: $0) }
    }
}
