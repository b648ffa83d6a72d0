import Execution

extension ContainerService: GatedNode {
    /// Its container runs in no repository, whatever it mounts.
    func gatedRepository(in workspace: Workspace) -> NodeID? { nil }
}

extension NativeService: GatedNode {
    func gatedRepository(in workspace: Workspace) -> NodeID? { workspace.repository(containing: folder(in: workspace)) }
}
