import Base
public import Execution
public import HostInterfaces
import ManifestModel
public import Secrets
import State

/// A secret that a person must give. All such questions of a run are asked first, together.
public struct SecretQuestion: Hashable, Sendable {
    public let name: String
    public let prompt: String
    /// Where the person finds it.
    public let hint: String?
    /// Whether Enter alone stands for a default.
    public var hasDefault: Bool { standard != nil }
    /// Whether an empty answer is one: the secret may be missing, or has a default.
    public let isOptional: Bool
    let pattern: String?
    /// Kept for an empty answer.
    let standard: String?
    let definition: String

    /// The same where an empty answer is none: a new value is to be given.
    public var mandatory: SecretQuestion {
        SecretQuestion(
            name: name, prompt: prompt, hint: hint, isOptional: false, pattern: pattern, standard: nil,
            definition: definition)
    }

    /// For a secret that is generated otherwise, and of which nothing more is known.
    public init(mandatory name: String) {
        self.init(
            name: name, prompt: name, hint: nil, isOptional: false, pattern: nil, standard: nil, definition: "")
    }

    init(
        name: String, prompt: String, hint: String?, isOptional: Bool, pattern: String?, standard: String?,
        definition: String
    ) {
        self.name = name
        self.prompt = prompt
        self.hint = hint
        self.isOptional = isOptional
        self.pattern = pattern
        self.standard = standard
        self.definition = definition
    }

    /// What is wrong with an answer, in words that don't repeat it; nil when it may stand.
    public func problem(with answer: String) -> String? {
        if answer.isEmpty { return isOptional ? nil : "an answer is needed" }
        if answer.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" }) {
            return "it holds a control character; was it pasted whole?"
        }
        return Self.matches(answer, pattern) ? nil : "it must match \(pattern ?? "")"
    }

    /// The pattern speaks of the whole answer.
    static func matches(_ answer: String, _ pattern: String?) -> Bool {
        guard let pattern, let expression = try? Regex(pattern) else { return true }
        return (try? expression.wholeMatch(in: answer)) != nil
    }
}

/// The questions of a run, and the place for their answers.
public enum SecretQuestions {
    /// The secrets among those nodes that a person must give and nobody gave yet, in the manifest's order. Where nobody
    /// can be asked, those are left out that can do without an answer.
    public static func open(
        in workspace: Workspace, nodes: Set<NodeID>, host: Host, secrets: SecretShelf
    ) -> [SecretQuestion] {
        let asked = workspace.order.compactMap { id in
            nodes.contains(id) ? workspace.nodes[id] as? SecretNode : nil
        }.filter { node in
            guard case .prompt = node.declaration.source else { return false }
            return node.common.reasonAgainst(host) == nil
        }
        if asked.isEmpty { return [] }
        let store = secrets.reloaded(workspace, host)
        // One that the keychain does not give was given.
        return asked.filter { store.problem(with: $0.id.name) == nil }
            .filter { $0.declaration.answer(store.get($0.id.name)) == nil }
            .map { question($0, in: workspace) }
            .filter { !$0.isOptional || host.terminal.canAsk }
    }

    /// Keeps an answer for this and later runs. An empty one stands for the default, and where there is none it is
    /// remembered that the secret was not given.
    public static func keep(
        _ answer: String, for question: SecretQuestion, in workspace: Workspace, host: Host, secrets: SecretShelf
    ) async throws(SecretStoreError) {
        let value = answer.isEmpty ? question.standard ?? "" : answer
        let stored = StoredSecret(
            value: value, kind: value.isEmpty ? SecretDeclaration.notGiven : "prompt", definition: question.definition)
        do throws(SystemError) {
            try StateFolder(host: host, workspaceRoot: workspace.root).prepare()
        } catch {
            throw SecretStoreError("the state folder can't be made: \(error)", remedy: "make it writable")
        }
        try await secrets.reloaded(workspace, host).set(question.name, to: stored)
    }

    static func question(_ node: SecretNode, in workspace: Workspace) -> SecretQuestion {
        let values = Values(mask: SecretMask())
        func text(_ text: Text?) -> String? { text.map { (try? workspace.resolve($0, values))?.text ?? $0.source } }
        guard case .prompt(let prompt, let pattern, let standard) = node.declaration.source else {
            return SecretQuestion(
                name: node.id.name, prompt: node.id.name, hint: nil, isOptional: node.declaration.isOptional,
                pattern: nil, standard: nil, definition: "")
        }
        return SecretQuestion(
            name: node.id.name, prompt: text(prompt) ?? node.id.name, hint: text(node.declaration.hint),
            isOptional: node.declaration.isOptional || standard != nil, pattern: pattern?.source,
            standard: text(standard), definition: node.declaration.definition)
    }
}
