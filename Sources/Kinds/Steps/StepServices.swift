import Base
import Execution
import HostInterfaces
import ManifestModel

/// `stops` and `restarts`: services that a step ends before it works, and starts again when it is done.
extension StepNode {
    func stopServices(_ declaration: StepDeclaration, _ context: NodeContext) async throws(NodeFailure) {
        for (id, service) in living(declaration.stops, context) {
            context.reporter.progress(NodeProgress("stopping \(id)"))
            if try await service.halt(context.of(id)) { context.reporter.note("stopped \(id)") }
        }
    }

    /// Those that run, and those that were stopped for it. One that was never started has nothing to forget: it starts
    /// with what is there by then.
    func restartServices(_ declaration: StepDeclaration, _ context: NodeContext) async throws(NodeFailure) {
        let stopped = Set(declaration.stops.compactMap(\.literal))
        for (id, service) in living(declaration.restarts, context) {
            let isRunning = await (service as? any PortOwner)?.isRunning(context.of(id)) ?? true
            guard isRunning || stopped.contains(id.name) else {
                context.reporter.note("\(id) does not run, so it is not restarted")
                continue
            }
            context.reporter.progress(NodeProgress("restarting \(id)"))
            try await service.startAgain(context.of(id))
            context.reporter.note("restarted \(id)")
        }
    }

    private func living(_ names: [Text], _ context: NodeContext) -> [(NodeID, any LivingNode)] {
        names.compactMap { text in
            let id = NodeID("service", text.source)
            return (context.workspace.nodes[id] as? any LivingNode).map { (id, $0) }
        }
    }
}
