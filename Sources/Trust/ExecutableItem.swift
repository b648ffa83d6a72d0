/// One thing that the manifest would have executed.
///
/// Two items are the same only byte for byte: Swift's `==` on text calls different bytes equal when they mean the
/// same characters, which a shell does not.
public struct ExecutableItem: Sendable {
    /// The node's id: `step:migrate`.
    public var node: String
    /// Where it runs, in words: `here`, `in api`, `inside postgres`.
    public var location: String
    /// What it is: `run`, `check`, `fix`, `secret command`, `native`, `template ./x.yaml`.
    public var what: String
    /// The command itself, or the template's content.
    public var text: String

    public init(node: String, location: String, what: String, text: String) {
        self.node = node
        self.location = location
        self.what = what
        self.text = text
    }

    /// The fields, each after its length, so that no two items have the same bytes.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for field in [node, location, what, text] { bytes.appendPrefixed(Array(field.utf8)) }
        return bytes
    }
}

extension ExecutableItem: Hashable {
    public static func == (left: ExecutableItem, right: ExecutableItem) -> Bool { left.bytes == right.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension [UInt8] {
    /// Appends the length in eight bytes, then the bytes.
    mutating func appendPrefixed(_ bytes: [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: UInt64(bytes.count) >> UInt64(shift)))
        }
        self += bytes
    }
}
