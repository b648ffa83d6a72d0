/// Which of a folder's records belong to one instance alone. The journal is the folder's: clones and files are the same
/// whichever instance is up, and so are their records. What is recorded of services is each instance's own.
///
/// Own records stand in the journal under names of their own; whoever reads and writes them never sees those.
public struct InstanceRecords: Sendable {
    /// nil: the instance without a name, whose records have their names alone.
    let instance: String?

    private static let mark = "instance:"
    /// How names of what belongs to services begin: nodes, and facts about one or about all of them.
    private static let owned = ["service:", "services/"]

    private var prefix: String { instance.map { "\(Self.mark)\($0)/" } ?? "" }

    /// Stands for an instance where a record says which data it belongs to, for work that belongs to none: done for one
    /// instance, it is not done for another.
    public static func data(of instance: String?) -> String? { instance.map { mark + $0 } }

    /// Whether that is no data but an instance.
    public static func isInstance(_ data: String?) -> Bool { data?.hasPrefix(mark) == true }

    /// The name under which something is recorded.
    func stored(_ name: String) -> String {
        instance != nil && Self.owned.contains(where: name.hasPrefix) ? prefix + name : name
    }

    /// The same for the data of a service, by the service's name.
    func stored(service: String) -> String { prefix + service }

    /// The name of what is recorded under that name; nil where it belongs to another instance.
    func name(stored: String) -> String? {
        guard stored.hasPrefix(Self.mark) else {
            return instance != nil && Self.owned.contains(where: stored.hasPrefix) ? nil : stored
        }
        guard instance != nil, stored.hasPrefix(prefix) else { return nil }
        return String(stored.dropFirst(prefix.count))
    }

    /// The record as it is written.
    func stored(_ record: JournalRecord) -> JournalRecord {
        if instance == nil { return record }
        func entry(_ entry: LedgerEntry) -> LedgerEntry {
            var entry = entry
            entry.node = stored(entry.node)
            return entry
        }
        return switch record {
        case .done(let node, let fingerprint, let seconds, let data, let once):
            .done(node: stored(node), fingerprint: fingerprint, seconds: seconds, data: data, once: once)
        case .failed(let node, let message, let seconds):
            .failed(node: stored(node), message: message, seconds: seconds)
        case .created(let made): .created(entry(made))
        case .removed(let made): .removed(entry(made))
        case .data(let service, let identity): .data(service: stored(service: service), identity: identity)
        case .fact(let name, let value): .fact(stored(name), value)
        case .recovered(let node): .recovered(node: stored(node))
        case .forgotten(let node): .forgotten(node: stored(node))
        }
    }
}
