import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

/// Resolving a secret.
extension SecretNode {
    /// Content of a file or output of a command beyond this is no secret, in bytes.
    static let largestValue = 1 << 20

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        switch declaration.source {
        case .generate(let form, let length):
            let value = SecretGenerator(context.host).generate(form, length: length)
            let store = context.parts.secrets.reloaded(context.workspace, context.host)
            do throws(SecretStoreError) {
                let stored = StoredSecret(value: value, kind: "generate", definition: declaration.definition)
                try await store.set(id.name, to: stored)
            } catch {
                throw NodeFailure(
                    .prerequisite, "the secret '\(id.name)' can't be kept: \(error.message)", remedy: error.remedy)
            }
            context.values.setSecret(id.name, to: value)
            for notice in store.takeNotices() { context.reporter.note(notice) }
        case .prompt(_, let pattern, let standard):
            guard let standard else { throw NodeFailure(.prerequisite, "the secret '\(id.name)' was not given") }
            let value = try context.resolve(standard).text
            guard SecretQuestion.matches(value, pattern?.source) else {
                throw NodeFailure(.prerequisite, "the default of the secret '\(id.name)' does not match its pattern")
            }
            context.values.setSecret(id.name, to: value)
        case .command(let command): try await ask(command, nil, nil, context)
        case .preset(let use):
            try await ask(use.preset.command, try use.environment(context), use.preset.hint, context)
        case .file(let stated): try read(stated, context)
        case .environment, .none: break
        }
        warnIfShort(context)
    }

    /// Tells once that a secret is too short to be masked; again when that was mended and came back.
    func warnIfShort(_ context: NodeContext) {
        guard !context.isPlanning, case .some(.some(let value)) = context.values.secret(id.name) else { return }
        let isShort = value.unicodeScalars.count < SecretMask.shortest
        let fact = "\(id)/short"
        guard isShort != (context.journal.fact(fact)?.bool == true) else { return }
        if isShort {
            context.reporter.note(
                "this secret is shorter than \(SecretMask.shortest) characters, so it is not masked in output")
        }
        try? context.journal.append(.fact(fact, isShort ? .bool(true) : .null))
    }

    /// Nothing that the command prints reaches a log before it is known what is to be masked in it.
    private func ask(
        _ command: CommandText, _ variables: [String: String]?, _ hint: String?, _ context: NodeContext
    ) async throws(NodeFailure) {
        var environment = context.host.environment
        if let variables {
            // What stands there of our own must not be taken for a parameter that was not given.
            environment = environment.filter { !$0.key.hasPrefix("WITH_") }.merging(variables) { $1 }
        }
        let request = ProcessRequest(
            command.arguments(shell: ShellChoice.arguments(context.settings.shell)),
            environment: environment, folder: context.workspace.root,
            output: .captured(limit: Self.largestValue), timeLimit: context.settings.timeLimit,
            grace: context.settings.grace)
        let result: ProcessResult
        do throws(ProcessError) {
            result = try await context.host.processes.run(request, onOutput: nil)
        } catch {
            throw NodeFailure(.prerequisite, "the command of the secret '\(id.name)' can't be started: \(error)")
        }
        let value = Self.trimmed(result.output)
        if result.succeeded, !value.isEmpty {
            context.values.setSecret(id.name, to: value)
            for line in result.errorOutput.split(separator: UInt8(ascii: "\n")) {
                context.reporter.output(Array(line) + [UInt8(ascii: "\n")], true)
            }
            return
        }
        if result.end == .cancelled { throw NodeFailure(.cancelled, "cancelled") }
        if declaration.isOptional { return context.values.setSecret(id.name, to: nil) }
        // What it printed as its answer may be half a secret; the other stream is for people.
        let lines = String(decoding: result.errorOutput, as: UTF8.self).split(separator: "\n").suffix(20).map(
            String.init)
        let reason = result.succeeded ? "printed nothing" : result.end == .timedOut ? "took too long" : "\(result.end)"
        throw NodeFailure(
            .prerequisite, "the command of the secret '\(id.name)' failed: \(reason)",
            remedy: declaration.hint.flatMap { try? context.resolve($0).text } ?? hint
                ?? "run it yourself to see why: \(command.description)",
            output: lines.map { context.values.mask.mask($0) })
    }

    private func read(_ stated: StatedPath, _ context: NodeContext) throws(NodeFailure) {
        let path = try stated.path(in: context.workspace, context.values)
        let value: String
        do throws(SystemError) {
            value = Self.trimmed(try context.host.files.read(path, limit: Self.largestValue))
        } catch {
            throw NodeFailure(.prerequisite, "the file of the secret '\(id.name)' can't be read: \(error)")
        }
        guard !value.isEmpty || declaration.isOptional else {
            throw NodeFailure(.prerequisite, "the file of the secret '\(id.name)' is empty: \(context.display(path))")
        }
        context.values.setSecret(id.name, to: value.isEmpty ? nil : value)
    }

    /// Without one newline at the end.
    static func trimmed(_ bytes: [UInt8]) -> String {
        var bytes = bytes[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
