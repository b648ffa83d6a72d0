import Base
import Execution
import HostInterfaces
import ManifestModel

/// Builds what is started for a step: on this machine, or inside a service.
struct StepCommand {
    let look: StepLook

    init(_ look: StepLook) { self.look = look }

    func request(
        for command: CommandText, extraArguments: [String] = [], hasInput: Bool = false
    ) async throws(NodeFailure) -> ProcessRequest {
        let context = look.context
        let environment = try StepEnvironment(look)
        let arguments = arguments(command, extraArguments)
        guard let inside = look.declaration.inside else {
            return ProcessRequest(
                arguments, environment: environment.whole, folder: look.place, grace: context.settings.grace)
        }
        let service = try context.resolve(inside.service).text
        guard let host = context.workspace.node("service", service) as? any CommandHost else {
            throw NodeFailure(
                .prerequisite, "nothing can run inside '\(service)'", remedy: "use a service that runs in a container")
        }
        let wrapped = try await host.wrapped(
            arguments, environment: environment.own, start: inside.start, hasInput: hasInput, context)
        let folder = context.host.files.isFolder(look.place) ? look.place : context.workspace.root
        // Which engine it is, the service says alone.
        let whole = environment.whole.filter { !EngineEndpoint.variables.contains($0.key) }
        return ProcessRequest(
            wrapped.arguments, environment: whole.merging(wrapped.environment) { $1 }, folder: folder,
            grace: context.settings.grace)
    }

    /// A shell's text gets what follows `--` as "$@": put at its end where it is one line that does not use it.
    private func arguments(_ command: CommandText, _ extra: [String]) -> [String] {
        let shell = ShellChoice.arguments(look.declaration.shell ?? look.context.settings.shell)
        guard !extra.isEmpty else { return command.arguments(shell: shell) }
        switch command {
        case .arguments(let words): return words + extra
        case .shell(let text):
            let line = text.split(whereSeparator: \.isNewline)
            let usesThem = ["$@", "$*", "$1", "${1", "#"].contains { text.contains($0) }
            let whole = line.count == 1 && !usesThem ? line[0] + " \"$@\"" : text[...]
            return shell + [String(whole), shell[0]] + extra
        }
    }
}
