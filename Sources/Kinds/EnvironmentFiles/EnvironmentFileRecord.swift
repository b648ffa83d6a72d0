import Base
import Dotenv
import Secrets
import State

/// What devinit wrote last, key by key: the third side of the merge. Texts that hold no secret are kept as they are, of
/// the others a keyed hash of the value.
struct EnvironmentFileRecord: Hashable, Sendable {
    enum Written: Hashable, Sendable {
        case text(String)
        case secret(hash: String)

        init?(_ json: JSON) {
            if let text = json.string {
                self = .text(text)
            } else if let hash = json["secret"]?.string {
                self = .secret(hash: hash)
            } else {
                return nil
            }
        }

        /// What is kept of a text that was written; nil where it holds a secret that can't be hashed.
        init?(_ wanted: EnvironmentFileMerge.Wanted, at key: String, _ hash: (String, String) -> String?) {
            guard wanted.isSecret, let value = wanted.value else {
                self = .text(wanted.text)
                return
            }
            guard let hash = hash(key, value) else { return nil }
            self = .secret(hash: hash)
        }

        var json: JSON {
            switch self {
            case .text(let text): .string(text)
            case .secret(let hash): ["secret": .string(hash)]
            }
        }
    }

    var keys: [String: Written] = [:]
    /// For whom values were quoted.
    var dialects: Set<Dialect> = []

    init() {}

    /// Reads the journal's fact; nil where none was kept, so that the file is none of devinit's yet.
    init?(_ journal: Journal, _ name: String) {
        guard let fact = journal.fact(name), let members = fact["keys"]?.object else { return nil }
        keys.reserveCapacity(members.count)
        for member in members { keys[member.key] = Written(member.value) }
        dialects = Set(fact["dialects"]?.array?.compactMap { $0.string.flatMap(Dialect.init(rawValue:)) } ?? [])
    }

    var json: JSON {
        [
            "dialects": .array(dialects.map(\.rawValue).sorted().map { .string($0) }),
            "keys": .object(keys.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.json) }),
        ]
    }

    /// Whether a value in a file is what was written last.
    func holds(_ key: String, in document: DotenvDocument, _ hash: (String, String) -> String?) -> Bool {
        switch keys[key] {
        case .text(let text): document.has(key, text: text)
        case .secret(let known): document.value(of: key).flatMap { hash(key, $0) } == known
        case nil: false
        }
    }
}

extension DotenvDocument {
    /// Whether a key stands there with this text, or with another one that means the same.
    func has(_ key: String, text: String) -> Bool {
        if isRaw(text, at: key) { return true }
        guard contains(key) else { return false }
        return DotenvDocument(parsing: Array("K=\(text)\n".utf8)).value(of: "K").map { has(key, value: $0) } ?? false
    }

    /// Whether a key stands there with this value.
    func has(_ key: String, value: String) -> Bool {
        self.value(of: key).map { $0.utf8.elementsEqual(value.utf8) } ?? false
    }
}
