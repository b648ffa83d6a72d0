public import Execution
import Base
import Dotenv
import HostInterfaces
import State

/// Settling whose value stands, key by key.
extension EnvironmentFiles {
    /// What came of it.
    public struct Settled: Hashable, Sendable {
        public var node: NodeID
        /// For people.
        public var file: String
        public var keys: [String]
        /// Whether the file holds the outcome already; else the next `up` writes it.
        public var isWritten: Bool
        /// Keys of it about which somebody still has to decide before `up` can write the file.
        public var open: [String]
    }

    /// Keys of the file whose values are not the manifest's: those that are reported, and those that were settled.
    public static func contested(
        _ id: NodeID, in run: RunWorkspace
    ) throws(NodeFailure) -> (reported: [String], settled: [String]) {
        guard let node = run.workspace.nodes[id] as? EnvironmentFileNode else { return ([], []) }
        let result = try EnvironmentFileReading(node, run.planningContext(id)).look().result
        return (result.conflicts + result.kept, result.settled)
    }

    /// Notes for these keys of a file whose value stands. With `writing` the file is then made as `up` would make it;
    /// without, it stays as it is. The caller holds the lock and has decided the ports.
    public static func take(
        _ side: Side, _ keys: [String], of id: NodeID, writing: Bool, in run: RunWorkspace
    ) async throws(NodeFailure) -> Settled {
        let context = run.context(id)
        guard let node = run.workspace.nodes[id] as? EnvironmentFileNode else {
            throw NodeFailure(.failed, "\(id) is no env file")
        }
        try note(side, keys, node, context)
        let look = try EnvironmentFileReading(node, context).look()
        var settled = Settled(
            node: id, file: look.name, keys: keys, isWritten: false, open: look.result.conflicts)
        if !look.result.conflicts.isEmpty { return settled }
        if writing || (look.content == look.found && look.status?.mode == look.mode) {
            try await node.run(look.assessment, context)
            settled.isWritten = true
        }
        return settled
    }

    private static func note(
        _ side: Side, _ keys: [String], _ node: EnvironmentFileNode, _ context: NodeContext
    ) throws(NodeFailure) {
        let reading = try EnvironmentFileReading(node, context)
        let look = try reading.look()
        var choices = reading.choices
        for key in keys {
            switch side {
            case .manifest: choices.keys[key] = .manifest
            case .mine:
                choices.keys[key] = .mine(insteadOf: reading.written(key, look))
            }
        }
        do throws(SystemError) { try context.journal.append(.fact(node.choicesName, choices.json)) } catch {
            throw NodeFailure(.failed, "this can't be recorded: \(error)")
        }
    }
}
