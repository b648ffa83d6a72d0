public import Base
public import Execution
public import HostInterfaces
import ManifestModel
import Secrets

/// `.devinit/compose.yaml` and its like for other engines, for commands that only look.
public enum GeneratedFile {
    /// What becomes of a change by hand, and what to do instead.
    public static let remedy =
        "devinit up keeps that copy aside and writes it anew, so state it in 'services.NAME.compose' of the manifest"

    /// Those that are not as devinit wrote them.
    public static func edited(in workspace: Workspace, on host: Host) -> [Path] {
        ([.standard] + workspace.engines.filter { $0 != .standard }).compactMap { engine in
            edited(of: engine, in: workspace, on: host)?.path
        }
    }

    private static func edited(of engine: EngineName, in workspace: Workspace, on host: Host) -> ComposeFile? {
        let rendering = ComposeRendering(workspace: workspace, values: Values(mask: SecretMask()), host: host)
        let file = ComposeFile(rendering: rendering, engine: engine)
        guard let text = host.files.text(of: file.path), file.isEdited(text) else { return nil }
        return file
    }

    /// Keeps a changed file aside, so that it is made anew by whoever needs it: Compose could not read it, perhaps.
    /// Returns where it is now; nil where nothing was changed.
    static func setAside(_ engine: EngineName, in workspace: Workspace, on host: Host) throws(SystemError) -> Path? {
        guard let file = edited(of: engine, in: workspace, on: host) else { return nil }
        let backup = file.freeBackup()
        try host.files.rename(file.path, to: backup)
        return backup
    }

    /// The same, told of.
    static func setAside(_ engine: EngineName, _ context: NodeContext) throws(NodeFailure) {
        do throws(SystemError) {
            guard let backup = try setAside(engine, in: context.workspace, on: context.host) else { return }
            tell(of: backup, replaced: context.workspace.composeFile(engine), context)
        } catch { throw NodeFailure(.failed, "\(error)", remedy: "give the right to write there") }
    }

    /// Tells where the copy is that somebody had changed.
    static func tell(of backup: Path, replaced path: Path, _ context: NodeContext) {
        context.reporter.note(
            "\(context.display(path)) had been changed by hand; that copy is kept as \(context.display(backup))")
    }
}

extension ServiceOperations {
    /// Keeps generated files aside that somebody changed; they are made anew when they are needed.
    public func setEditsAside(reporter: NodeReporter) throws(NodeFailure) {
        let context = make(NodeID(ServiceKind.name, ""), reporter)
        for engine in workspace.engines { try GeneratedFile.setAside(engine, context) }
    }
}
