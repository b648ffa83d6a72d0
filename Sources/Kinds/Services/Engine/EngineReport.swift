import Base
public import Execution
import HostInterfaces

/// What an engine that services name themselves says of itself, for people.
public struct EngineReport: Sendable {
    /// As the manifest has it.
    public var name: String
    /// Where it answers; empty where none was found.
    public var address = ""
    /// Its version; empty where it does not tell.
    public var version = ""
    /// What its machine has: "16 GB of memory, 8 cores"; empty where it does not tell.
    public var machine = ""
    /// Why it does not answer.
    public var failure: NodeFailure?
}

extension RunWorkspace {
    /// Whether one of these nodes is a service on the engine of `defaults.engine`.
    public func needsStandardEngine(for nodes: [NodeID]) -> Bool {
        engines(for: nodes).contains { $0.engine == .standard }
    }

    /// A report of each engine that services among these nodes name themselves.
    public func reportsOfOwnEngines(for nodes: [NodeID]) async -> [EngineReport] {
        var reports: [EngineReport] = []
        for (engine, service) in engines(for: nodes) where engine != .standard {
            var report = EngineReport(name: engine.choice(settings))
            do throws(NodeFailure) {
                let found = try await parts.engines[engine].found(planningContext(service))
                report.address = found.endpoint.address
                let information = try? await found.client.get("/info")
                report.version = information?["ServerVersion"]?.string ?? ""
                if let machine = information.flatMap({ EngineMachine($0, of: found.endpoint) }) {
                    report.machine = "\(ByteSize.describe(machine.memory)) of memory, \(machine.cores) cores"
                }
            } catch { report.failure = error }
            reports.append(report)
        }
        return reports
    }
}
