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

    /// All services in the order of the manifest. One question to the engine; no program is started, save the checks of
    /// local processes, where the manifest's commands are approved.
    public func status(isTrusted: @autoclosure () -> Bool) async -> [Status] {
        var result: [Status] = []
        var containers: Result<[ContainerState], NodeFailure>?
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
            } else {
                if containers == nil { containers = await look(context) }
                switch containers {
                case .success(let found):
                    if let service = service as? ContainerService {
                        fill(&status, service, service.own(found, in: workspace))
                    }
                case .failure(let failure):
                    status.state = "unknown"
                    status.note = failure.message
                case nil: break
                }
            }
            result.append(status)
        }
        return result
    }

    /// What `down` with `volumes` would lose: the volumes that devinit made and that are there.
    public func lostVolumes() async throws(NodeFailure) -> [String] {
        var names: [String] = []
        guard let first = containerServices.first, try await known(make(first.id, .silent)) != nil else { return [] }
        for service in containerServices {
            let context = make(service.id, .silent)
            let engine = try await context.parts.services.found(context)
            let volumes = ServiceVolumes(service: service, context: context)
            for volume in volumes.all
            where volume.isOwn && !names.contains(volume.name) {
                if let found = try? await engine.client.volume(volume.name), found["Name"] != nil,
                    volumes.isOurs(volume, found) || volumes.isOfGoneFolder(found)
                {
                    names.append(volume.name)
                }
            }
        }
        return names
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
            let record = NativeRecord(context.journal.fact(NativeRecord.fact(name)))
            if let record, record.isRunning(on: context.host) {
                await context.host.processes.end(record.process, grace: settings.grace)
                stopped.append(name)
            }
            try? context.journal.append(.fact(NativeRecord.fact(name), .null))
        }
        return stopped
    }

    /// Stops and removes every container of the project; with `volumes` also the data that devinit made. Volumes that
    /// were there before stay. Returns the services that had a container; nil where no engine answers and none was ever
    /// used for this workspace.
    @discardableResult
    public func removeContainers(
        volumes: Bool, reporter: NodeReporter = .silent
    ) async throws(NodeFailure) -> [String]? {
        guard let first = containerServices.first else { return [] }
        let context = make(first.id, reporter)
        guard let containers = try await known(context) else { return nil }
        try StartGuards.checkOwner(of: containers, context, sparingGone: true)
        let stopped = containers.compactMap(\.service)
        let lost = volumes ? try await lostVolumes() : []
        guard !containers.isEmpty || !lost.isEmpty else {
            if volumes { try forget([], context) }
            return stopped
        }
        let engine = try await context.parts.services.found(context)
        if let adopted = workspace.adoptedProject {
            let theirs = containers.filter { $0.labels[ContainerState.projectLabel] == adopted.name }
            try await remove(theirs, of: adopted, engine)
        }
        if !workspace.containerServices.isEmpty {
            // Not Compose's --volumes: it would take along what has the project's name and was made elsewhere.
            try await ComposeCall.run(["down", "--remove-orphans"], engine, context)
        }
        for name in lost {
            do throws(EngineClient.Failure) { try await engine.client.removeVolume(name) } catch {
                throw NodeFailure(.failed, "the volume '\(name)' can't be removed: \(error)")
            }
        }
        try forget(lost, context)
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
        let engine = try await context.parts.services.found(context)
        let container = service as? ContainerService
        var arguments = try engine.composeArguments(findingContainersOf: container, context) + ["logs"]
        if follow { arguments.append("--follow") }
        if !prefixed { arguments.append("--no-log-prefix") }
        if let lines { arguments.append("--tail=\(lines)") }
        return ProcessRequest(
            arguments + [name], environment: engine.environment(context.host),
            folder: container?.adopted?.request.folder ?? workspace.root)
    }

    /// Ports that somebody else holds, for `doctor`: the service and what is wrong.
    public func portProblems() async -> [(service: String, problem: NodeFailure)] {
        var problems: [(String, NodeFailure)] = []
        var containers: [ContainerState] = []
        var engine: FoundEngine?
        if let first = containerServices.first {
            let context = make(first.id, .silent)
            containers = (try? await context.parts.services.containers(context)) ?? []
            engine = try? await context.parts.services.found(context)
        }
        for service in services {
            let context = make(service.id, .silent)
            if let native = service as? NativeService, native.running(context) != nil { continue }
            let own = containers.filter { $0.belongs(to: service, in: workspace) && $0.isRunning }.flatMap(\.ports).map(
                \.outside)
            let check = PortCheck(host: context.host, engine: engine)
            for problem in await check.problems(of: service, context, except: Set(own)) {
                problems.append((service.name, problem))
            }
        }
        return problems
    }

    /// Which engine answers and how Compose is called, for `doctor`; fails with the way out when none does. Nil when
    /// no service needs one.
    public func engine() async throws(NodeFailure) -> (address: String, origin: String, compose: [String]?)? {
        guard let first = containerServices.first else { return nil }
        let context = make(first.id, .silent)
        let found = try await context.parts.services.found(context)
        return (found.endpoint.address, found.endpoint.origin, found.compose)
    }

    // MARK: Parts

    private var services: [any ServiceNode] { workspace.nodes(of: "service").compactMap { $0 as? any ServiceNode } }
    /// Those of existing Compose files too.
    private var containerServices: [ContainerService] { services.compactMap { $0 as? ContainerService } }

    /// The containers as they are now; nil where no engine answers and none was ever used for this workspace: then
    /// there are none.
    private func known(_ context: NodeContext) async throws(NodeFailure) -> [ContainerState]? {
        do throws(NodeFailure) {
            return try await context.parts.services.containers(context, within: 0)
        } catch {
            if context.journal.fact(FoundEngine.fact) == nil { return nil }
            throw error
        }
    }

    private func look(_ context: NodeContext) async -> Result<[ContainerState], NodeFailure> {
        do throws(NodeFailure) {
            return .success(try await context.parts.services.containers(context))
        } catch { return .failure(error) }
    }

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

    private func forget(_ volumes: [String], _ context: NodeContext) throws(NodeFailure) {
        do throws(SystemError) {
            for entry in context.journal.ledger where entry.kind == .volume && volumes.contains(entry.name) {
                try context.journal.append(.removed(entry))
            }
            // Data that was not whole is gone with the rest.
            for service in containerServices where context.journal.fact(DataLoading.fact(service.name)) != nil {
                try context.journal.append(.fact(DataLoading.fact(service.name), .null))
            }
        } catch { throw NodeFailure(.failed, "the record can't be written: \(error)") }
    }
}
