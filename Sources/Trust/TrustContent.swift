public import HostInterfaces

/// Everything that a merged manifest would have executed: what the user approves as a whole.
public struct TrustContent: Sendable {
    /// In the manifest's order.
    public let items: [ExecutableItem]

    public init(_ items: [ExecutableItem]) { self.items = items }

    /// Whether there is anything to approve.
    public var isEmpty: Bool { items.isEmpty }

    /// Names the content, 64 hexadecimal digits: the same for the same set of items in any order, and another one
    /// for any other set.
    public func fingerprint(_ digests: any Digests) -> String {
        let encoded = Set(items.map(\.bytes)).sorted { $0.lexicographicallyPrecedes($1) }
        var bytes = Array("devinit.trust/1".utf8)
        for item in encoded { bytes.appendPrefixed(item) }
        return digests.sha256(bytes)
    }
}
