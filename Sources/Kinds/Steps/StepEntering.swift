import Base
import Execution
import HostInterfaces
import ManifestModel

extension StepNode: EnterableNode {
    /// Where its command would run, with what its command would get.
    func entering(
        _ words: [String], environment further: [String: String], isTerminal: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> ProcessRequest {
        let place = folder.place(in: context.workspace)
        guard context.host.files.isFolder(place) else {
            throw NodeFailure(
                .prerequisite, "\(context.display(place)) is not there", remedy: "devinit up \(id) makes it")
        }
        let declaration = effective(in: place, on: context.host) ?? declaration
        let environment = try StepEnvironment(
            StepLook(node: self, declaration: declaration, place: place, context: context))
        guard let inside = declaration.inside else {
            return ProcessRequest(words, environment: environment.whole.merging(further) { $1 }, folder: place)
        }
        let service = NodeID("service", try context.resolve(inside.service).text)
        guard let node = context.workspace.nodes[service] as? any EnterableNode else {
            throw NodeFailure(.prerequisite, "nothing can run inside '\(service.name)'")
        }
        return try await node.entering(
            words, environment: environment.own.merging(further) { $1 }, isTerminal: isTerminal, context.of(service))
    }
}
