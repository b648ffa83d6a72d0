import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import Trust

/// A secret. It is resolved when something that uses it is about to run, and never while planning.
struct SecretNode: WorkspaceNode {
    let id: NodeID
    let declaration: SecretDeclaration
    let location: SourceLocation

    init(name: String, declaration: SecretDeclaration, location: SourceLocation) {
        id = NodeID(SecretKind.name, name)
        self.declaration = declaration
        self.location = location
    }

    var common: CommonKeys { declaration.common }
    var isOnDemand: Bool { true }
    var defaultSeconds: Double {
        switch declaration.source {
        case .command, .preset: 1
        default: 0.01
        }
    }

    /// Of secrets that one program keeps one is asked at a time: it may have to be unlocked first.
    var locks: [String] {
        if case .preset(let use) = declaration.source { ["secrets of \(use.preset.name)"] } else { [] }
    }

    var texts: [Text] {
        var texts = [declaration.hint].compactMap(\.self)
        switch declaration.source {
        case .prompt(let text, let pattern, let standard): texts += [text, pattern, standard].compactMap(\.self)
        case .file(let path): texts.append(path.text)
        case .preset(let use): texts += use.texts
        default: break
        }
        return texts
    }

    func edges(in workspace: Workspace) -> [Edge] {
        var edges = workspace.referred(by: texts).filter { $0.kind == SecretKind.name }.map { Edge($0, "refers to it") }
        if case .file(let stated) = declaration.source, let path = stated.path(in: workspace) {
            if let repository = workspace.repository(containing: path) {
                edges.append(Edge(repository, "its file lies there"))
            }
            edges += workspace.nodes(at: path).map { Edge($0, "reads the file that it makes") }
        }
        return edges
    }

    func executables(in workspace: Workspace) -> [ExecutableItem] {
        let text: String
        switch declaration.source {
        case .command(let command): text = command.approvalText
        case .preset(let use): text = use.approvalText
        default: return []
        }
        return [ExecutableItem(node: "\(id)", location: "here", what: "secret command", text: text)]
    }

    func value(of path: [String], in values: Values) -> Lookup {
        guard path.isEmpty else {
            return .failure(.unknown("secrets.\(id.name) is a text and has no '\(path.joined(separator: "."))'"))
        }
        switch values.secret(id.name) {
        case .some(.some(let value)): return .secret(value)
        case .some(.none): return .missing
        case .none: return .later
        }
    }

    func assess(_ context: NodeContext) async -> Assessment {
        let assessment = look(context)
        if !assessment.isWork { warnIfShort(context) }
        return assessment
    }

    private func look(_ context: NodeContext) -> Assessment {
        if case .some = context.values.secret(id.name) { return .upToDate("known") }
        switch declaration.source {
        case .generate, .prompt: return assessStored(context)
        case .command, .preset:
            return context.isPlanning
                ? .unknown("its command is asked when it is needed") : .work(.run, "its command is asked at each up")
        case .environment(let name):
            if let value = context.host.environment[name], !value.isEmpty {
                if !context.isPlanning { context.values.setSecret(id.name, to: value) }
                return .upToDate("set in \(name)")
            }
            return missing(
                context, "the variable \(name) of the secret '\(id.name)' is not set",
                "set \(name) and run devinit again")
        case .file(let stated):
            guard let path = stated.path(in: context.workspace), context.host.files.isFile(path) else {
                if let repository = edges(in: context.workspace).first?.need, context.pending.contains(repository) {
                    return .unknown("after \(repository)")
                }
                return missing(
                    context, "the file \(stated.text.source) of the secret '\(id.name)' is not there",
                    "create it; the path is seen from \(context.workspace.root)")
            }
            return context.isPlanning ? .upToDate("in \(context.display(path))") : .work(.run, "read from its file")
        case .none: return .blocked(NodeFailure(.prerequisite, "the secret '\(id.name)' has no source"))
        }
    }

    private func assessStored(_ context: NodeContext) -> Assessment {
        var store = context.parts.secrets.store(context.workspace, context.host)
        var answer = declaration.answer(store.get(id.name))
        if answer == nil {
            store = context.parts.secrets.reloaded(context.workspace, context.host)
            answer = declaration.answer(store.get(id.name))
        }
        // A value that data may have been made with is not made anew because nobody can get at it now.
        if answer == nil, let problem = store.problem(with: id.name) {
            if context.isPlanning { return .unknown(problem.message) }
            return .blocked(NodeFailure(.prerequisite, problem.message, remedy: problem.remedy))
        }
        switch answer {
        case .value(let value):
            if !context.isPlanning { context.values.setSecret(id.name, to: value) }
            let isSame = store.get(id.name)?.definition == declaration.definition
            return .upToDate(
                isSame || declaration.storedKind == "prompt" ? "stored" : "stored, by an earlier definition")
        case .notGiven:
            if !context.isPlanning { context.values.setSecret(id.name, to: nil) }
            return .upToDate("optional, not given")
        case nil: break
        }
        guard case .prompt(_, _, let standard) = declaration.source else { return .work(.create, "will be generated") }
        if context.isPlanning, context.settings.mayAsk { return .work(.create, "will be asked") }
        if standard != nil { return context.isPlanning ? .upToDate("its default") : .work(.run, "its default") }
        return missing(
            context, "the secret '\(id.name)' was not given", "run devinit up in a terminal, where it can be asked")
    }

    private func missing(_ context: NodeContext, _ message: String, _ remedy: String) -> Assessment {
        if declaration.isOptional {
            if !context.isPlanning { context.values.setSecret(id.name, to: nil) }
            return .upToDate("optional, not given")
        }
        let hint = declaration.hint.flatMap { try? context.resolve($0).text }
        return .blocked(NodeFailure(.prerequisite, message, remedy: hint.map { "\(remedy) (\($0))" } ?? remedy))
    }
}
