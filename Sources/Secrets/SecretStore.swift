import Base
public import HostInterfaces
public import State

/// A secret as it is kept.
public struct StoredSecret: Hashable, Sendable {
    public var value: String
    /// Where it came from: `generate`, `prompt`.
    public var kind: String
    /// A hash of its definition in the manifest, so that a changed one is noticed.
    public var definition: String
    /// Seconds since 1970.
    public var at: Double

    public init(value: String, kind: String, definition: String, at: Double = 0) {
        self.value = value
        self.kind = kind
        self.definition = definition
        self.at = at
    }
}

/// The workspace's generated and asked-for secrets: `secrets.json` in its state folder, 0600.
public struct SecretStore: Sendable {
    private let store: JSONStore
    private let host: Host

    public init(in folder: StateFolder, host: Host) {
        self.host = host
        store = JSONStore(path: folder.path / "secrets.json", schema: "devinit.secrets/1", host: host)
    }

    /// What the user should hear about the store itself.
    public func takeNotices() -> [String] { store.takeNotices() }

    /// The names, in the order in which they came.
    public var names: [String] { store.names }

    /// Where the secret of that name is kept, for people.
    public func place(of name: String) -> String { store.path.text }

    /// The secret that is kept under a name; nil where there is none.
    public func get(_ name: String) -> StoredSecret? {
        guard let json = store[name], let value = json["value"]?.string else { return nil }
        return StoredSecret(
            value: value, kind: json["kind"]?.string ?? "", definition: json["definition"]?.string ?? "",
            at: json["at"]?.number ?? 0)
    }

    /// Keeps the secret; returns once it is on the disk.
    public func set(_ name: String, to secret: StoredSecret) async throws(SystemError) {
        let json: JSON = [
            "value": .string(secret.value), "kind": .string(secret.kind), "definition": .string(secret.definition),
            "at": .number(secret.at == 0 ? host.clock.wallSeconds : secret.at),
        ]
        try await store.set(name, to: json)
    }

    public func remove(_ name: String) async throws(SystemError) { try await store.set(name, to: nil) }
}
