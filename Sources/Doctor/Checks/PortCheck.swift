import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel
import YAML

/// Whether the ports of services that don't run yet are free, and who holds those that aren't.
enum PortCheck: DoctorCheck {
    static let id = "ports"
    static let group = CheckGroup.ports

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run else { return [] }
        var results: [CheckResult] = []
        for node in context.nodes(of: "service") where node.common.reasonAgainst(context.host) == nil {
            let ports = ports(of: node, run)
            if ports.isEmpty { continue }
            let isRunning = await (node as? any PortOwner)?.isRunning(run.planningContext(node.id))
            for port in ports {
                results.append(await result(port, of: node, isRunning: isRunning, context))
            }
        }
        return results
    }

    private static func result(
        _ port: Int, of node: any WorkspaceNode, isRunning: Bool?, _ context: DoctorContext
    ) async -> CheckResult {
        let name = "port:\(port)"
        let title = "\(port) for \(node.id.name)"
        if isRunning == true {
            return CheckResult(
                name, .ok, group, title: title, found: "in use by the service itself", message: "running")
        }
        if let place = await context.run?.placeElsewhere(of: port, for: node.id) {
            guard let holder = place.holder else {
                let words = "no container has it on \(place.host)"
                return CheckResult(name, .ok, group, title: title, found: words, message: words)
            }
            let words = "taken on \(place.host) by \(holder)"
            return CheckResult(
                name, .error, group, title: title, found: words, message: words,
                remedy: "stop \(holder) there, or set another 'port' for \(node.id.name)")
        }
        if context.host.network.isFree(port: port, address: "127.0.0.1") {
            return CheckResult(name, .ok, group, title: title, found: "free", message: "free")
        }
        let holder = await PortHolder(host: context.host).holder(of: port)
        let words = "taken" + (holder.map { " by \($0.words)" } ?? "")
        // Where the engine does not tell, its own proxy may well hold the port for this very service.
        let isOurs = isRunning == nil && (holder?.isEngine ?? true)
        return CheckResult(
            name, isOurs ? .warning : .error, group, title: title, found: words, message: words,
            remedy: holder.map { "stop \($0.words), or set another 'port' for \(node.id.name)" }
                ?? "find who holds it (as root: ss -ltnp 'sport = :\(port)'), or set another 'port' for \(node.id.name)"
        )
    }

    /// The ports as they were decided; those that are still open are chosen free by `up`.
    private static func ports(of node: any WorkspaceNode, _ run: RunWorkspace) -> [Int] {
        let declared = run.workspace.manifest.section("services")?[node.id.name]
        let names = (declared?["ports"]?.entries ?? []).map { ["ports", $0.key] }
        var ports: [Int] = []
        for path in [["port"]] + names {
            let reference = Reference(path: ["services", node.id.name] + path)
            guard case .value(let text) = run.workspace.lookup(reference, in: run.values), let port = Int(text),
                !ports.contains(port)
            else { continue }
            ports.append(port)
        }
        return ports
    }
}
