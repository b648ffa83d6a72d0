import Base
import Execution
import HostInterfaces
import Kinds
import State

enum ServicePorts {
    static func decide(_ workspace: Workspace, _ values: Values, host: Host, journal: Journal, writing: Bool)
        async throws(NodeFailure)
    {}
}
struct SecretQuestion: Sendable {
    var name: String
    var prompt: String
    var hint: String?
    var isOptional: Bool
    func problem(with: String) -> String? { nil }
}
enum SecretQuestions {
    static func open(in: Workspace, nodes: Set<NodeID>, host: Host, folder: StateFolder) async -> [SecretQuestion] {
        []
    }
    static func keep(_ answer: String, for question: SecretQuestion, host: Host, folder: StateFolder)
        async throws(SystemError)
    {}
}
