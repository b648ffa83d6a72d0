import Base
import Execution
import HostInterfaces
import ManifestModel
import State
import YAML

/// What is looked at before anything is started: whose project it is, whether the ports are free, whether what is
/// to be adopted is there, whether the data lives on another engine.
struct StartGuards {
    let host: Host
    let engine: FoundEngine
    let containers: [ContainerState]

    func check(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        try await checkData(of: service, context)
        try await checkPorts(service, context)
    }

    /// What holds for a container beside the service too: it works on the same data.
    func checkData(of service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        try StartGuards.checkOwner(of: containers, context)
        try DataLoading.check(service.name, context)
        try NativeData.refuseContainer(service.name, context)
        try await checkEngine(service, context)
        try await checkVolume(service, context)
        try await checkSharedVolumes(of: service, context)
        try await checkForeignData(service, context)
    }

    /// Remembers which engine holds the containers and the data of these services. Another one may answer at the same
    /// address by now.
    func recordEngine(_ services: [ContainerService], _ context: NodeContext) async {
        let identity = await engine.client.identity()
        let found: JSON = ["address": .string(engine.endpoint.address), "id": .string(identity)]
        let facts = [engine.name.fact] + services.filter(\.keepsData).map(\.engineFact)
        for fact in facts where context.journal.fact(fact) != found { try? context.journal.append(.fact(fact, found)) }
    }

    /// Containers of the project's name that this workspace did not make are nobody's to replace.
    /// With `sparingGone`, as for `down`, what this instance made in a worktree that is not there any more counts as its own.
    static func checkOwner(
        of containers: [ContainerState], _ context: NodeContext, sparingGone: Bool = false
    ) throws(NodeFailure) {
        let foreign = containers.filter { isForeign($0, context) }
        let gone = sparingGone && !foreign.isEmpty ? GoneFolders(context.workspace, context.host) : nil
        for container in foreign {
            let part = ForeignProject.Part(container)
            if let gone, let owner = part.owner, gone.root(of: owner, instance: context.workspace.instance) != nil {
                continue
            }
            let project = container.labels[ContainerState.projectLabel] ?? context.workspace.project
            let isAdopted = context.workspace.adoptedProject?.name == project
            throw NodeFailure(
                .prerequisite, "the Compose project '\(project)' was made from \(part.place), not from here",
                remedy:
                    "take it over (devinit up --foreign adopt), give \(isAdopted ? "the project" : "this workspace") "
                    + "another name (devinit up --foreign rename), or remove the other with: docker compose -p "
                    + "\(project) down")
        }
    }

    /// Whether somebody else made it, and nobody took it over.
    static func isForeign(_ container: ContainerState, _ context: NodeContext) -> Bool {
        container.service != nil && !container.isOurs(in: context.workspace)
            && !ForeignProject.isAdopted(ForeignProject.Part(container), context.journal)
    }

    private func checkEngine(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        // Data that is older than the records of single services is where the workspace's engine was.
        let record = context.journal.fact(service.engineFact) ?? context.journal.fact(EngineName.standard.fact)
        guard let known = record, let address = known["address"]?.string, address != engine.endpoint.address,
            context.journal.created(service.id.description).contains(where: { $0.kind == .volume })
        else { return }
        let identity = await engine.client.identity()
        if let before = known["id"]?.string, !before.isEmpty, before == identity { return }
        throw NodeFailure(
            .failed,
            "the data of '\(service.name)' lives on the engine at \(address); the one that answers now is \(engine.endpoint.address)",
            remedy: service.engine == .standard
                ? "start that engine (DOCKER_HOST=\(address)), or give the data up there: devinit down --volumes"
                : "change 'engine' back, or give the data up there: devinit down --volumes with 'engine' as it was")
    }

    private func checkVolume(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        guard let text = service.adoptedVolume else { return }
        let name = try context.resolve(text).text
        let found: JSON?
        do throws(EngineClient.Failure) { found = try await engine.client.volume(name) } catch { return }
        if found == nil {
            throw NodeFailure(
                .failed, "there is no volume '\(name)'",
                remedy: "docker volume ls lists those that are there; drop 'volume' to get a new one")
        }
    }

    /// Two instances may name one external volume; two containers of one service that write it at once spoil it.
    private func checkSharedVolumes(of service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        guard let adopted = service.adopted else { return }
        for key in service.definition.namedVolumes {
            guard let entry = adopted.initial.sections["volumes"]?.entry(key), entry.value.isExternal,
                let users = try? await engine.client.containers(using: [adopted.volume(key).name]),
                let other = users.first(where: { $0.isRunning && adopted.isOtherInstance($0, of: service.name) })
            else { continue }
            throw NodeFailure(
                .prerequisite,
                "\(entry.keyLocation): the volume '\(key)' is external, and \(other.names.first ?? other.id) of another "
                    + "instance uses it now",
                remedy: "stop that one first (devinit down there), or name the volume by a variable, such as "
                    + "'name: \(key)-${COMPOSE_PROJECT_NAME}'")
        }
    }

    /// Data of the project's name that this workspace did not make is nobody's to take over, or to remove later.
    func checkForeignData(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        let volumes = ServiceVolumes(service: service, context: context)
        guard let foreign = (try? await volumes.foreign(engine.client))?.first else { return }
        throw NodeFailure(
            .prerequisite,
            "the volume '\(foreign.name)' was made \(foreign.owner.map { "from \($0)" } ?? "elsewhere"), not from here",
            remedy: "take it over (devinit up --foreign adopt), give this workspace another name (devinit up "
                + "--foreign rename), or remove it with: docker volume rm \(foreign.name)")
    }

    private func checkPorts(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        let own = containers.filter { $0.belongs(to: service, in: context.workspace) && $0.isRunning }.flatMap(\.ports)
            .map(\.outside)
        if let remote = engine.endpoint.remoteHost, service.hostAddress == nil, let port = service.ports.first {
            let scope = context.workspace.scope(context.values)
            if case .value(let number) = service.value(of: ["ports", port.name], in: context.values, scope: scope) {
                context.reporter.note(
                    "port \(number) is published for \(remote) alone; from here it is reached with 'host_ip: 0.0.0.0' in "
                        + "services.\(service.name), or with: ssh -L \(number):127.0.0.1:\(number) \(remote)")
            }
        }
        for problem in await PortCheck(host: host, engine: engine).problems(of: service, context, except: Set(own)) {
            throw problem
        }
    }
}

/// Ports of this machine that somebody else holds.
struct PortCheck {
    let host: Host
    let engine: FoundEngine?

    /// A failure for each taken port, naming who holds it where that can be told.
    func problems(
        of service: any ServiceNode, _ context: NodeContext, except own: Set<Int>
    ) async -> [NodeFailure] {
        var problems: [NodeFailure] = []
        let address = service.hostAddress.flatMap { try? context.resolve($0).text } ?? "127.0.0.1"
        for port in service.ports {
            let scope = context.workspace.scope(context.values)
            guard case .value(let text) = service.value(of: ["ports", port.name], in: context.values, scope: scope),
                let number = Int(text), !own.contains(number)
            else { continue }
            // Where another machine holds it, only the engine can tell.
            let isLocal = engine?.endpoint.remoteHost == nil
            if isLocal, host.network.isFree(port: number, address: address, transport: port.transport) { continue }
            if !isLocal, await container(holding: number) == nil { continue }
            let holder = await holder(of: number, port.transport)
            problems.append(
                NodeFailure(
                    .failed,
                    "port \(number), which '\(service.name)' wants, is taken" + (holder.map { " by \($0)" } ?? ""),
                    remedy: port.isChosen(in: context.workspace)
                        ? "run devinit up again, and it gets another"
                        : "stop what holds it, or give '\(service.name)' another port, such as 'port: auto'"))
        }
        return problems
    }

    func holder(of port: Int, _ transport: PortTransport) async -> String? {
        if let container = await container(holding: port) { return container }
        return await PortHolder(host: host).holder(of: port, transport: transport)?.words
    }

    /// The container that publishes it, of whatever project.
    func container(holding port: Int) async -> String? {
        if let containers = try? await engine?.client.containers(projects: nil),
            let container = containers.first(where: { $0.isRunning && $0.ports.contains { $0.outside == port } })
        {
            return "the container \(container.names.first ?? container.id)"
        }
        return nil
    }
}
