import Base
import Execution
import HostInterfaces
import ManifestModel
import Synchronization

@testable import Kinds

/// A service whose data a test makes anew.
final class FakeService: WorkspaceNode, DataHolder, CommandHost {
    let id: NodeID
    let keepsData: Bool
    private let data: Mutex<String?>

    init(_ name: String, data: String? = "volume-1", keepsData: Bool = true) {
        id = NodeID("service", name)
        self.keepsData = keepsData
        self.data = Mutex(data)
    }

    func setData(_ identity: String?) { data.withLock { $0 = identity } }

    var common: CommonKeys { CommonKeys() }
    var location: SourceLocation { SourceLocation(file: "init.yaml", line: 1, column: 1) }
    var texts: [Text] { [] }
    var defaultSeconds: Double { 1 }
    func edges(in workspace: Workspace) -> [Edge] { [] }
    func assess(_ context: NodeContext) async -> Assessment { .upToDate("running") }
    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {}
    func dataIdentity(_ context: NodeContext) async throws(NodeFailure) -> String? { data.withLock { $0 } }

    func wrapped(
        _ arguments: [String], environment: [String: String], start: Bool, hasInput: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> (arguments: [String], environment: [String: String]) {
        (
            ["env", "-i", "INSIDE=\(id.name)", "PATH=/usr/bin:/bin"] + environment.map { "\($0.key)=\($0.value)" }
                + arguments, [:]
        )
    }
}

/// A secret whose value a test changes.
final class FakeSecret: WorkspaceNode {
    let id: NodeID
    private let text: Mutex<String>

    init(_ name: String, _ value: String) {
        id = NodeID("secret", name)
        text = Mutex(value)
    }

    func set(_ value: String) { text.withLock { $0 = value } }

    var common: CommonKeys { CommonKeys() }
    var location: SourceLocation { SourceLocation(file: "init.yaml", line: 1, column: 1) }
    var texts: [Text] { [] }
    var defaultSeconds: Double { 1 }
    func edges(in workspace: Workspace) -> [Edge] { [] }
    func value(of path: [String], in values: Values) -> Lookup {
        switch values.secret(id.name) {
        case .some(.some(let value)): .secret(value)
        default: .later
        }
    }
    func assess(_ context: NodeContext) async -> Assessment {
        if !context.isPlanning { context.values.setSecret(id.name, to: text.withLock { $0 }) }
        return .upToDate("stored")
    }
    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {}
}
