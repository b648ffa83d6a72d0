import Base
import HostInterfaces
import Reporting
import Execution
import Kinds
import State
import Synchronization
final class NodeLog: Sendable { func append(_ b: [UInt8]) {}; var writtenPath: Path? { nil } }
final class RunRecorder: EventSink {
    init(host: Host, runs: Path, identifier: String) throws(SystemError) {};
    func handle(_ event: RunEvent, at seconds: Double) {}; func log(of: NodeID) -> NodeLog { NodeLog() }
}
final class LiveView: RunView {
    init(host: Host, style: Style, isVerbose: Bool) {}; func handle(_ event: RunEvent, at seconds: Double) {}
}
enum ServicePorts {
    static func decide(_ w: Workspace, _ v: Values, host: Host, journal: Journal, writing: Bool)
        async throws(NodeFailure)
    {}
}
struct SecretQuestion: Sendable {
    var name: String; var prompt: String; var hint: String?; var isOptional: Bool;
    func problem(with: String) -> String? { nil }
}
enum SecretQuestions {
    static func open(in: Workspace, nodes: Set<NodeID>, host: Host, folder: StateFolder) async -> [SecretQuestion] {
        []
    }
    static func keep(_ a: String, for: SecretQuestion, host: Host, folder: StateFolder) async throws(SystemError) {}
}
