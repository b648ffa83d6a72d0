import Base
public import Execution
import HostInterfaces
import State

/// Ports that devinit chose and that another program took while the service was down.
extension ServiceOperations {
    /// The ports that containers of any project publish on an engine's machine, those of paused ones too; none where it does
    /// not answer. What other programs there hold nobody tells.
    @Sendable public func publishedPorts(on engine: EngineName) async -> Set<Int> {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        guard let client = try? await context.parts.engines[engine].found(context).client,
            let containers = try? await client.containers(projects: nil)
        else { return [] }
        return Set(containers.flatMap(\.ports).map(\.outside))
    }

    /// Chooses others for those of the services named, and returns a sentence for each: whoever refers to one gets the new
    /// number, and a container is made anew with it; its data stays. Where it can't be told who holds a port, it stays.
    public func replaceTakenPorts(of chosen: Set<NodeID>) async throws(NodeFailure) -> [String] {
        var sentences: [String] = []
        for service in workspace.nodes(of: ServiceKind.name).compactMap({ $0 as? any ServiceNode })
        where chosen.contains(service.id) {
            let context = make(service.id, .silent)
            for port in service.ports where port.isChosen(in: workspace) {
                guard let number = context.values.port(service.name, port.name),
                    let holder = await PortCheck.foreignHolder(of: number, port, service, context)
                else { continue }
                let choice = ChosenPort(
                    service: service, port: port, workspace: workspace, host: context.host,
                    isElsewhere: service.isElsewhere(context.values))
                let taken = Set(
                    workspace.nodes(of: ServiceKind.name).compactMap { $0 as? any ServiceNode }.flatMap { other in
                        other.ports.compactMap { context.values.port(other.name, $0.name) }
                    })
                var takenThere: Set<Int> = []
                if let engine = service.livesOn, service.isElsewhere(context.values) {
                    takenThere = await publishedPorts(on: engine)
                }
                guard
                    let other = try await choice.choose(
                        except: taken.union(takenThere), context.journal, writing: true)
                else { continue }
                ServicePorts.set(other, port, of: service, context.values)
                sentences.append(
                    "port \(number), chosen earlier for '\(service.name)', is taken\(holder); it has \(other) from now on"
                )
            }
        }
        return sentences
    }
}

extension RunWorkspace {
    /// Where the ports of a service that does not run are published, if on another machine: its name, and the container
    /// that holds this number there.
    public func placeElsewhere(of port: Int, for id: NodeID) async -> (host: String, holder: String?)? {
        guard let service = workspace.nodes[id] as? ContainerService,
            let host = values.text(service.engine.hostKey)
        else { return nil }
        let engine = try? await parts.engines[service.engine].found(planningContext(id))
        return (host, await PortCheck(host: self.host, engine: engine).container(holding: port))
    }
}

extension PortCheck {
    /// Who holds the port of a service that does not hold it itself, as ` by NAME`, empty where the name can't be told. nil
    /// where the port is free, is held by the service, or nobody can say.
    static func foreignHolder(
        of number: Int, _ port: ServicePort, _ service: any ServiceNode, _ context: NodeContext
    ) async -> String? {
        if let service = service as? ContainerService, service.isElsewhere(context.values) {
            return await foreignContainer(holding: number, service, context)
        }
        let address = service.hostAddress.flatMap { try? context.resolve($0).text } ?? "127.0.0.1"
        guard !context.host.network.isFree(port: number, address: address, transport: port.transport) else {
            return nil
        }
        var engine: FoundEngine?
        if let native = service as? NativeService {
            if native.running(context) != nil { return nil }
        } else if let container = service as? ContainerService {
            guard let containers = try? await context.engine(of: container).containers(context),
                let found = try? await context.engine(of: container).found(context)
            else { return nil }
            // One that is paused or starts again holds its ports too.
            let own = containers.filter { $0.service == service.name }.flatMap(\.ports)
            if own.contains(where: { $0.outside == number }) { return nil }
            engine = found
        }
        let holder = await PortCheck(host: context.host, engine: engine).holder(of: number, port.transport)
        return holder.map { " by \($0)" } ?? ""
    }

    /// The same for a port of another machine, of which only the engine can tell.
    private static func foreignContainer(
        holding number: Int, _ service: ContainerService, _ context: NodeContext
    ) async -> String? {
        guard let own = try? await context.engine(of: service).containers(context),
            let found = try? await context.engine(of: service).found(context)
        else { return nil }
        let ports = own.filter { $0.service == service.name }.flatMap(\.ports)
        if ports.contains(where: { $0.outside == number }) { return nil }
        return await PortCheck(host: context.host, engine: found).container(holding: number).map { " by \($0)" }
    }
}
