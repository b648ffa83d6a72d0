public import Execution
public import HostInterfaces

/// A node that runs on its own once it was started, and that others may end and start again: a service.
public protocol LivingNode {
    /// Ends it and keeps its data. False where it did not run.
    func halt(_ context: NodeContext) async throws(NodeFailure) -> Bool
    /// Starts it again and waits until it serves. It must have been started before.
    func startAgain(_ context: NodeContext) async throws(NodeFailure)
}

/// A node in whose place a person's own command can run: in a service's container, or in a folder with its variables.
public protocol EnterableNode {
    /// What to start so that the words run there, with these variables too and the terminal handed through where there
    /// is one. Values reach the command by the environment, never by an argument.
    func entering(
        _ words: [String], environment: [String: String], isTerminal: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> ProcessRequest
}
