import Base
import HostInterfaces
import State

/// One of the engines on which a workspace's services live: most live on that of `defaults.engine`, a service may name
/// another one with its own `engine`.
public enum EngineName: Hashable, Sendable {
    /// That of `defaults.engine`.
    case standard
    /// One that services name themselves, in the words of `defaults.engine`.
    case own(String)

    /// The words by which it is looked for: `auto`, `docker`, `podman`, the name of a Docker context.
    func choice(_ settings: RunSettings) -> String {
        switch self {
        case .standard: settings.engine
        case .own(let name): name
        }
    }

    /// The journal's name for where it was when it was last used.
    var fact: String {
        switch self {
        case .standard: Self.facts
        case .own(let name): "\(Self.facts)/\(name)"
        }
    }

    private static let facts = "services/engine"

    /// Those that were used, whether or not the manifest still names them; without those of `others`.
    static func used(_ journal: Journal, besides others: [EngineName] = []) -> [EngineName] {
        journal.factNames(beginning: facts).filter { journal.fact($0)?["address"] != nil }.map { name in
            name == facts ? .standard : .own(String(name.dropFirst(facts.count + 1)))
        }.filter { !others.contains($0) }
    }

    /// How it is looked for.
    func search(_ host: Host, _ settings: RunSettings) -> EngineSearch {
        EngineSearch(host: host, choice: choice(settings))
    }

    /// As a service names it in the manifest; nil for the one of `defaults.engine`.
    var stated: String? {
        guard case .own(let name) = self else { return nil }
        return name
    }

    /// The name of the value that says on which machine its ports are reached, where that is not this one.
    var hostKey: String {
        switch self {
        case .standard: "engine.host"
        case .own(let name): "engine.host/\(name)"
        }
    }

    /// Whether it may be on another machine, as far as the manifest tells: a context may lead there.
    var isPerhapsElsewhere: Bool {
        stated.map(EngineSearch.isContext) ?? false
    }

    /// The base name of its generated Compose file.
    var fileName: String {
        switch self {
        case .standard: "compose.yaml"
        case .own(let name): "compose.\(name).yaml"
        }
    }

    /// For a sentence: "the engine of 'defaults.engine'", "the engine 'heavy'".
    var words: String {
        switch self {
        case .standard: "the engine of 'defaults.engine'"
        case .own(let name): "the engine '\(name)'"
        }
    }
}

extension Workspace {
    /// The engines that services of this workspace live on, the standard one first; the others as they come.
    public var engines: [EngineName] {
        let named = nodes(of: ServiceKind.name).compactMap { ($0 as? ContainerService)?.engine }
        return named.reduce(into: named.contains(.standard) ? [.standard] : []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    /// The services of that engine whose containers devinit's own file describes, in the order of the manifest.
    func containerServices(on engine: EngineName) -> [ContainerService] {
        containerServices.filter { $0.engine == engine }
    }

    /// The Compose projects that may have containers there: existing files are for the standard engine.
    func projectNames(on engine: EngineName) -> [String] { engine == .standard ? projectNames : [project] }

    /// The generated Compose file of an engine.
    func composeFile(_ engine: EngineName) -> Path { serviceFolder / engine.fileName }
}

extension ContainerService {
    /// The journal's name for which engine holds its data.
    var engineFact: String { "\(id)/engine" }
}
