import Synchronization

/// What the keychain answered in this run; kept in memory alone.
public final class FetchedSecrets: Sendable {
    private let answers = Mutex<[String: Result<String, SecretStoreError>]>([:])

    public init() {}

    func value(of name: String) -> String? { answers.withLock { try? $0[name]?.get() } }

    func problem(with name: String) -> SecretStoreError? {
        answers.withLock { if case .failure(let error) = $0[name] { error } else { nil } }
    }

    func set(_ name: String, to answer: Result<String, SecretStoreError>) {
        answers.withLock { $0[name] = answer }
    }
}
