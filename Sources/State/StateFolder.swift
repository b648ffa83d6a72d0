public import Base
public import HostInterfaces

/// Where what can't be made again is kept for one workspace on one machine: the journal, secrets, answers, the lock.
///
/// It stands outside the workspace, so that `git clean -fdx` can't lose a password while its volume lives.
public struct StateFolder: Sendable {
    /// `$XDG_STATE_HOME/devinit/workspaces/NAME-HASH`, the hash made from the root without links.
    public let path: Path
    /// The workspace's root without links; as given when it can't be resolved.
    public let workspaceRoot: Path
    /// The manifest that was worked on last, absolute; nil where it is not known.
    private let manifest: Path?
    /// Of what repository the workspace is a linked worktree: the main working tree, without links.
    private let repository: Path?
    /// The set-up of the workspace whose services are meant; nil for the one without a name. All have one folder.
    public let instance: String?
    private let host: Host

    /// Names the folder; touches nothing on disk. Without a manifest nothing is known but the root, and what was written
    /// before about the rest stays.
    public init(
        host: Host, workspaceRoot: Path, manifest: Path? = nil, instance: String? = nil, repository: Path? = nil
    ) {
        self.host = host
        self.instance = instance
        self.manifest = manifest
        self.repository = repository
        let root = (try? host.files.resolve(workspaceRoot)) ?? host.currentFolder.appending(workspaceRoot).normalized
        self.workspaceRoot = root
        let hash = host.digests.sha256(Array(root.text.utf8)).prefix(12)
        path = StateFolder.home(of: host) / "workspaces" / "\(StateFolder.fitting(root.name))-\(hash)"
    }

    /// devinit's own part of the state folder: `$XDG_STATE_HOME/devinit`, else `~/.local/state/devinit`.
    /// A relative `XDG_STATE_HOME` is ignored (XDG Base Directory Specification).
    public static func home(of host: Host) -> Path {
        if let stated = host.environment["XDG_STATE_HOME"], Path(stated).isAbsolute { return Path(stated) / "devinit" }
        return host.machine.home / ".local/state/devinit"
    }

    /// Whether work was recorded here, but on other machines only: a home folder that was copied or restored.
    ///
    /// Each machine has a journal of its own name, so the other one's records are never believed, and are found
    /// again when the folder goes back or is shared. Secrets and answers are the user's and stay.
    public var isForeign: Bool {
        guard let names = try? host.files.entries(of: path).map(\.name), !names.contains(journalName) else {
            return false
        }
        return names.contains { $0.hasPrefix("journal-") && $0.hasSuffix(".ndjson") }
    }

    /// The name of this machine's journal.
    var journalName: String { "journal-\(machineMark).ndjson" }

    /// Stands in the names of what is believed on this machine only.
    var machineMark: Substring { host.digests.sha256(Array(host.machine.identity.utf8)).prefix(8) }

    /// Creates the folder, for the user alone (0700), and writes whose it is.
    public func prepare() throws(SystemError) {
        // It was written once the folders were safe, so it tells that they are.
        let isKnown = host.files.exists(description)
        if !isKnown { try DurableFolder.make(path, on: host) }
        if let status = try host.files.status(of: path, followingLinks: true), status.mode & 0o077 != 0 {
            try host.files.setMode(of: path, to: 0o700)
        }
        let known = host.files.text(of: description)
        if isKnown, manifest == nil, let known, let json = try? JSON(parsing: known),
            KnownWorkspace(json, on: host)?.root == workspaceRoot
        {
            return
        }
        let wanted = description(after: known.flatMap { try? JSON(parsing: $0) })
        if known.map({ Array($0.utf8) }) != wanted {
            try host.files.replace(description, with: wanted, mode: 0o600)
        }
    }

    /// What is written of the workspace. The instances that were worked on before stay among them, as long as it is a
    /// working tree of the same repository.
    private func description(after known: JSON?) -> [UInt8] {
        var instances: Set<String> = manifest == nil ? [] : [instance ?? ""]
        if let before = known.flatMap({ KnownWorkspace($0, on: host) }), before.repository == repository {
            instances.formUnion(before.instances)
        }
        return JSON.members([
            "schema": "devinit.workspace/1", "root": .string(workspaceRoot.text),
            "machine": .string(host.machine.identity), "manifest": manifest.map { .string($0.text) },
            "repository": repository.map { .string($0.text) },
            "instances": instances.isEmpty ? nil : .array(instances.sorted().map { .string($0) }),
        ]).bytes(pretty: true)
    }

    private static let descriptionName = "workspace.json"

    private var description: Path { path / Self.descriptionName }

    /// The manifest of the workspace that holds a folder, as far as devinit worked there before: with `root: ..` it
    /// stands beside the repositories, where walking up from one of them does not lead. The innermost one; nil when
    /// there is none, or its manifest is gone.
    public static func manifest(ofWorkspaceHolding folder: Path, host: Host) -> Path? {
        guard let folder = try? host.files.resolve(folder) else { return nil }
        let known = descriptions(host: host).compactMap { json -> (root: Path, file: Path)? in
            guard let root = json["root"]?.string, let file = json["manifest"]?.string,
                folder.isInside(Path(root)), host.files.isFile(Path(file))
            else { return nil }
            return (Path(root), Path(file))
        }
        return known.max { $0.root.text.utf8.count < $1.root.text.utf8.count }?.file
    }

    /// All workspaces in which devinit has worked on this machine, those that are gone among them.
    public static func knownWorkspaces(host: Host) -> [KnownWorkspace] {
        descriptions(host: host).compactMap { KnownWorkspace($0, on: host) }
    }

    /// What is recorded of every workspace, as far as it can be read.
    private static func descriptions(host: Host) -> [JSON] {
        let workspaces = home(of: host) / "workspaces"
        return ((try? host.files.entries(of: workspaces)) ?? []).compactMap { entry in
            host.files.text(of: workspaces / entry.name / descriptionName).flatMap { try? JSON(parsing: $0) }
        }
    }

    /// The folder's name made to fit a file name on every system: `[a-z0-9_-]`, at most 40.
    private static func fitting(_ name: String) -> String {
        var fitting = ""
        for scalar in name.lowercased().unicodeScalars.prefix(40) {
            switch scalar {
            case "a"..."z", "0"..."9", "_", "-": fitting.unicodeScalars.append(scalar)
            default: fitting += "-"
            }
        }
        return fitting.isEmpty ? "workspace" : fitting
    }
}
