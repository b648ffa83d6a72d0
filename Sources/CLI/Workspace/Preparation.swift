import Execution
import Kinds

/// What is settled before anything is looked at.
enum Preparation {
    /// Ports and secrets: what every look compares with.
    static func settle(_ opened: OpenedWorkspace, writing: Bool) async throws(CommandFailure) {
        try await decidePorts(opened, writing: writing)
        await fetchSecrets(opened, writing: writing)
    }

    /// Gets the secrets that the keychain has, and masks all that is at hand. A command that only looks waits for
    /// nobody: what it can't have is then not compared.
    static func fetchSecrets(_ opened: OpenedWorkspace, writing: Bool) async {
        if opened.workspace.nodes(of: "secret").isEmpty { return }
        defer {
            opened.parts.secrets.mask(opened.workspace, opened.session.host, in: opened.values.mask)
        }
        let notices = await opened.parts.secrets.fetch(opened.workspace, opened.session.host, patience: writing)
        for notice in notices { opened.session.say("note: \(notice)") }
    }

    /// Ports that another program took while their service was down are chosen anew, and that is said.
    static func replaceTakenPorts(_ opened: OpenedWorkspace, _ graph: ExecutionGraph) async throws(CommandFailure) {
        do throws(NodeFailure) {
            for sentence in try await opened.services.replaceTakenPorts(of: Set(graph.nodes.keys)) {
                opened.session.say("note: \(sentence)")
            }
        } catch {
            throw CommandFailure(.of([error]), code: "ports", error.message, suggestion: error.remedy)
        }
    }

    /// Decides the host ports of all services, so that every reference to one has a value.
    static func decidePorts(_ opened: OpenedWorkspace, writing: Bool) async throws(CommandFailure) {
        EngineHost.decide(
            opened.workspace, opened.values, host: opened.session.host, settings: opened.settings)
        do throws(NodeFailure) {
            try await ServicePorts.decide(
                opened.workspace, opened.values, host: opened.session.host, journal: opened.journal, writing: writing,
                portsThere: opened.services.publishedPorts)
        } catch {
            throw CommandFailure(.of([error]), code: "ports", error.message, suggestion: error.remedy)
        }
    }
}
