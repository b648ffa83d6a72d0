import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// Who has a secret: containers and processes that got it when they started, and data.
extension ServiceOperations {
    /// Those of the services that run. Asks the engine, and executes nothing.
    public func running(among names: [String]) async -> [String] {
        var found: [String] = []
        for name in names {
            guard let node = workspace.node(ServiceKind.name, name) as? any ServiceNode else { continue }
            if await node.isRunning(make(NodeID(ServiceKind.name, name), .silent)) == true { found.append(name) }
        }
        return found
    }
}

/// Passwords with which data was made. A database reads its password once, when its volume is new: another one later
/// shuts everybody out.
extension ServiceOperations {
    /// Services that use one of these secrets and have data. Where no engine answers, what was recorded counts.
    public func withData(using secrets: [String]) async -> [String] {
        let wanted = Set(secrets.map { NodeID(SecretKind.name, $0) })
        var found: [String] = []
        for service in workspace.containerServices where service.keepsData {
            guard !wanted.isDisjoint(with: workspace.secrets(behind: service.texts)) else { continue }
            if await hasData(service, make(service.id, .silent)) { found.append(service.name) }
        }
        for case let service as NativeService in workspace.nodes(of: ServiceKind.name) where service.keepsData {
            guard !wanted.isDisjoint(with: workspace.secrets(behind: service.texts)) else { continue }
            if NativeData(service, make(service.id, .silent))?.identity != nil { found.append(service.name) }
        }
        return found
    }

    private func hasData(_ service: ContainerService, _ context: NodeContext) async -> Bool {
        let isRecorded = context.journal.created(service.id.description).contains { $0.kind == .volume }
        guard isRecorded || service.adoptedVolume != nil || context.journal.fact(service.engine.fact) != nil else {
            // Nothing of this workspace ever ran in an engine; it needs not be looked for.
            return false
        }
        guard let engine = try? await context.engine(of: service).found(context) else {
            return isRecorded || service.adoptedVolume != nil
        }
        for volume in ServiceVolumes(service: service, context: context).all {
            do throws(EngineClient.Failure) {
                if try await engine.client.volume(volume.name) != nil { return true }
            } catch { return true }
        }
        return false
    }
}
