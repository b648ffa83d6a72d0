public import Base
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
        let rendering = ComposeRendering(workspace: workspace, values: Values(mask: SecretMask()), host: host)
        return ([.standard] + workspace.engines.filter { $0 != .standard }).compactMap { engine in
            let file = ComposeFile(rendering: rendering, engine: engine)
            guard let text = host.files.text(of: file.path), file.isEdited(text) else { return nil }
            return file.path
        }
    }
}
