import Base
import Dotenv
import Execution
import ManifestModel
import Secrets

/// What of an env file's values people may see: secrets of the manifest are covered, wherever they stand, and so are
/// values of keys that sound like one.
struct EnvironmentFileCover {
    static let hidden = "***"

    private let mask: SecretMask
    /// Whether a secret is known that is too short to be found inside other text.
    private let hasShort: Bool
    private let wishes: OrderedMap<String, EnvironmentFileMerge.Wish>
    /// Keys that hold or held a secret by the word of the manifest.
    private let declared: Set<String>

    init(_ reading: EnvironmentFileReading, _ record: EnvironmentFileRecord?) {
        let context = reading.context
        let scope = context.comparingScope
        let namespace = SecretKind.namespace ?? SecretKind.name
        mask = SecretMask()
        var hasShort = false
        for node in context.workspace.nodes(of: SecretKind.name) {
            guard case .secret(let value) = scope.reference(Reference(path: [namespace, node.id.name])) else {
                continue
            }
            if !value.isEmpty, !mask.add(value, name: node.id.name) { hasShort = true }
        }
        self.hasShort = hasShort
        wishes = reading.wishes
        var declared: Set<String> = []
        for (key, text) in reading.node.declaration.set {
            if case .value(_, isSecret: true) = reading.wishes[key] { declared.insert(key) }
            if text.references.contains(where: { $0.namespace == namespace }) { declared.insert(key) }
        }
        for (key, written) in record?.keys ?? [:] {
            if case .secret = written { declared.insert(key) }
        }
        for (new, old) in reading.node.declaration.renamed where declared.contains(new) { declared.insert(old) }
        self.declared = declared
    }

    func hides(_ key: String) -> Bool { declared.contains(key) || Self.soundsSecret(key) }

    /// The value as it may be shown.
    func shown(_ value: String, of key: String) -> String {
        if value.isEmpty || Placeholder.isOne(value) { return value }
        if declared.contains(key) {
            // Of the manifest's own value it is known which part is the secret.
            guard wishes[key] == .value(value, isSecret: true), !hasShort else { return Self.hidden }
            let masked = mask.mask(URLPassword.masked(value))
            return masked == value ? Self.hidden : masked
        }
        if Self.soundsSecret(key) { return Self.hidden }
        return mask.mask(URLPassword.masked(value))
    }

    /// Whether a name says that its value is for few eyes.
    static func soundsSecret(_ key: String) -> Bool {
        let words = key.lowercased().split { $0 == "_" || $0 == "-" || $0 == "." }.map(String.init)
        let telling: Set<String> = [
            "password", "passwd", "pass", "pwd", "passphrase", "secret", "secrets", "token", "credential",
            "credentials",
            "apikey", "auth", "pat", "salt", "dsn",
        ]
        if words.contains(where: telling.contains) { return true }
        return words.count > 1 && words.last == "key"
    }
}
