import Execution
import HostInterfaces
import Kinds
import ManifestModel
import YAML

/// Whether the container engines that `up` would use answer, asked as `up` asks them.
enum EngineCheck: DoctorCheck {
    static let id = "engine"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run else { return [] }
        let nodes = context.nodes(of: "service").map(\.id)
        var results: [CheckResult] = []
        // What existing files have may not be known yet.
        if let service = Containers.wanted(context).first,
            run.needsStandardEngine(for: nodes) || run.workspace.engines.isEmpty
        {
            results.append(await standard(run, service))
        }
        for report in await run.reportsOfOwnEngines(for: nodes) {
            let name = "\(id):\(report.name)"
            if let failure = report.failure {
                results.append(
                    CheckResult(
                        name, .error, group, title: report.name, message: failure.message, remedy: failure.remedy))
            } else {
                results.append(
                    CheckResult(
                        name, .ok, group, title: report.name, found: report.version,
                        message: "answers at \(report.address)" + (report.machine.isEmpty ? "" : ", \(report.machine)"))
                )
            }
        }
        return results
    }

    private static func standard(_ run: RunWorkspace, _ service: NodeID) async -> CheckResult {
        do throws(NodeFailure) {
            let engine = try await run.diagnoseEngine(for: service)
            return CheckResult(
                id, .ok, group, title: engine.name, found: engine.version,
                message: "answers at \(engine.address) (\(engine.origin))")
        } catch {
            return CheckResult(id, .error, group, title: "engine", message: error.message, remedy: error.remedy)
        }
    }
}

/// Whether Compose is there.
enum ComposeCheck: DoctorCheck {
    static let id = "compose"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run, let service = Containers.wanted(context).first else { return [] }
        guard let compose = await run.diagnoseCompose(for: service) else {
            return [
                CheckResult(
                    id, .error, group, title: "compose", message: "neither 'docker compose' nor 'docker-compose' works",
                    remedy: "https://docs.docker.com/compose/install")
            ]
        }
        switch await Containers.version(compose.versionCommand, context.host) {
        case .text(let version):
            return [CheckResult(id, .ok, group, title: compose.title, found: version, message: "found")]
        case .failed(let words):
            return [
                CheckResult(
                    id, .error, group, title: compose.title, message: "it does not work: \(words)",
                    remedy: "https://docs.docker.com/compose/install")
            ]
        }
    }
}

/// What both ask.
enum Containers {
    enum Answer {
        case text(String)
        case failed(String)
    }

    /// The chosen services that run in containers here.
    static func wanted(_ context: DoctorContext) -> [NodeID] {
        let native = Set(
            (context.run?.workspace.manifest.section("services")?.entries ?? []).filter {
                $0.value["native"] != nil
            }.map(\.key))
        return context.nodes(of: "service").filter {
            !native.contains($0.id.name) && $0.common.reasonAgainst(context.host) == nil
        }.map(\.id)
    }

    /// The version in what the command prints: podman-compose says more than that.
    static func version(_ arguments: [String], _ host: Host) async -> Answer {
        let request = ProcessRequest(
            arguments, environment: host.environment, folder: host.currentFolder, timeLimit: .seconds(5),
            grace: .milliseconds(200))
        do {
            let result = try await host.processes.run(request, onOutput: nil)
            if result.end == .timedOut { return .failed("no answer within 5s") }
            let lines = result.text.split(separator: "\n").map(String.init)
            let line = lines.first { $0.hasPrefix("podman-compose") } ?? lines.first ?? ""
            if result.succeeded, let version = line.split(separator: " ").last { return .text(String(version)) }
            let problem = result.errorText.split(separator: "\n").first.map(String.init) ?? "\(result.end)"
            return .failed(problem)
        } catch { return .failed("\(error)") }
    }
}
