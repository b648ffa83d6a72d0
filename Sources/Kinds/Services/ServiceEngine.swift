public import HostInterfaces

/// The container engine and Compose as the service nodes of one run share them.
public final class ServiceEngine: Sendable {
    let host: Host

    public init(host: Host) { self.host = host }
}
