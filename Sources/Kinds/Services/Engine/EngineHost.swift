public import HostInterfaces

/// The machine on which published ports are reached, where the engine runs on another one (DOCKER_HOST, a context).
public enum EngineHost {
    /// Its name among the values.
    static let key = "engine.host"

    /// Decides it before anything runs, as the ports are, without asking the engine: what refers to an address must not
    /// wait for a service.
    public static func decide(_ workspace: Workspace, _ values: Values, host: Host, choice: String) {
        guard !workspace.containerServices.isEmpty,
            let remote = EngineSearch(host: host, choice: choice).stated?.remoteHost
        else { return }
        values.setText(key, to: remote)
    }
}
