public import HostInterfaces

/// The machines on which published ports are reached, where an engine runs on another one (DOCKER_HOST, a context).
public enum EngineHost {
    /// Decides them before anything runs, as the ports are, without asking the engines: what refers to an address must
    /// not wait for a service.
    public static func decide(_ workspace: Workspace, _ values: Values, host: Host, settings: RunSettings) {
        for engine in Set(workspace.containerServices.map(\.engine)) {
            if let remote = engine.search(host, settings).stated?.remoteHost {
                values.setText(engine.hostKey, to: remote)
            }
        }
    }
}
