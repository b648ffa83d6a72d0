/// Names a node of the graph: `repo:api`, `step:web-deps`.
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `tool`, `package`, `repo`, `secret`, `env`, `file`, `service`, `step`.
    public let kind: String
    public let name: String

    public init(_ kind: String, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// Reads `kind:name`; nil when there is no colon.
    public init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        self.init(String(text[..<colon]), String(text[text.utf8.index(after: colon)...]))
    }

    public var description: String { "\(kind):\(name)" }

    public static func == (left: NodeID, right: NodeID) -> Bool { left.name == right.name && left.kind == right.kind }

    /// By the name alone: nodes of several kinds seldom share one, and ids are looked up all the time.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    public static func < (left: NodeID, right: NodeID) -> Bool {
        (left.kind, left.name) < (right.kind, right.name)
    }
}
