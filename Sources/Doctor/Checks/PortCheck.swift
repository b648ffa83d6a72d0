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
            guard let owner = node as? any PortOwner else { continue }
            let ports = owner.decidedPorts(in: run.workspace, run.values)
            if ports.isEmpty { continue }
            let isRunning = await owner.isRunning(run.planningContext(node.id))
            for (port, transport) in ports {
                results.append(await result(port, transport, of: node, isRunning: isRunning, context))
            }
        }
        return results
    }

    private static func result(
        _ port: Int, _ transport: PortTransport, of node: any WorkspaceNode, isRunning: Bool?, _ context: DoctorContext
    ) async -> CheckResult {
        let shown = transport == .tcp ? "\(port)" : "\(port)/\(transport)"
        let name = "port:\(shown)"
        let title = "\(shown) for \(node.id.name)"
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
        if context.host.network.isFree(port: port, address: "127.0.0.1", transport: transport) {
            return CheckResult(name, .ok, group, title: title, found: "free", message: "free")
        }
        let holder = await PortHolder(host: context.host).holder(of: port, transport: transport)
        let words = "taken" + (holder.map { " by \($0.words)" } ?? "")
        // Where the engine does not tell, its own proxy may well hold the port for this very service.
        let isOurs = isRunning == nil && (holder?.isEngine ?? true)
        return CheckResult(
            name, isOurs ? .warning : .error, group, title: title, found: words, message: words,
            remedy: holder.map { "stop \($0.words), or set another 'port' for \(node.id.name)" }
                ?? "find who holds it (as root: ss -l\(transport == .tcp ? "t" : "u")np 'sport = :\(port)'), or set another 'port' for \(node.id.name)"
        )
    }
}
