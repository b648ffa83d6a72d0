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

/// Where values of secrets are kept (manifest, `defaults.secret_store`).
public enum SecretPlace: String, Sendable {
    /// In `secrets.json`, for the user alone.
    case file
    /// In the keychain of the user's system; `secrets.json` then says only that they are there.
    case keychain
}

/// The workspace's generated and asked-for secrets: `secrets.json` in its state folder, 0600, with their values or with
/// the word that the keychain has them. Each is found where it was put, whatever the setting says now.
public struct SecretStore: Sendable {
    private let store: JSONStore
    private let host: Host
    private let place: SecretPlace
    private let keychain: Keychain
    private let fetched: FetchedSecrets

    /// `place` is where new values go. `fetched` are values that were fetched before, by another view of the same store.
    public init(
        in folder: StateFolder, host: Host, place: SecretPlace = .file, fetched: FetchedSecrets = FetchedSecrets()
    ) {
        self.host = host
        self.place = place
        self.fetched = fetched
        keychain = Keychain(in: folder, host: host)
        store = JSONStore(path: folder.path / "secrets.json", schema: "devinit.secrets/1", host: host)
    }

    /// What the user should hear about the store itself.
    public func takeNotices() -> [String] { store.takeNotices() }

    /// The names, in the order in which they came.
    public var names: [String] { store.names }

    /// Where the secret of that name is kept, for people.
    public func place(of name: String) -> String { isInKeychain(name) ? "keychain" : store.path.text }

    private func isInKeychain(_ name: String) -> Bool { store[name]?["in"]?.string == SecretPlace.keychain.rawValue }

    /// The secret that is kept under a name; nil where there is none, or where the keychain did not give it.
    public func get(_ name: String) -> StoredSecret? {
        guard let json = store[name] else { return nil }
        let kept = isInKeychain(name) ? fetched.value(of: name) : json["value"]?.string
        guard let value = kept else { return nil }
        return StoredSecret(
            value: value, kind: json["kind"]?.string ?? "", definition: json["definition"]?.string ?? "",
            at: json["at"]?.number ?? 0)
    }

    /// Why a secret that is kept can't be had; nil where it can, and where none is kept.
    public func problem(with name: String) -> SecretStoreError? {
        guard isInKeychain(name), fetched.value(of: name) == nil else { return nil }
        return fetched.problem(with: name)
            ?? SecretStoreError("the keychain was not asked for the secret '\(name)'", remedy: "run devinit up")
    }

    /// Gets what the keychain has, so that `get` can give it; asks it once for each. Returns at once where it has
    /// nothing. With `patience` a person has the time to unlock it.
    public func fetch(patience: Bool) async {
        var refusal: SecretStoreError?
        for name in names where isInKeychain(name) && fetched.value(of: name) == nil {
            // What refused one answer refuses the others, and would ask the person again.
            if let refusal {
                fetched.set(name, to: .failure(refusal))
                continue
            }
            do throws(SecretStoreError) {
                fetched.set(name, to: .success(try await keychain.read(name, patience ? .person : .little)))
            } catch {
                fetched.set(name, to: .failure(error))
                if error != keychain.gone(name) { refusal = error }
            }
        }
    }

    /// Keeps the secret; returns once it is on the disk or in the keychain.
    public func set(_ name: String, to secret: StoredSecret) async throws(SecretStoreError) {
        var secret = secret
        if secret.at == 0 { secret.at = host.clock.wallSeconds }
        let goesToKeychain = place == .keychain && !secret.value.isEmpty
        let wasInKeychain = isInKeychain(name)
        if goesToKeychain {
            try await keychain.write(name, secret.value)
            fetched.set(name, to: .success(secret.value))
        }
        let value: JSON.Member =
            goesToKeychain
            ? .init("in", .string(SecretPlace.keychain.rawValue)) : .init("value", .string(secret.value))
        try await write(
            name,
            .object([
                value, .init("kind", .string(secret.kind)), .init("definition", .string(secret.definition)),
                .init("at", .number(secret.at)),
            ]))
        if wasInKeychain, !goesToKeychain { try? await keychain.remove(name) }
    }

    /// Takes the secret out, wherever it is kept.
    public func remove(_ name: String) async throws(SecretStoreError) {
        if isInKeychain(name) { try await keychain.remove(name) }
        try await write(name, nil)
    }

    /// Puts into the keychain what the file still has of the time before it was chosen. Returns the names.
    public func moveToKeychain() async throws(SecretStoreError) -> [String] {
        guard place == .keychain else { return [] }
        var moved: [String] = []
        for name in names where !isInKeychain(name) {
            guard let secret = get(name), !secret.value.isEmpty else { continue }
            try await set(name, to: secret)
            moved.append(name)
        }
        return moved
    }

    private func write(_ name: String, _ json: JSON?) async throws(SecretStoreError) {
        do throws(SystemError) { try await store.set(name, to: json) } catch { throw SecretStoreError(error) }
    }
}
