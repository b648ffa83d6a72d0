import Base
public import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

/// Passwords of data that another working tree of the same repository saved: a database keeps the one it was made with.
extension ServiceData {
    /// Takes them over from that tree's records on this machine, and returns their names. What a service with other data
    /// uses too stays as it is, and so does what devinit does not keep.
    public func takePasswords(of load: Load, _ care: SecretCare) async throws(NodeFailure) -> [String] {
        var taken: [String] = []
        let loaded = Set(load.services.map(\.name))
        for (snapshot, service) in zip(load.snapshots, load.services) {
            let host = context(service).host
            let root = Path(snapshot.root)
            guard root != workspace.root, isSameRepository(root, host) else { continue }
            let store = SecretStore(
                in: StateFolder(host: host, workspaceRoot: root), host: host, place: .file, fetched: FetchedSecrets())
            await store.fetch(patience: true)
            for name in workspace.secrets(behind: service.texts).map(\.name) where !taken.contains(name) {
                guard let node = workspace.node(SecretKind.name, name) as? SecretNode,
                    node.declaration.storedKind != nil, let stored = store.get(name),
                    stored.kind != SecretDeclaration.notGiven,
                    await operations.withData(using: [name]).allSatisfy(loaded.contains)
                else { continue }
                if case .asBefore = try await care.keep(stored.value, as: name) { continue }
                taken.append(name)
            }
        }
        return taken
    }

    /// The label of a volume may say anything; whose secrets are handed on, the folders themselves have to show.
    private func isSameRepository(_ root: Path, _ host: Host) -> Bool {
        guard let ours = GoneFolders.repository(of: workspace.root, host) else { return false }
        return GoneFolders.repository(of: root, host) == ours
    }
}
