import Base
public import Execution
import HostInterfaces
import ManifestModel
import YAML

/// Whether a service's container can be made at once, or only after something long.
enum StartLane: Hashable, Sendable, CaseIterable {
    /// Its image is there.
    case ready
    /// Compose builds or fetches an image first. Such starts are calls of their own, so that nobody else waits.
    case slow
}

/// The image of one service: whether it is there, and the fetch of one that is not (Compose specification,
/// "pull_policy").
struct ServiceImage {
    let service: ContainerService
    let context: NodeContext
    let pulls: ImagePulls

    /// What is to be done before its container can be made.
    private enum Way {
        case none
        case fetch(WantedImage)
        case forbidden(WantedImage, String)
        case compose
    }

    /// Begins to fetch the image where it is missing; what can't be told yet is left to the start.
    func begin(_ engine: FoundEngine) async {
        guard let node = try? rendered(), case .fetch(let image) = way(node) else { return }
        await pulls.begin(image, engine, logins)
    }

    /// Waits until the image is there.
    func ready(_ engine: FoundEngine) async throws(NodeFailure) -> StartLane {
        switch way(try rendered()) {
        case .none: return .ready
        case .compose: return .slow
        case .forbidden(let image, let reason):
            let isThere: Bool
            do throws(EngineClient.Failure) { isThere = try await engine.client.hasImage(image.name) } catch {
                return .slow
            }
            if isThere { return .ready }
            throw NodeFailure(
                .failed, "the image of '\(service.name)', \(image.name), is not on this machine, and \(reason)",
                remedy: context.settings.offline
                    ? "run 'devinit up' without --offline once, or bring it here: docker pull \(image.name)"
                    : "build or load it first, or drop 'pull_policy' so that it may be fetched")
        case .fetch(let image):
            let report = context.reporter.progress
            switch await pulls.fetch(image, engine, logins, report: report) {
            case .there: return .ready
            case .leftToCompose: return .slow
            case .cancelled: throw NodeFailure(.cancelled, "cancelled")
            case .failed(let text):
                if await engine.client.isGone() { throw engine.stopped(context) }
                throw ComposeErrors.pull(text, image: image, service: service.name, context)
            }
        }
    }

    /// The Compose service, with nothing left to look up.
    private func rendered() throws(NodeFailure) -> YAMLNode {
        if let adopted = service.adopted { return adopted.current.services[service.name] ?? service.definition }
        return try ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
            .render(service).node
    }

    private func way(_ node: YAMLNode) -> Way {
        guard node["build"] == nil else { return .compose }
        guard let name = node["image"]?.text, !name.isEmpty else { return .none }
        // Another service of the same files builds it.
        if service.adopted?.isBuilt(name) == true { return .compose }
        let image = WantedImage(name: name, platform: node["platform"]?.text)
        if context.settings.offline { return .forbidden(image, "--offline forbids to fetch it") }
        switch node["pull_policy"]?.text ?? "missing" {
        case "missing", "if_not_present": return ImageReference(name) == nil ? .none : .fetch(image)
        case "never": return .forbidden(image, "its 'pull_policy' is never")
        // Asks the registry at each start, or after some time; Compose keeps that account.
        default: return .compose
        }
    }

    private var logins: RegistryLogins {
        RegistryLogins(
            host: context.host, configuration: service.engine.search(context.host, context.settings).configuration)
    }
}

extension ContainerService {
    /// Whether its container was made from the image that it wants now, as far as that can be told without a question.
    func hasImage(of containers: [ContainerState], in workspace: Workspace) -> Bool {
        guard let container = containers.first(where: { $0.belongs(to: self, in: workspace) }) else { return false }
        guard let wanted = definition["image"]?.text, !wanted.utf8.contains(UInt8(ascii: "$")) else { return true }
        return container.image == wanted || container.image.hasPrefix("sha256:")
    }
}

extension RunWorkspace {
    /// Begins to fetch the images of the services among these nodes, before their turn comes: a service may wait for a
    /// clone that its image does not need.
    public func fetchImages(of nodes: [NodeID]) async {
        let wanted = nodes.compactMap { id -> (service: ContainerService, context: NodeContext)? in
            guard let service = workspace.nodes[id] as? ContainerService, service.common.reasonAgainst(host) == nil
            else { return nil }
            return (service, context(id))
        }
        await withTaskGroup(of: Void.self) { group in
            for (name, services) in Dictionary(grouping: wanted, by: \.service.engine) {
                let engine = parts.engines[name]
                group.addTask { await engine.fetchImages(services) }
            }
        }
    }
}
