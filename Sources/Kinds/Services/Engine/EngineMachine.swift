import Base
import HostInterfaces

/// The machine that an engine runs on, as the engine tells it (Docker Engine API, "Get system information").
struct EngineMachine: Hashable, Sendable {
    /// For a sentence: "the engine's machine (10.0.0.9)".
    var words: String
    /// Bytes in all.
    var memory: Int
    var cores: Int
    /// How it gets more of either.
    var advice: String

    /// Nil where the engine does not tell.
    init?(_ information: JSON, of endpoint: EngineEndpoint) {
        guard let memory = information["MemTotal"]?.integer, memory > 0,
            let cores = information["NCPU"]?.integer, cores > 0
        else { return nil }
        self.memory = memory
        self.cores = cores
        if let remote = endpoint.remoteHost {
            words = "the engine's machine (\(remote))"
            advice = "use an engine on a larger machine"
        } else {
            words = "the engine's virtual machine"
            advice =
                "give the engine's virtual machine more (Docker Desktop: Settings, Resources; Colima: colima stop, then "
                + "colima start --memory GIB --cpu N)"
        }
    }
}

/// Where containers run, seen from this machine.
enum ContainerPlace: Hashable, Sendable {
    /// On this machine; also where there are none.
    case here
    case elsewhere(EngineMachine)
    /// On another machine, of which nobody tells.
    case unknown
}

extension NodeContext {
    /// Where containers of the standard engine run. Asks it only where that may be another machine, a virtual one among them.
    func placeOfContainers() async -> ContainerPlace {
        guard workspace.engines.contains(.standard) else { return .here }
        let system = host.machine.operatingSystem
        let search = EngineName.standard.search(host, settings)
        guard search.endpoints().contains(where: { $0.isElsewhere(from: system) }) else { return .here }
        guard let found = try? await parts.engines[.standard].found(self) else { return .unknown }
        guard found.endpoint.isElsewhere(from: system) else { return .here }
        guard let information = try? await found.client.get("/info"),
            let machine = EngineMachine(information, of: found.endpoint)
        else { return .unknown }
        return .elsewhere(machine)
    }
}

extension EngineEndpoint {
    /// Whether its containers run on another machine than a program of this system: a remote one, or a virtual one, which every
    /// engine of a Mac has and Linux has where these programs brought it.
    func isElsewhere(from system: String) -> Bool {
        if remoteHost != nil { return true }
        guard case .socket(let path) = transport else { return false }
        return system == "macos"
            || ["/.docker/desktop/", "/.colima/", "/.lima/", "/.rd/", "/.orbstack/"].contains {
                path.text.range(ofFirst: $0) != nil
            }
    }
}
