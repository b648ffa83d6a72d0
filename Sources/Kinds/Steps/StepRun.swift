import Base
import Execution
import HostInterfaces
import ManifestModel
import State

extension StepNode {
    /// Does the work, and records it only when all of it went well: with the inputs as they were before, so that
    /// what changed while it ran makes it stale.
    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        let place = folder.place(in: context.workspace)
        try checkFolder(place, context)
        guard let declaration = effective(in: place, on: context.host) else { throw missingVariant(place, context) }
        let look = StepLook(node: self, declaration: declaration, place: place, context: context)
        try confirm(declaration, context)
        let isCompared = !declaration.inputs.isEmpty || !declaration.outputs.isEmpty
        let fingerprint = isCompared ? try await look.fingerprint() : nil
        let data = try await dataIdentity(context)
        let start = context.host.clock.monotonicSeconds
        do throws(NodeFailure) {
            try await stopServices(declaration, context)
            switch declaration.work {
            case .run(let command): try await execute(command, look, data: data)
            case .wait(let rule): try await StepWait(rule: rule, look: look).wait()
            case .none: throw NodeFailure(.prerequisite, "there is nothing to run")
            }
            // What must never be repeated is put on record before anything else can fail.
            if !declaration.isOnce { try await restartServices(declaration, context) }
        } catch {
            if declaration.isOnce { try? context.parts.receipts.clear(id.description) }
            guard declaration.allowsFailure, error.kind != .cancelled else { throw error }
            context.reporter.note("failed, which is allowed: \(error.message)")
            return
        }
        if let output = try look.missingOutput() {
            try? context.parts.receipts.clear(id.description)
            throw NodeFailure(
                .failed, "it ended well, but its output '\(output)' is not there",
                remedy: "check 'outputs', or the command")
        }
        if let fingerprint { look.inputList.save(fingerprint) }
        do throws(SystemError) {
            try context.journal.append(
                .done(
                    node: id.description, fingerprint: fingerprint?.json ?? .null,
                    seconds: context.host.clock.monotonicSeconds - start, data: data, once: declaration.isOnce))
        } catch {
            throw NodeFailure(
                .failed, "it was done, but that can't be recorded: \(error)",
                remedy: "make room, or fix the folder's rights")
        }
        guard declaration.isOnce else { return }
        try? context.parts.receipts.clear(id.description)
        try await restartServices(declaration, context)
    }

    /// The folder may have become a link that leads out since the manifest was read.
    private func checkFolder(_ place: Path, _ context: NodeContext) throws(NodeFailure) {
        guard folder.repository == nil, place != context.workspace.root,
            let resolved = try? context.host.files.resolve(place),
            let root = try? context.host.files.resolve(context.workspace.root)
        else { return }
        let adopted = folder.repository(in: context.workspace)
            .flatMap { context.workspace.nodes[$0]?.place }.flatMap { try? context.host.files.resolve($0) }
        if !resolved.isInside(root), adopted.map({ !resolved.isInside($0) }) ?? true {
            throw NodeFailure(.prerequisite, "\(context.display(place)) leads out of the workspace, to \(resolved)")
        }
    }

    /// Everything is asked at the start of a run; a step that was not agreed to is not run.
    private func confirm(_ declaration: StepDeclaration, _ context: NodeContext) throws(NodeFailure) {
        guard let text = declaration.confirm, !context.settings.confirmed.contains(id) else { return }
        throw NodeFailure(
            .prerequisite, "it was not agreed to: \(try context.resolve(text).text)",
            remedy: "devinit run \(id.name) on a terminal, or with --yes")
    }

    private func execute(_ command: CommandText, _ look: StepLook, data: String?) async throws(NodeFailure) {
        let context = look.context
        let declaration = look.declaration
        let isNamed = context.settings.rerun.contains(id)
        var request = try await StepCommand(look).request(
            for: command, extraArguments: isNamed ? context.settings.extraArguments : [],
            hasInput: declaration.stdin != nil)
        request.timeLimit = declaration.timeout ?? context.settings.timeLimit
        if let file = declaration.stdin {
            let path = look.place.appending(Path(try context.resolve(file).text)).normalized
            guard context.host.files.isFile(path) else {
                throw NodeFailure(.prerequisite, "stdin: there is no file \(context.display(path))")
            }
            request.input = .file(path)
        }
        if declaration.isInteractive {
            guard context.host.terminal.canAsk else {
                throw NodeFailure(.prerequisite, "it needs a terminal", remedy: "run 'devinit up' on a terminal")
            }
            request.output = .terminal
        } else {
            // One that has the terminal is in our own group, and ends with it.
            let name = id.description
            context.parts.children?.starts(name)
            request.onStart = { [children = context.parts.children] in children?.began($0, of: name) }
        }
        if declaration.isInteractive { context.reporter.terminal(true) }
        defer {
            if declaration.isInteractive { context.reporter.terminal(false) }
            context.parts.children?.ended(id.description)
        }
        // Work that is done once proves by itself that it was, should we be gone by then.
        let provesItself = declaration.isOnce && nameProgram(of: &request, context)
        guard let file = declaration.stdout else {
            if provesItself { try leaveReceipt(&request, data, context) }
            try await CommandRunner(context).run(request, what: what(command))
            return
        }
        let path = look.place.appending(Path(try context.resolve(file).text)).normalized
        let output = try StepOutput(path, of: self, in: look.place, context)
        request.output = .file(output.partial, limit: 1 << 20)
        if provesItself {
            // The proof must not come before the file is there.
            request.arguments = output.moving(request.arguments)
            try leaveReceipt(&request, data, context)
        }
        do throws(NodeFailure) {
            try await CommandRunner(context).run(request, what: what(command))
            if !provesItself { try output.move(on: context.host) }
        } catch {
            try? context.host.files.remove(output.partial)
            throw error
        }
    }

    private func leaveReceipt(
        _ request: inout ProcessRequest, _ data: String?, _ context: NodeContext
    ) throws(NodeFailure) {
        do throws(SystemError) {
            request.arguments = try context.parts.receipts.prepare(
                id.description, data: data, around: request.arguments)
        } catch {
            throw NodeFailure(
                .failed, "it is not begun, because that it was done could not be recorded: \(error)",
                remedy: "make room, or fix the folder's rights")
        }
    }

    /// Writes the program with its folder, so that no shell takes `echo` for its own; false when it can't be found: the
    /// one who starts it says so best.
    private func nameProgram(of request: inout ProcessRequest, _ context: NodeContext) -> Bool {
        guard let name = request.arguments.first,
            let found = context.host.processes.find(
                name, path: request.environment["PATH"] ?? "", folder: request.folder)
        else { return false }
        if !name.utf8.contains(UInt8(ascii: "/")) { request.arguments[0] = found.text }
        return true
    }

    /// The command in a few words: its first line.
    private func what(_ command: CommandText) -> String {
        let line = command.description.split(whereSeparator: \.isNewline).first.map(String.init) ?? id.name
        return line.count > 60 ? line.prefix(59) + "…" : line
    }
}
