import Base
public import Execution
public import HostInterfaces
import ManifestModel
import Secrets
public import State

/// What commands beside `up` do with services: look, stop, start again, read logs.
///
/// Made from the parts of an opened workspace; `Values` must hold the decided ports (`ServicePorts.decide`), and the
/// journal must be writable for `down`.
public struct ServiceOperations: Sendable {
    let workspace: Workspace
    let settings: RunSettings
    let make: @Sendable (NodeID, NodeReporter) -> NodeContext

    public init(
        workspace: Workspace, host: Host, values: Values, journal: Journal, settings: RunSettings, parts: RunParts
    ) {
        self.workspace = workspace
        self.settings = settings
        let surroundings = RunSurroundings(
            host: host, workspace: workspace, values: values, journal: journal, settings: settings, parts: parts)
        make = { id, reporter in
            NodeContext(id: id, in: surroundings, reporter: reporter, isPlanning: false, pending: [])
        }
    }

    /// One line of `status`.
    public struct Status: Hashable, Sendable {
        public var name: String
        /// `running`, `stopped`, `absent`, or what else the engine says; `unknown` when no engine answers.
        public var state: String
        /// `healthy`, `starting`, `unhealthy`; empty where there is no check or it does not run.
        public var health: String
        /// Ports of this machine by name.
        public var ports: [(name: String, number: Int)] { named.map { ($0.name, $0.number) } }
        /// What to add for people: an exit status, why it is not known.
        public var note: String
        /// The engine that it names itself; nil where it lives on the standard one, or is a local process.
        public var engine: String?
        /// Where its ports are reached from this machine; nil where that is not known yet.
        public var host: String?
        /// Its address with all that belongs to it, secrets covered; nil where it has none, or none that is known.
        public var url: String?
        /// How many containers it has; of several the one that is furthest from serving gives state and health.
        public var containers = 0
        var named: [NamedPort]

        struct NamedPort: Hashable, Sendable {
            var name: String
            var number: Int
        }
    }

    /// All services in the order of the manifest. One question to each engine; no program is started, save the checks of
    /// local processes, where the manifest's commands are approved.
    public func status(isTrusted: @autoclosure () -> Bool) async -> [Status] {
        var result: [Status] = []
        for service in services {
            let context = make(service.id, .silent)
            var status = Status(
                name: service.name, state: "absent", health: "", note: "", named: ports(of: service, context))
            status.host = value(["host"], of: service, context)
            status.url = value(["url"], of: service, context)
            if let native = service as? NativeService {
                status.state = native.running(context) == nil ? "stopped" : "running"
                if status.state == "running", case .command = native.health?.check, !isTrusted() {
                    status.note = "not checked: the command is not approved"
                } else if status.state == "running", native.health?.check != nil {
                    status.health = await native.assess(context).isWork ? "unhealthy" : "healthy"
                }
            } else if let service = service as? ContainerService {
                status.engine = service.engine.stated
                do throws(NodeFailure) {
                    let found = try await context.engine(of: service).containers(context)
                    let own = service.own(found, in: workspace)
                    if let foreign = own.first(where: { StartGuards.isForeign($0, context) }) {
                        status.note = "a container of this name was made from \(ForeignProject.Part(foreign).place)"
                    } else {
                        fill(&status, service, own)
                    }
                } catch {
                    status.state = "unknown"
                    status.note = error.message
                }
            }
            result.append(status)
        }
        return result
    }

    /// Containers that were seen to run for services that the manifest no longer has. Asks nothing.
    public func leftRunning() async -> [(service: String, container: String)] {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        var left: [(service: String, container: String)] = []
        for engine in workspace.engines {
            for container in await context.parts.engines[engine].lastSeen() ?? []
            where container.isRunning && container.labels[ContainerState.projectLabel] == workspace.project
                && container.isOurs(in: workspace)
            {
                guard let name = container.service, workspace.node(ServiceKind.name, name) == nil else { continue }
                left.append((name, container.names.first ?? container.id))
            }
        }
        return left
    }

    /// Ends the native services, which need no engine. Returns those that ran.
    public func stopNative(reporter: NodeReporter = .silent) async -> [String] {
        var stopped: [String] = []
        for case let service as NativeService in services {
            if await service.stop(make(service.id, reporter)) { stopped.append(service.name) }
        }
        return stopped + (await stopForgotten())
    }

    /// Ends native services that the manifest no longer has: nobody else would. Returns those that ran.
    public func stopForgotten() async -> [String] {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        var stopped: [String] = []
        for name in NativeRecord.services(context.journal) where !(workspace.node("service", name) is NativeService) {
            // One that has become a container is refused while there is data, and goes on until it is not.
            if let service = workspace.node("service", name) as? ContainerService {
                do throws(NodeFailure) { try NativeData.refuseContainer(service.name, context) } catch { continue }
            }
            let record = NativeRecord(context.journal.fact(NativeRecord.fact(name)))
            if let record, record.isRunning(on: context.host) {
                await context.host.processes.end(record.process, grace: settings.grace)
                stopped.append(name)
            }
            try? context.journal.append(.fact(NativeRecord.fact(name), .null))
        }
        return stopped
    }

    /// The words, environment and folder of a program that shows logs until it is ended or, without `follow`, at
    /// once. To be run with the terminal, or captured. With `prefixed` false Compose does not name the container.
    public func logs(
        _ name: String, follow: Bool, lines: Int? = nil, prefixed: Bool = true
    ) async throws(NodeFailure) -> ProcessRequest {
        guard let service = services.first(where: { $0.name == name }) else {
            throw NodeFailure(.failed, "there is no service '\(name)'")
        }
        let context = make(service.id, .silent)
        if let native = service as? NativeService {
            let count = lines.map { ["-n", String($0)] } ?? ["-n", "+1"]
            return ProcessRequest(
                ["tail"] + count + (follow ? ["-f"] : []) + [native.log(in: workspace).text],
                environment: context.host.environment, folder: workspace.root)
        }
        guard let container = service as? ContainerService else {
            throw NodeFailure(.failed, "'\(name)' has no log yet", remedy: "start it with: devinit up \(name)")
        }
        let engine = try await context.engine(of: container).found(context)
        let programs = ContainerPrograms(service: container, engine: engine, context: context)
        return programs.request(try await programs.logs(follow: follow, lines: lines, prefixed: prefixed))
    }

    // MARK: Parts

    var services: [any ServiceNode] { workspace.nodes(of: "service").compactMap { $0 as? any ServiceNode } }
    /// Those of existing Compose files too.
    var containerServices: [ContainerService] { services.compactMap { $0 as? ContainerService } }

    private func fill(_ status: inout Status, _ service: ContainerService, _ containers: [ContainerState]) {
        guard let container = service.worst(of: containers) else { return }
        status.containers = containers.count
        status.state = container.state == "exited" ? "stopped" : container.state
        status.health = container.isRunning && container.health != .none ? container.health.rawValue : ""
        if let code = container.exitStatus, container.state == "exited" { status.note = "exit status \(code)" }
        if let words = service.wrongNumber(of: containers) {
            status.note = words
            status.health = ""
        } else if containers.count > 1 {
            let running = containers.count(where: \.isRunning)
            status.note = running == containers.count ? "" : "\(running) of \(containers.count) containers run"
            if !status.note.isEmpty { status.health = "" }
        }
    }

    private func value(_ path: [String], of service: any ServiceNode, _ context: NodeContext) -> String? {
        switch service.value(of: path, in: context.values, scope: workspace.scope(context.values)) {
        case .value(let text), .secret(let text): context.values.mask.mask(text)
        default: nil
        }
    }

    private func ports(of service: any ServiceNode, _ context: NodeContext) -> [Status.NamedPort] {
        let scope = workspace.scope(context.values)
        return service.ports.compactMap { port in
            guard case .value(let text) = service.value(of: ["ports", port.name], in: context.values, scope: scope)
            else {
                return nil
            }
            return Int(text).map { Status.NamedPort(name: port.name, number: $0) }
        }
    }
}

extension RunWorkspace {
    /// What commands beside `up` do with services.
    public var services: ServiceOperations {
        ServiceOperations(
            workspace: workspace, host: host, values: values, journal: journal, settings: settings, parts: parts)
    }
}
