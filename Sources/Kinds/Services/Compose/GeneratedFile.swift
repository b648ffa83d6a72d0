public import Base
public import HostInterfaces
import ManifestModel
import Secrets

/// `.devinit/compose.yaml`, for commands that only look.
public enum GeneratedFile {
    /// What becomes of a change by hand, and what to do instead.
    public static let remedy =
        "devinit up keeps that copy aside and writes it anew, so state it in 'services.NAME.compose' of the manifest"

    /// The file, where it is not as devinit wrote it; nil also where there is none.
    public static func edited(in workspace: Workspace, on host: Host) -> Path? {
        let rendering = ComposeRendering(workspace: workspace, values: Values(mask: SecretMask()), host: host)
        let file = ComposeFile(rendering: rendering)
        guard let text = host.files.text(of: file.path), file.isEdited(text) else { return nil }
        return file.path
    }
}
