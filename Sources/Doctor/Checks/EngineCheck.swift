import Execution
import HostInterfaces
import Kinds
import ManifestModel
import YAML

/// Whether the container engines answer.
enum EngineCheck: DoctorCheck {
    static let id = "engine"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run else { return [] }
        let nodes = context.nodes(of: "service").map(\.id)
        var results: [CheckResult] = []
        // What existing files have may not be known yet.
        if run.needsStandardEngine(for: nodes) || (Containers.areWanted(context) && run.workspace.engines.isEmpty) {
            results.append(await standard(context, run))
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

    private static func standard(_ context: DoctorContext, _ run: RunWorkspace) async -> CheckResult {
        let names = run.settings.engine == "podman" ? ["podman"] : ["docker", "podman"]
        guard let name = names.first(where: { Containers.find($0, context.host) }) else {
            return CheckResult(
                id, .error, group, title: names[0], message: "no container engine is installed",
                remedy: context.host.machine.operatingSystem == "macos"
                    ? "install Docker Desktop, Colima or OrbStack" : "https://docs.docker.com/engine/install")
        }
        let format = name == "podman" ? "{{.Version.Version}}" : "{{.Server.Version}}"
        // A context that the manifest names goes over what the environment says.
        let chosen =
            ["auto", "docker", "podman"].contains(run.settings.engine) ? [] : ["--context", run.settings.engine]
        let arguments =
            name == "podman"
            ? ["podman", "info", "--format", format] : ["docker"] + chosen + ["version", "--format", format]
        let answer = await Containers.ask(arguments, context.host)
        switch answer {
        case .text(let version):
            return CheckResult(id, .ok, group, title: name, found: version, message: "answers")
        case .failed(let words):
            return CheckResult(
                id, .error, group, title: name, message: "the engine does not answer: \(words)",
                remedy: Containers.start(context.host))
        }
    }
}

/// Whether Compose is there.
enum ComposeCheck: DoctorCheck {
    static let id = "compose"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard context.run != nil, Containers.areWanted(context) else { return [] }
        let forms = [["docker", "compose", "version", "--short"], ["docker-compose", "version", "--short"]]
        for form in forms {
            if case .text(let version) = await Containers.ask(form, context.host) {
                return [
                    CheckResult(
                        id, .ok, group, title: form[0] == "docker" ? "docker compose" : "docker-compose",
                        found: version,
                        message: "found")
                ]
            }
        }
        return [
            CheckResult(
                id, .error, group, title: "compose", message: "neither 'docker compose' nor 'docker-compose' works",
                remedy: "https://docs.docker.com/compose/install")
        ]
    }
}

/// Questions to the container engine's command.
enum Containers {
    enum Answer {
        case text(String)
        case failed(String)
    }

    /// Whether a chosen service runs in a container.
    static func areWanted(_ context: DoctorContext) -> Bool {
        let native = Set(
            (context.run?.workspace.manifest.section("services")?.entries ?? []).filter {
                $0.value["native"] != nil
            }.map(\.key))
        return context.nodes(of: "service").contains {
            !native.contains($0.id.name) && $0.common.reasonAgainst(context.host) == nil
        }
    }

    static func find(_ program: String, _ host: Host) -> Bool {
        host.processes.find(program, path: host.environment["PATH"] ?? "", folder: host.currentFolder) != nil
    }

    /// The first line that the command prints.
    static func ask(_ arguments: [String], _ host: Host) async -> Answer {
        let request = ProcessRequest(
            arguments, environment: host.environment, folder: host.currentFolder, timeLimit: .seconds(5),
            grace: .milliseconds(200))
        do {
            let result = try await host.processes.run(request, onOutput: nil)
            if result.end == .timedOut { return .failed("no answer within 5s") }
            let line = result.text.split(separator: "\n").first.map(String.init) ?? ""
            if result.succeeded, !line.isEmpty { return .text(line) }
            let problem = result.errorText.split(separator: "\n").first.map(String.init) ?? "\(result.end)"
            return .failed(problem)
        } catch { return .failed("\(error)") }
    }

    /// How an engine is started on this machine.
    static func start(_ host: Host) -> String {
        if let address = host.environment["DOCKER_HOST"] { return "check DOCKER_HOST (\(address))" }
        if host.machine.operatingSystem == "macos" {
            return find("colima", host) ? "colima start" : "open -a Docker"
        }
        return host.machine.user == 0 ? "systemctl start docker" : "sudo systemctl start docker"
    }
}
