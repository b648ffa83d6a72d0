import Base
public import Kinds

/// What one check found about one thing.
public struct CheckResult: Hashable, Sendable {
    /// How the check came out.
    public typealias Status = Diagnosis.Status

    /// A stable name: the node's id (`tool:node`), or the check's own (`engine`, `port:5432`).
    public var id: String
    public var status: Status
    /// What was looked at, in a word or two.
    public var title: String
    public var found: String?
    public var wanted: String?
    public var message: String
    /// What to do next; nil where nothing is wrong.
    public var remedy: String?
    public var group: CheckGroup
    /// What `doctor --fix` could do, after asking.
    public var offer: InstallOffer?

    public init(
        _ id: String, _ status: Status, _ group: CheckGroup, title: String, found: String? = nil,
        wanted: String? = nil, message: String, remedy: String? = nil, offer: InstallOffer? = nil
    ) {
        self.id = id
        self.status = status
        self.group = group
        self.title = title
        self.found = found
        self.wanted = wanted
        self.message = message
        self.remedy = remedy
        self.offer = offer
    }

    /// An entry of `checks` in the document `devinit.doctor/1`.
    var json: JSON {
        [
            "id": .string(id), "status": .string(status.rawValue), "title": .string(title),
            "found": found.map { .string($0) } ?? .null, "wanted": wanted.map { .string($0) } ?? .null,
            "message": .string(message), "remedy": remedy.map { .string($0) } ?? .null,
            "group": .string(group.rawValue),
        ]
    }
}

/// The parts of the report, in its order. The raw value is a word that `devinit doctor` takes.
public enum CheckGroup: String, Hashable, Sendable, CaseIterable {
    case manifest, tools, packages, git, containers, ports, repos, secrets, env, files, state

    /// The heading for people.
    public var title: String {
        switch self {
        case .manifest: "Manifest"
        case .tools: "Tools"
        case .packages: "Packages"
        case .git: "Git"
        case .containers: "Containers"
        case .ports: "Ports"
        case .repos: "Repositories"
        case .secrets: "Secrets"
        case .env: "Env files"
        case .files: "Files"
        case .state: "State"
        }
    }
}
