import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets

/// A call of Compose for containers that are there: it makes none.
enum ComposeCall {
    /// `words` follow the project and its files: those of `services`, which are all of one project, else the generated
    /// one. Fails with Compose's own words, told as a person needs them.
    static func run(
        _ words: [String], of services: [ContainerService] = [], _ engine: FoundEngine, _ context: NodeContext
    ) async throws(NodeFailure) {
        let adopted = services.first?.adopted
        let request = ProcessRequest(
            try engine.composeArguments(findingContainersOf: services.first, context) + words,
            environment: engine.environment(context.host, of: adopted),
            folder: adopted?.request.folder ?? context.workspace.root, timeLimit: CallLimit.engine,
            grace: context.settings.grace)
        let result = try await end(of: request, context) { stream, bytes in
            context.reporter.output(bytes, stream == .error)
        }
        guard result.succeeded else {
            let named = services.isEmpty ? context.workspace.containerServices(on: engine.name) : services
            throw ComposeErrors.failure(
                context.values.mask.mask(result.errorText + result.text), services: named.map(\.name),
                verb: words.first == "down" ? "take down" : words.first ?? "start", engine: engine,
                host: context.host, context)
        }
    }

    /// What a call came to that started, was not cancelled, and ended within `CallLimit.engine`, its limit.
    static func end(
        of request: ProcessRequest, _ context: NodeContext,
        onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)? = nil
    ) async throws(NodeFailure) -> ProcessResult {
        let result: ProcessResult
        do throws(ProcessError) { result = try await context.host.processes.run(request, onOutput: onOutput) } catch {
            throw NodeFailure(.prerequisite, "Compose can't be started: \(error)")
        }
        if result.end == .cancelled { throw NodeFailure(.cancelled, "cancelled") }
        if result.end == .timedOut { throw ComposeErrors.hanging(after: CallLimit.engine) }
        return result
    }
}
