import Base
import Execution
import HostInterfaces
import ManifestModel

/// A call of Compose for the whole file that downloads and builds nothing.
enum ComposeCall {
    /// `words` follow the project and the file. Fails with Compose's own words, told as a person needs them.
    static func run(_ words: [String], _ engine: FoundEngine, _ context: NodeContext) async throws(NodeFailure) {
        let request = ProcessRequest(
            try engine.composeArguments(context.workspace) + words, environment: engine.environment(context.host),
            folder: context.workspace.root, timeLimit: CallLimit.engine, grace: context.settings.grace)
        let result: ProcessResult
        do throws(ProcessError) {
            result = try await context.host.processes.run(request) { stream, bytes in
                context.reporter.output(bytes, stream == .error)
            }
        } catch { throw NodeFailure(.prerequisite, "Compose can't be started: \(error)") }
        if result.end == .cancelled { throw NodeFailure(.cancelled, "cancelled") }
        if result.end == .timedOut { throw ComposeErrors.hanging(after: CallLimit.engine) }
        guard result.succeeded else {
            throw ComposeErrors.failure(
                result.errorText + result.text, services: context.workspace.containerServices.map(\.name),
                engine: engine, host: context.host, context)
        }
    }
}
