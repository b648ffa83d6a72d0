public import HostInterfaces

/// The engines of a workspace, each as its service nodes share it for one run. Asks nothing of the machine before a node
/// does.
public final class ServiceEngines: Sendable {
    private let host: Host
    private let engines = SharedValue<[EngineName: ServiceEngine]>([:])

    public init(host: Host) { self.host = host }

    subscript(name: EngineName) -> ServiceEngine {
        engines.change { engines in
            if let known = engines[name] { return known }
            let engine = ServiceEngine(host: host, name: name)
            engines[name] = engine
            return engine
        }
    }

    /// The end of a run, for each of them: see `ServiceEngine.finish`.
    public func finish(isCancelled: Bool) async {
        for engine in engines.value.values { await engine.finish(isCancelled: isCancelled) }
    }
}

extension NodeContext {
    /// The engine that the service lives on.
    func engine(of service: ContainerService) -> ServiceEngine { parts.engines[service.engine] }
}
