public import Base
public import Execution
public import ManifestModel
import Secrets

/// A path that the manifest states, seen from the root. One inside a repository follows it when it was adopted.
public struct StatedPath: Sendable {
    public let text: Text
    /// Absolute; nil while the text refers to something.
    let known: Path?

    public init(_ text: Text, _ reading: Reading) {
        self.text = text
        known = text.literal.map { reading.path($0) }
    }

    /// One that is seen from the folder of the file that states it.
    public init(besideManifest text: Text, _ reading: Reading) {
        self.text = text
        known = text.literal.map { literal in
            reading.path(reading.manifest.folder(stating: text.location).appending(Path(literal)).text)
        }
    }

    /// What edges are made from; nil while it refers to something that only a run knows.
    public func path(in workspace: Workspace) -> Path? {
        known ?? (try? path(in: workspace, Values(mask: SecretMask())))
    }

    /// Absolute. Fails when it refers to what has no value.
    public func path(in workspace: Workspace, _ values: Values) throws(NodeFailure) -> Path {
        if let known { return known }
        return workspace.root.appending(Path(try workspace.resolve(text, values).text)).normalized
    }
}
