public import YAML

/// An item of a Compose service's `ports`, in its short or its long form (Compose specification, "ports").
public struct ComposePort: Hashable, Sendable {
    /// The address of this machine; nil for all of them.
    public var address: String?
    /// The port of this machine, or a range of them; nil where the engine chooses one.
    public var published: String?
    /// The port of the container, or a range of them.
    public var target: String
    /// `tcp` or `udp`.
    public var transport: String
    /// What its long form calls it.
    public var name: String?

    /// Nil for what is no port.
    public init?(_ node: YAMLNode) {
        guard node.entries != nil else {
            guard let text = node.text, !text.isEmpty else { return nil }
            self.init(short: text)
            return
        }
        guard let target = node["target"]?.text else { return nil }
        self.init(
            address: node["host_ip"]?.text,
            published: node["published"]?.text.flatMap { $0.isEmpty || $0 == "0" ? nil : $0 }, target: target,
            transport: node["protocol"]?.text ?? "tcp", name: node["name"]?.text)
    }

    private init(address: String?, published: String?, target: String, transport: String, name: String?) {
        self.address = address
        self.published = published
        self.target = target
        self.transport = transport
        self.name = name
    }

    /// `[ADDRESS:][PUBLISHED:]TARGET[/PROTOCOL]`; an IPv6 address may stand in brackets.
    init?(short text: String) {
        let halves = text.split(separator: "/", maxSplits: 1)
        guard let first = halves.first else { return nil }
        transport = halves.count > 1 ? halves[1].lowercased() : "tcp"
        var rest = String(first)
        /// What stands behind the last colon; nil where there is none.
        func takeLast() -> String? {
            guard let colon = rest.lastIndex(of: ":") else { return nil }
            let part = String(rest[rest.index(after: colon)...])
            rest = String(rest[..<colon])
            return part
        }
        guard let last = takeLast() else {
            target = rest
            return
        }
        target = last
        let isThree = rest.contains(":")
        let outside = isThree ? takeLast() ?? "" : rest
        published = outside.isEmpty || outside == "0" ? nil : outside
        if isThree {
            address = rest.hasPrefix("[") && rest.hasSuffix("]") ? String(rest.dropFirst().dropLast()) : rest
        }
    }

    /// Each port alone, where it is a range.
    public var each: [ComposePort] {
        let targets = Self.numbers(target)
        let outside = published.map(Self.numbers) ?? []
        guard targets.count > 1 else {
            // A range of this machine for one port of the container: the engine takes a free one of it.
            guard outside.count > 1 else { return [self] }
            var port = self
            port.published = nil
            return [port]
        }
        return targets.enumerated().map { index, number in
            var port = self
            port.target = String(number)
            port.published = index < outside.count ? String(outside[index]) : nil
            return port
        }
    }

    /// The same for the same port, however it is written.
    var identity: String { "\(address ?? ""):\(published ?? ""):\(target)/\(transport)" }

    private static func numbers(_ text: String) -> [Int] {
        let ends = text.split(separator: "-").map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 10_000 else {
            return Int(text).map { [$0] } ?? []
        }
        return Array(first...last)
    }
}
