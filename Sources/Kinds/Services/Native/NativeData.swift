public import Base
public import Execution
import HostInterfaces
import ManifestModel
import State

extension LedgerEntry.Kind {
    /// The data of a service that is a process of this machine; its name is the folder.
    static let dataFolder = LedgerEntry.Kind(rawValue: "data")
}

/// The folder in which a native service of a template keeps its data. It stands outside the workspace, as a volume
/// does, so that `git clean -fdx` can't lose it.
struct NativeData {
    /// `$XDG_DATA_HOME/devinit/WORKSPACE/SERVICE`.
    let folder: Path
    private let service: String
    private let context: NodeContext

    /// Nil for a service that keeps none.
    init?(_ service: NativeService, _ context: NodeContext) {
        guard service.keepsData else { return nil }
        let host = context.host
        let workspace = StateFolder(host: host, workspaceRoot: context.workspace.root).path.name
        folder = Self.home(of: host) / workspace / service.name
        self.service = service.name
        self.context = context
    }

    /// `$XDG_DATA_HOME/devinit`, else `~/.local/share/devinit`. A relative path is ignored (XDG Base Directory
    /// Specification).
    static func home(of host: Host) -> Path {
        if let stated = host.environment["XDG_DATA_HOME"], Path(stated).isAbsolute { return Path(stated) / "devinit" }
        return host.machine.home / ".local/share/devinit"
    }

    private static let markName = "devinit-data"
    private var mark: Path { folder / Self.markName }

    /// Whether devinit made the folder for data: nothing else is ever removed.
    static func isData(_ folder: Path, _ host: Host) -> Bool { host.files.isFile(folder / markName) }

    /// An opaque name of the data, made with the folder and lost with it; nil while there is none.
    var identity: String? { context.host.files.text(of: mark) }

    /// Data that is not whole is not started with.
    func check() throws(NodeFailure) {
        try DataLoading.check(service, context)
        try checkVolumes()
    }

    /// Data that was made in a container's volume is not left behind in silence.
    func checkVolumes() throws(NodeFailure) {
        let volumes = context.journal.created("\(ServiceKind.name):\(service)").filter { $0.kind == .volume }
        guard let volume = volumes.first else { return }
        throw NodeFailure(
            .failed, "the data of '\(service)' is in a container's volume ('\(volume.name)'), not on this machine",
            remedy: "drop 'native: true' to go on with it, or give it up: drop 'native: true', run "
                + "devinit down --volumes, and write it again")
    }

    /// The other way round.
    static func refuseContainer(_ service: String, _ context: NodeContext) throws(NodeFailure) {
        let folders = context.journal.created("\(ServiceKind.name):\(service)").filter { $0.kind == .dataFolder }
        guard let folder = folders.first(where: { isData(Path($0.name), context.host) }) else { return }
        throw NodeFailure(
            .failed, "the data of '\(service)' is in \(folder.name), where it ran without a container",
            remedy: "write 'native: true' again to go on with it, or give it up: devinit down --volumes")
    }

    /// Makes the folder, on record before it is there. Those above it can be passed through and not listed: a database
    /// that refuses to run as root runs as a user of its own.
    func prepare() throws(SystemError) {
        guard identity == nil else { return }
        let host = context.host
        try context.journal.append(
            .created(LedgerEntry(kind: .dataFolder, name: folder.text, node: "\(ServiceKind.name):\(service)")))
        try host.files.makeFolder(folder.parent, mode: 0o711)
        try host.files.makeFolder(folder, mode: 0o700)
        try renew(in: folder)
    }

    /// Gives data a name that no other has.
    @discardableResult
    private func renew(in folder: Path) throws(SystemError) -> String {
        let identity = context.host.randomness.bytes(16).hexadecimal
        try context.host.files.replace(folder / Self.markName, with: Array(identity.utf8), mode: 0o600)
        return identity
    }

    /// Where other data is made ready to take the place of this.
    var coming: Path { Self.coming(beside: folder) }

    static func coming(beside folder: Path) -> Path { folder.parent / ".\(folder.name).coming" }

    /// Puts what came in the place of what was there; its identity.
    func replaceByComing() throws(SystemError) -> String {
        let identity = try renew(in: coming)
        try context.host.files.removeTree(folder)
        try context.host.files.rename(coming, to: folder)
        return identity
    }

    /// Notes which data it has, for what is done once for it.
    func record() throws(SystemError) {
        guard let identity, context.journal.data(of: service)?.identity != identity else { return }
        try context.journal.append(.data(service: service, identity: identity))
    }
}

extension NativeService: DataHolder {
    var keepsData: Bool { template?.keepsData ?? false }

    func dataIdentity(_ context: NodeContext) async throws(NodeFailure) -> String? {
        guard let data = NativeData(self, context) else {
            throw NodeFailure(.failed, "'\(name)' keeps no data that devinit knows of", remedy: "drop 'per'")
        }
        return data.identity
    }
}

extension ServiceOperations {
    /// What `down` with `volumes` would lose beside volumes: folders that devinit made for native services and that
    /// are there, whether or not the manifest still has the service.
    public func lostFolders() -> [Path] {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        return context.journal.ledger.filter { $0.kind == .dataFolder }.map { Path($0.name) }
            .filter { NativeData.isData($0, context.host) || isLoading($0, context) }
    }

    /// Whether its data is being replaced, or was when devinit was killed.
    private func isLoading(_ folder: Path, _ context: NodeContext) -> Bool {
        context.journal.fact(DataLoading.fact(folder.name)) != nil
    }

    /// Removes them. The processes must have ended.
    public func removeFolders() throws(NodeFailure) {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        do throws(SystemError) {
            for entry in context.journal.ledger where entry.kind == .dataFolder {
                let folder = Path(entry.name)
                if NativeData.isData(folder, context.host) || isLoading(folder, context) {
                    try context.host.files.removeTree(folder)
                    try context.host.files.removeTree(NativeData.coming(beside: folder))
                }
                try context.journal.append(.removed(entry))
                // Data that was not whole is gone with the rest.
                if isLoading(folder, context) {
                    try context.journal.append(.fact(DataLoading.fact(folder.name), .null))
                }
            }
        } catch {
            throw NodeFailure(.failed, "the data can't be removed: \(error)", remedy: "remove the folder by hand")
        }
    }
}
