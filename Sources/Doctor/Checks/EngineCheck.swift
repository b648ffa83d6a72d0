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
        return await run.diagnoseEngines(for: Containers.wanted(context)).map { engine in
            let check = Containers.id(id, engine.name)
            if let failure = engine.failure {
                return CheckResult(
                    check, .error, group, title: engine.name ?? "engine", message: failure.message,
                    remedy: failure.remedy)
            }
            let place = "answers at \(engine.address) (\(engine.origin))"
            return CheckResult(
                check, .ok, group, title: engine.name ?? engine.kind,
                found: engine.version.isEmpty ? nil : engine.version,
                message: (engine.name == nil ? place : "\(engine.kind) \(place)")
                    + (engine.machine.isEmpty ? "" : ", \(engine.machine)"))
        }
    }
}

/// Whether Compose is there for each of the engines.
enum ComposeCheck: DoctorCheck {
    static let id = "compose"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run else { return [] }
        var results: [CheckResult] = []
        for compose in await run.diagnoseCompose(for: Containers.wanted(context)) {
            results.append(await result(compose, context.host))
        }
        return results
    }

    private static func result(_ compose: ComposeDiagnosis, _ host: Host) async -> CheckResult {
        let check = Containers.id(id, compose.engine)
        let place = compose.engine.map { " for the engine '\($0)'" } ?? ""
        func failed(_ title: String, _ message: String) -> CheckResult {
            CheckResult(check, .error, group, title: title, message: message, remedy: compose.remedy)
        }
        guard let command = compose.versionCommand else {
            return failed("compose", "there is no \(compose.title)\(place)")
        }
        switch await Containers.version(command, host) {
        case .text(let version):
            return CheckResult(check, .ok, group, title: compose.title, found: version, message: "found\(place)")
        case .failed(let words): return failed(compose.title, "it does not work\(place): \(words)")
        }
    }
}

/// What both ask.
enum Containers {
    enum Answer {
        case text(String)
        case failed(String)
    }

    /// A check's name for one engine; nil for the standard one.
    static func id(_ check: String, _ engine: String?) -> String { engine.map { "\(check):\($0)" } ?? check }

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
