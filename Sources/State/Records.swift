public import Base

/// One thing worth remembering: a line of the journal.
public enum JournalRecord: Hashable, Sendable {
    /// A node's work ended well. `data` is the identity of the service data the record belongs to (`per`);
    /// `once` says that this work must never be repeated for it. `seconds` is how long it took.
    case done(node: String, fingerprint: JSON, seconds: Double, data: String? = nil, once: Bool = false)
    case failed(node: String, message: String, seconds: Double)
    /// devinit made something that `down`, `doctor` or a later run may have to take away again.
    case created(LedgerEntry)
    /// What was created is gone.
    case removed(LedgerEntry)
    /// The identity that a service's data has now.
    case data(service: String, identity: String)
    /// Anything else worth keeping under a name: a port, the engine that was chosen. `null` takes it away.
    case fact(String, JSON)
    /// What failed is all right now, without work of devinit's own that would say so.
    case recovered(node: String)
    /// Nothing is known of the node's work any more: it runs again.
    case forgotten(node: String)

    /// Whether losing the record with the power would do harm. Work that may be repeated is not worth a sync
    /// each; it becomes durable with the next record that is, or with `Journal.synchronize`.
    public var isDurable: Bool {
        switch self {
        case .done(_, _, _, let data, let once): once || data != nil && !InstanceRecords.isInstance(data)
        case .failed, .recovered: false
        case .created, .removed, .data, .fact, .forgotten: true
        }
    }
}

/// A node's work that ended well.
public struct NodeRecord: Hashable, Sendable {
    public var node: String
    /// What the work was done with; compared with what is wanted now.
    public var fingerprint: JSON
    /// How long it took.
    public var seconds: Double
    /// The identity of the service data it belongs to; nil when to none.
    public var data: String?
    public var once: Bool
    /// Seconds since 1970.
    public var at: Double

    public init(
        node: String, fingerprint: JSON, seconds: Double, data: String? = nil, once: Bool = false, at: Double = 0
    ) {
        self.node = node
        self.fingerprint = fingerprint
        self.seconds = seconds
        self.data = data
        self.once = once
        self.at = at
    }
}

/// A node's work that failed and has not ended well since.
public struct FailureRecord: Hashable, Sendable {
    public var node: String
    public var message: String
    public var seconds: Double
    /// Seconds since 1970.
    public var at: Double

    public init(node: String, message: String, seconds: Double, at: Double = 0) {
        self.node = node
        self.message = message
        self.seconds = seconds
        self.at = at
    }
}

/// Something that exists because devinit made it.
public struct LedgerEntry: Hashable, Sendable {
    /// What sort of thing; the list may grow.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let repository = Kind(rawValue: "repo")
        public static let file = Kind(rawValue: "file")
        public static let link = Kind(rawValue: "link")
        public static let folder = Kind(rawValue: "folder")
        public static let environmentFile = Kind(rawValue: "env")
        public static let volume = Kind(rawValue: "volume")
        public static let service = Kind(rawValue: "service")
    }

    public var kind: Kind
    /// The path or the name; with the kind it says which thing is meant.
    public var name: String
    /// The node that made it.
    public var node: String
    /// Seconds since 1970; 0 lets the journal put the time of writing.
    public var at: Double
    /// What its kind wants to know again.
    public var detail: JSON?

    public init(kind: Kind, name: String, node: String, at: Double = 0, detail: JSON? = nil) {
        self.kind = kind
        self.name = name
        self.node = node
        self.at = at
        self.detail = detail
    }
}

/// Which data a service has.
public struct DataRecord: Hashable, Sendable {
    public var service: String
    /// Opaque; another volume has another one.
    public var identity: String
    /// Seconds since 1970.
    public var at: Double

    public init(service: String, identity: String, at: Double = 0) {
        self.service = service
        self.identity = identity
        self.at = at
    }
}
