/// No text exists that all the dialects read as the value. Never holds the value: it may be a secret.
public struct DotenvInexpressible: Error, Hashable, Sendable, CustomStringConvertible {
    /// A dialect that stands in the way, and why, in words that follow its reader's name.
    public struct Obstacle: Hashable, Sendable {
        public var dialect: Dialect
        public var reason: String
    }

    /// At least one, in the order of `Dialect.allCases`.
    public var obstacles: [Obstacle]
    public var dialects: [Dialect] { obstacles.map(\.dialect) }

    public var description: String {
        "the value cannot be written so that it reads the same: "
            + obstacles.map { "\($0.dialect.rawValue) (\($0.dialect.reader)) \($0.reason)" }.joined(separator: "; ")
    }
}
