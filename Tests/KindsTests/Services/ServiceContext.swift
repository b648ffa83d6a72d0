import Base
import Execution
import Git
import HostInterfaces
import POSIXHost
import Secrets
import State

@testable import Kinds

/// A context for looking at services without a run.
enum ServiceContext {
    static func make(
        _ fixture: WorkspaceFixture, _ workspace: Workspace, _ values: Values, service: String = "x",
        writing: Bool = true
    ) async throws -> NodeContext {
        let host = fixture.host
        let folder = StateFolder(host: host, workspaceRoot: workspace.root)
        let journal = writing ? try Journal.open(in: folder, host: host).journal : .readOnly(in: folder, host: host)
        try await ServicePorts.decide(workspace, values, host: host, journal: journal, writing: writing)
        let surroundings = RunSurroundings(
            host: host, workspace: workspace, values: values, journal: journal, settings: RunSettings(jobs: 2),
            parts: RunParts(
                git: GitWork(host: host, worker: nil, backend: .auto, protocolChoice: nil),
                engines: ServiceEngines(host: host), hashes: FileHashes(root: workspace.root, host: host),
                keyedHash: try KeyedHash.open(in: folder, host: host),
                receipts: OnceReceipts(in: folder, host: host)))
        return NodeContext(
            id: NodeID("service", service), in: surroundings, reporter: .silent, isPlanning: false, pending: [])
    }
}
