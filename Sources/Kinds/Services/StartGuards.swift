import Base
import Execution
import HostInterfaces
import ManifestModel
import State

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
        try await checkEngine(service, context)
        try await checkVolume(service, context)
        try await checkForeignData(service, context)
    }

    /// Remembers which engine holds the workspace's containers. Another one may answer at the same address by now.
    func recordEngine(_ context: NodeContext) async {
        let identity = (try? await engine.client.get("/info"))?["ID"]?.string ?? ""
        let found: JSON = ["address": .string(engine.endpoint.address), "id": .string(identity)]
        guard context.journal.fact(FoundEngine.fact) != found else { return }
        try? context.journal.append(.fact(FoundEngine.fact, found))
    }

    /// Containers of the project's name that this workspace did not make are nobody's to replace.
    static func checkOwner(of containers: [ContainerState], _ context: NodeContext) throws(NodeFailure) {
        for container in containers where container.service != nil && !container.isOurs(in: context.workspace) {
            let owner = container.labels[ComposeRendering.workspaceLabel]
            let folder = owner ?? container.labels[ContainerState.folderLabel] ?? "another place"
            let name = container.labels[ContainerState.projectLabel] ?? context.workspace.name
            if let adopted = context.workspace.adoptedProject, adopted.name == name {
                throw NodeFailure(
                    .failed,
                    "the Compose project '\(name)' was made from \(folder), not from \(adopted.request.folder)",
                    remedy: "give this one another name ('project: \(name)-2' in 'compose'), or remove the other with: "
                        + "docker compose -p \(name) down; to go on with it, work in \(folder)")
            }
            throw NodeFailure(
                .failed, "the Compose project '\(name)' was made from \(folder), not from here",
                remedy: "give this workspace another name ('workspace: \(name)-2'), or remove the other with: "
                    + "docker compose -p \(name) down")
        }
    }

    private func checkEngine(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        guard let known = context.journal.fact(FoundEngine.fact), let address = known["address"]?.string,
            address != engine.endpoint.address,
            context.journal.created(service.id.description).contains(where: { $0.kind == .volume })
        else { return }
        let identity = (try? await engine.client.get("/info"))?["ID"]?.string ?? ""
        if let before = known["id"]?.string, !before.isEmpty, before == identity { return }
        throw NodeFailure(
            .failed,
            "the data of '\(service.name)' lives on the engine at \(address); the one that answers now is \(engine.endpoint.address)",
            remedy: "start that engine (DOCKER_HOST=\(address)), or give the data up there: devinit down --volumes")
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

    /// Data of the project's name that this workspace did not make is nobody's to take over, or to remove later.
    func checkForeignData(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        let volumes = ServiceVolumes(service: service, context: context)
        guard let foreign = (try? await volumes.foreign(engine.client)) ?? nil else { return }
        let name = context.workspace.name
        throw NodeFailure(
            .failed,
            "the volume '\(foreign.name)' was made \(foreign.owner.map { "from \($0)" } ?? "elsewhere"), not from here",
            remedy: "adopt it ('volume: \(foreign.name)' in services.\(service.name)), give this workspace another "
                + "name ('workspace: \(name)-2'), or remove it with: docker volume rm \(foreign.name)")
    }

    private func checkPorts(_ service: ContainerService, _ context: NodeContext) async throws(NodeFailure) {
        let own = containers.filter { $0.belongs(to: service, in: context.workspace) && $0.isRunning }.flatMap(\.ports)
            .map(\.outside)
        guard engine.endpoint.remoteHost == nil else { return }
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
                let number = Int(text), !own.contains(number), !host.network.isFree(port: number, address: address)
            else { continue }
            let holder = await holder(of: number)
            problems.append(
                NodeFailure(
                    .failed,
                    "port \(number), which '\(service.name)' wants, is taken" + (holder.map { " by \($0)" } ?? ""),
                    remedy: port.host == .automatic
                        ? "stop what holds it, or state a free one for '\(service.name)': 'port: NUMBER'"
                        : "stop what holds it, or give '\(service.name)' another port, such as 'port: auto'"))
        }
        return problems
    }

    private func holder(of port: Int) async -> String? {
        if let containers = try? await engine?.client.containers(projects: nil),
            let container = containers.first(where: { $0.isRunning && $0.ports.contains { $0.outside == port } })
        {
            return "the container \(container.names.first ?? container.id)"
        }
        return await PortHolder(host: host).holder(of: port)?.words
    }
}
