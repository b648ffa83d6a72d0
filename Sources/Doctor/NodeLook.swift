import Execution
import Kinds

/// Looks at the nodes of a kind, all at once, and turns what they say into results.
enum NodeLook {
    static func results(
        of kind: String, _ group: CheckGroup, _ context: DoctorContext, _ chosen: Set<NodeID>?,
        pending: Set<NodeID> = []
    ) async -> [CheckResult] {
        let nodes = context.nodes(of: kind).filter { chosen?.contains($0.id) ?? true }
        guard let run = context.run else { return [] }
        return await withTaskGroup(of: (Int, CheckResult).self) { tasks in
            for (index, node) in nodes.enumerated() {
                tasks.addTask { (index, await result(of: node, group, context, run, pending)) }
            }
            var found: [(Int, CheckResult)] = []
            for await result in tasks { found.append(result) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func result(
        of node: any WorkspaceNode, _ group: CheckGroup, _ context: DoctorContext, _ run: RunWorkspace,
        _ pending: Set<NodeID>
    ) async -> CheckResult {
        let id = node.id.description
        if let reason = node.common.reasonAgainst(context.host) {
            return CheckResult(id, .skipped, group, title: node.id.name, message: reason)
        }
        let look = run.planningContext(node.id, pending: pending)
        if let node = node as? any DiagnosedNode {
            let found = await node.diagnosis(look, mayExecute: context.isTrusted)
            return CheckResult(
                id, found.status, group, title: node.id.name, found: found.found, wanted: found.wanted,
                message: found.message, remedy: found.remedy, offer: found.offer)
        }
        return result(of: node, await node.assess(look), group)
    }

    /// What `up` would do by itself is a warning, what stops it is an error.
    static func result(of node: any WorkspaceNode, _ assessment: Assessment, _ group: CheckGroup) -> CheckResult {
        let id = node.id.description
        let title = node.id.name
        switch assessment {
        case .upToDate(let reason): return CheckResult(id, .ok, group, title: title, message: reason)
        case .skipped(let reason), .unknown(let reason):
            return CheckResult(id, .skipped, group, title: title, message: reason)
        case .work(_, let reason):
            return CheckResult(
                id, .warning, group, title: title, message: reason, remedy: "devinit up \(id)",
                offer: InstallOffer(
                    node: node.id, words: "\(title): \(reason)", command: "devinit up \(id)",
                    isFromManifest: false))
        case .blocked(let failure):
            return CheckResult(
                id, .error, group, title: title, message: failure.message, remedy: failure.remedy)
        }
    }
}
