import Base
public import Execution
import HostInterfaces

/// How an engine that does not run is started on this machine.
public struct EngineStart: Hashable, Sendable {
    /// For people: "Docker", "Colima".
    public var name: String
    /// What starts it. It may need root, and then begins with `sudo`.
    public var command: [String]
    /// Which of the workspace's engines it is.
    var engine = EngineName.standard

    /// The command as it would be typed.
    public var words: String { command.joined(separator: " ") }
}

extension EngineSearch {
    /// What is here to be started; nil where nothing is, or where the person pointed elsewhere and so looks after it.
    func start() -> EngineStart? {
        // No variable has a say in what was chosen by its own name.
        if choice == "podman" { return podman }
        if isContext { return virtualMachine(choice) }
        if let address = environment["DOCKER_HOST"], !address.isEmpty, address != "unix:///var/run/docker.sock" {
            return nil
        }
        let context = environment["DOCKER_CONTEXT"] ?? currentContext ?? ""
        if let known = virtualMachine(context) { return known }
        if !context.isEmpty, context != "default" { return nil }
        return (isMac ? anyVirtualMachine : system) ?? (choice == "auto" ? podman : nil)
    }

    /// For a failure's remedy.
    func startAdvice() -> String {
        if isContext, stated == nil {
            return "make it with 'docker context create \(choice)', or change 'engine': docker context ls has those "
                + "that are there"
        }
        if let stated, stated.fault != nil {
            return "write the address of \(stated.origin) as ssh://USER@HOST or tcp://HOST:PORT, or drop it"
        }
        if let start = start() { return "start it with: \(start.words)" }
        if isContext { return "see what it says itself: docker --context \(choice) version" }
        if environment["DOCKER_HOST"]?.isEmpty == false {
            return "start the engine that DOCKER_HOST names, or unset DOCKER_HOST, then run devinit up again"
        }
        if let context = environment["DOCKER_CONTEXT"] ?? currentContext, context != "default", !context.isEmpty {
            return "start the engine of the Docker context '\(context)', or choose another: docker context use default"
        }
        return "install Docker (https://docs.docker.com/engine/install/) or Podman, then run devinit up again"
    }

    private var isMac: Bool { host.machine.operatingSystem == "macos" }

    private func has(_ program: String) -> Bool { find(program) != nil }

    /// Engines in a virtual machine, by the names of the contexts that they make.
    private func virtualMachine(_ context: String) -> EngineStart? {
        if context == "colima" || context.hasPrefix("colima-") {
            let profile = context.dropFirst("colima-".count)
            return EngineStart(
                name: "Colima", command: ["colima", "start"] + (profile.isEmpty ? [] : [String(profile)]))
        }
        switch context {
        case "orbstack": return EngineStart(name: "OrbStack", command: ["orb", "start"])
        case "rancher-desktop": return EngineStart(name: "Rancher Desktop", command: ["rdctl", "start"])
        case "desktop-linux":
            return EngineStart(
                name: "Docker Desktop",
                command: isMac ? ["open", "-a", "Docker"] : ["systemctl", "--user", "start", "docker-desktop"])
        default: return nil
        }
    }

    private var anyVirtualMachine: EngineStart? {
        let desktop = EngineStart(name: "Docker Desktop", command: ["open", "-a", "Docker"])
        if host.files.exists("/Applications/Docker.app") { return desktop }
        if has("orb") { return virtualMachine("orbstack") }
        if has("colima") { return virtualMachine("colima") }
        if has("rdctl") { return virtualMachine("rancher-desktop") }
        return has("docker") ? desktop : nil
    }

    /// Docker as a service of the system: the user's own where it is rootless.
    private var system: EngineStart? {
        guard has("dockerd") || has("docker") else { return nil }
        let unit = Path(".config/systemd/user/docker.service")
        if has("systemctl"), host.files.exists(host.machine.home.appending(unit)) {
            return EngineStart(name: "rootless Docker", command: ["systemctl", "--user", "start", "docker"])
        }
        let command =
            !has("systemctl") && has("service") ? ["service", "docker", "start"] : ["systemctl", "start", "docker"]
        return EngineStart(name: "Docker", command: (host.machine.user == 0 ? [] : ["sudo"]) + command)
    }

    private var podman: EngineStart? {
        guard has("podman") else { return nil }
        return EngineStart(
            name: "Podman",
            command: isMac ? ["podman", "machine", "start"] : ["systemctl", "--user", "start", "podman.socket"])
    }
}

extension RunWorkspace {
    /// What could be started so that the services among these nodes find their engines; empty where all answer, none of
    /// them needs one, or nothing here is known to be one.
    public func enginesToStart(for nodes: [NodeID]) async -> [EngineStart] {
        var starts: [EngineStart] = []
        for (engine, service) in engines(for: nodes) {
            if await answers(engine, service, within: 1) { continue }
            guard var start = engine.search(host, settings).start(),
                !starts.contains(where: { $0.command == start.command })
            else { continue }
            start.engine = engine
            starts.append(start)
        }
        return starts
    }

    /// Whether what was started answers at this moment.
    public func answers(_ start: EngineStart, for nodes: [NodeID]) async -> Bool {
        guard let found = engines(for: nodes).first(where: { $0.engine == start.engine }) else { return true }
        return await answers(found.engine, found.service, within: 0)
    }

    private func answers(_ engine: EngineName, _ service: NodeID, within age: Double) async -> Bool {
        (try? await parts.engines[engine].containers(planningContext(service), within: age)) != nil
    }

    /// The engines that these nodes need, each with one of them.
    func engines(for nodes: [NodeID]) -> [(engine: EngineName, service: NodeID)] {
        var engines: [(engine: EngineName, service: NodeID)] = []
        for id in nodes {
            guard let service = workspace.nodes[id] as? ContainerService,
                service.common.reasonAgainst(host) == nil, !engines.contains(where: { $0.engine == service.engine })
            else { continue }
            engines.append((service.engine, id))
        }
        return engines
    }
}
