import Execution
import Kinds

/// What is settled before anything is looked at.
enum Preparation {
    /// Decides the host ports of all services, so that every reference to one has a value.
    static func decidePorts(_ opened: OpenedWorkspace, writing: Bool) async throws(CommandFailure) {
        do throws(NodeFailure) {
            try await ServicePorts.decide(
                opened.workspace, opened.values, host: opened.session.host, journal: opened.journal, writing: writing)
        } catch {
            throw CommandFailure(.of([error]), code: "ports", error.message, suggestion: error.remedy)
        }
    }
}
