import Base
import Execution
public import ManifestModel
import YAML

/// The section `steps`.
public enum StepKind: NodeKind {
    public static let name = "step"
    public static let namespace: String? = nil
    public static let sections = [
        KeySpec("steps", .map(.object(StepKeys.shape), names: .node), "Commands, and when they are up to date.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        var reader = StepReader(reading)
        let nodes = (reading.manifest.section(sections[0].name)?.entries ?? []).compactMap { reader.node($0) }
        for diagnostic in reader.diagnostics { reading.diagnostics.add(diagnostic) }
        return nodes
    }
}
