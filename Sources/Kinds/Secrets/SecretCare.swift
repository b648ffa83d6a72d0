import Base
public import Execution
public import HostInterfaces
import ManifestModel
import Secrets
import State

/// What people do with secrets by hand: look, set, replace, forget.
///
/// Whoever changes one holds the workspace's lock. Nothing here writes an env file: that is the work of its node.
public struct SecretCare: Sendable {
    let workspace: Workspace
    let host: Host
    let parts: RunParts
    let values: Values

    public init(workspace: Workspace, host: Host, values: Values, parts: RunParts) {
        self.workspace = workspace
        self.host = host
        self.values = values
        self.parts = parts
    }

    private var store: SecretStore { parts.secrets.store(workspace, host) }

    /// All secrets in the order of the manifest, then those that are stored and that it no longer has.
    public var overview: [SecretSummary] {
        let store = store
        let declared = workspace.order.compactMap { workspace.nodes[$0] as? SecretNode }
        let names = Set(declared.map(\.id.name))
        let left = store.names.filter { !names.contains($0) }.map { name in
            SecretSummary(
                name: name, source: nil, origin: "not in the manifest", isOptional: true, state: .stored,
                place: store.place(of: name), users: [])
        }
        return declared.map { $0.summary(store, workspace, host) } + left
    }

    /// How a secret may get another value.
    public enum Change: Sendable {
        case generated
        case asked(SecretQuestion)
    }

    /// How the secret gets another value; fails where devinit does not keep it.
    public func change(of name: String) throws(NodeFailure) -> Change {
        guard let node = workspace.node(SecretKind.name, name) as? SecretNode else { throw unknown(name) }
        switch node.declaration.source {
        case .generate: return .generated
        case .prompt: return .asked(SecretQuestions.question(node, in: workspace))
        default:
            throw NodeFailure(
                .failed, "devinit does not keep the secret '\(name)': it comes from \(node.declaration.origin)",
                remedy: "change it there, then run devinit up")
        }
    }

    /// The value that another program wrote: without one newline at its end.
    public static func value(of bytes: [UInt8]) -> String { SecretNode.trimmed(bytes) }

    /// What is wrong with a value that was handed over, in words that don't repeat it; nil when it may stand.
    public func problem(with value: String, for change: Change) -> String? {
        if value.isEmpty { return "it is empty" }
        if value.utf8.contains(0) { return "it holds a NUL character" }
        guard case .asked(let question) = change else { return nil }
        return SecretQuestion.matches(value, question.pattern) ? nil : "it must match \(question.pattern ?? "")"
    }

    /// A new value from the system's random source.
    public func generate(_ name: String) throws(NodeFailure) -> String {
        guard let node = workspace.node(SecretKind.name, name) as? SecretNode,
            case .generate(let form, let length) = node.declaration.source
        else { throw unknown(name) }
        return SecretGenerator(host).generate(form, length: length)
    }

    /// What became of a value that was to be kept.
    public enum Kept: Sendable {
        case asBefore
        case first
        /// Somebody may still have the value that was kept before.
        case instead
    }

    /// Keeps a value.
    public func keep(_ value: String, as name: String) async throws(NodeFailure) -> Kept {
        guard let node = workspace.node(SecretKind.name, name) as? SecretNode, let kind = node.declaration.storedKind
        else { throw unknown(name) }
        let store = parts.secrets.reloaded(workspace, host)
        let before = store.get(name)
        for known in [before?.value, value] { if let known { values.mask.add(known, name: name) } }
        do throws(SecretStoreError) {
            try await store.set(
                name, to: StoredSecret(value: value, kind: kind, definition: node.declaration.definition))
        } catch { throw NodeFailure(.prerequisite, error.message, remedy: error.remedy) }
        guard let before, before.kind != SecretDeclaration.notGiven else { return .first }
        return before.value == value && before.kind == kind ? .asBefore : .instead
    }

    /// Takes a secret out of the store. False where it was not there.
    public func forget(_ name: String) async throws(NodeFailure) -> Bool {
        let store = parts.secrets.reloaded(workspace, host)
        guard store.names.contains(name) else {
            if workspace.node(SecretKind.name, name) == nil { throw unknown(name) }
            return false
        }
        do throws(SecretStoreError) { try await store.remove(name) } catch {
            throw NodeFailure(.prerequisite, error.message, remedy: error.remedy)
        }
        return true
    }

    /// Env files that are there and hold something made of these secrets.
    public func environmentFiles(of names: [String]) -> [NodeID] {
        let secrets = Set(names.map { NodeID(SecretKind.name, $0) })
        return workspace.nodes(of: EnvironmentFileKind.name).filter { node in
            guard let place = node.place, host.files.isFile(place), node.common.reasonAgainst(host) == nil else {
                return false
            }
            return !secrets.isDisjoint(with: workspace.secrets(behind: node.texts))
        }.map(\.id)
    }

    /// Services and steps that got a value made of these secrets, by their definition or from one of those env files.
    public func holders(of names: [String], _ files: [NodeID]) -> (services: [String], steps: [String]) {
        let secrets = Set(names.map { NodeID(SecretKind.name, $0) })
        let files = Set(files)
        func holds(_ node: any WorkspaceNode) -> Bool {
            !secrets.isDisjoint(with: workspace.secrets(behind: node.texts))
                || workspace.edges(of: node.id).contains { files.contains($0.need) }
        }
        func holding(_ kind: String) -> [String] { workspace.nodes(of: kind).filter(holds).map(\.id.name) }
        return (holding(ServiceKind.name), holding(StepKind.name))
    }

    private func unknown(_ name: String) -> NodeFailure {
        let near = TextDistance.nearest(
            to: name, among: workspace.nodes(of: SecretKind.name).map(\.id.name) + store.names)
        return NodeFailure(
            .failed, "there is no secret '\(name)'",
            remedy: near.map { "did you mean '\($0)'?" } ?? "devinit secrets list shows those that there are")
    }
}
