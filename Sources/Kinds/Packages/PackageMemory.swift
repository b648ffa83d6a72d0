import Base
import HostInterfaces
import State
import Synchronization

/// Remembers that packages were found installed, as long as the manager's records are the same file.
final class PackageMemory: Sendable {
    private let known = Mutex<[String: JSON]?>(nil)

    /// Whether exactly these names were found with these records.
    func holds(_ manager: PackageManager, _ answer: JSON, _ context: NodeContext) -> Bool {
        known.withLock { known in
            if known == nil { known = load(context) }
            return known?[manager.rawValue] == answer
        }
    }

    /// Writes it down for the next run. A failure costs time only, so it is no error.
    func remember(_ manager: PackageManager, _ answer: JSON, _ context: NodeContext) {
        let all = known.withLock { known -> [String: JSON] in
            var all = known ?? load(context)
            all[manager.rawValue] = answer
            known = all
            return all
        }
        let folder = WorkspaceFolder(root: context.workspace.root)
        let json: JSON = ["schema": .string(Self.schema), "packages": .sorted(all)]
        do {
            try folder.prepare(on: context.host)
            try context.host.files.makeFolder(path(context).parent, mode: 0o700)
            try context.host.files.replace(path(context), with: json.bytes(pretty: true), mode: 0o600)
        } catch {}
    }

    private static let schema = "devinit.packages/1"

    private func load(_ context: NodeContext) -> [String: JSON] {
        guard let bytes = try? context.host.files.read(path(context), limit: 4 << 20),
            let json = try? JSON(parsing: bytes), json["schema"]?.string == Self.schema
        else { return [:] }
        let members = json["packages"]?.object ?? []
        return Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    private func path(_ context: NodeContext) -> Path {
        WorkspaceFolder(root: context.workspace.root).path / "cache" / "packages"
    }
}
