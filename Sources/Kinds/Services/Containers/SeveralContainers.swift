import Base
import YAML

/// A service may have several containers (Compose specification, "scale" and "deploy.replicas"). It serves when all do,
/// so the one that is furthest from it speaks for all.
extension ContainerService {
    /// Its containers, as the engine lists them.
    func own(_ containers: [ContainerState], in workspace: Workspace) -> [ContainerState] {
        containers.filter { $0.belongs(to: self, in: workspace) }
    }

    /// How many the definition asks for; nil where that is not known yet.
    var wantedContainers: Int? {
        let definition = adopted?.current.services[name] ?? definition
        guard let stated = definition["scale"] ?? definition["deploy"]?["replicas"] else { return 1 }
        return stated.text.flatMap { Int($0) }
    }

    /// The one that is furthest from serving; of several the first by name.
    func worst(of containers: [ContainerState]) -> ContainerState? {
        containers.min { (rank($0), $0.names.first ?? "") < (rank($1), $1.names.first ?? "") }
    }

    /// The one into which commands go: of those that run the first by name, whatever the engine's order.
    func entered(of containers: [ContainerState]) -> ContainerState? {
        containers.filter(\.isRunning).min { ($0.names.first ?? "") < ($1.names.first ?? "") }
    }

    private func rank(_ container: ContainerState) -> Int {
        switch container.state {
        case "exited": return isOneShot && container.exitStatus == 0 ? 9 : 0
        case "dead": return 0
        case "restarting": return 1
        case "running": break
        default: return 2
        }
        switch container.health {
        case .unhealthy: return 3
        case .starting: return 4
        case .none: return 5
        case .healthy: return 6
        }
    }

    /// What is said where their number is not the one that is asked for; nil where it is, or where the definition states
    /// none: then somebody may have made more of them by hand.
    func wrongNumber(of containers: [ContainerState]) -> String? {
        guard let wanted = wantedContainers, wanted > 1, containers.count != wanted else { return nil }
        return "\(containers.count) of \(wanted) containers are there"
    }
}
