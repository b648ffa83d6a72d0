import Base
public import Execution
import HostInterfaces
import ManifestModel
import Secrets

/// A secret as people may see it: where it comes from, whether it is there, who uses it. Never its value.
public struct SecretSummary: Hashable, Sendable {
    /// Whether there is a value.
    public enum State: String, Sendable {
        /// Kept by devinit.
        case stored
        /// In a variable or a file of this machine.
        case there
        /// Optional, and the person gave none.
        case notGiven = "not-given"
        /// Fetched when it is needed.
        case fetched
        case missing
    }

    public let name: String
    /// The key of the manifest that says where it comes from, `generate` say; nil where the manifest has no such secret
    /// any more.
    public let source: String?
    /// The same in words.
    public let origin: String
    public let isOptional: Bool
    public let state: State
    /// Where devinit keeps it: a file's path, or `keychain`; nil where it keeps none.
    public let place: String?
    /// Nodes whose definition refers to it, in the order of the manifest.
    public let users: [NodeID]
}

extension Workspace {
    /// Nodes whose values are made of the secret, directly or through the address of a service, in the order of the
    /// manifest. Other secrets are not among them.
    func users(of secret: NodeID) -> [NodeID] {
        order.filter { id in
            guard id.kind != SecretKind.name, let node = nodes[id] else { return false }
            return secrets(behind: node.texts).contains(secret)
        }
    }
}

extension SecretDeclaration {
    /// The key that says where it comes from.
    var sourceKey: String? {
        switch source {
        case .generate: "generate"
        case .prompt: "prompt"
        case .command: "command"
        case .preset: "use"
        case .environment: "env"
        case .file: "file"
        case .none: nil
        }
    }

    /// Where it comes from, in words.
    var origin: String {
        switch source {
        case .generate(let form, let length):
            form == .uuid ? "generated: uuid" : "generated: \(form.rawValue), \(length)"
        case .prompt: "asked for"
        case .preset(let use): use.preset.name
        case .command(let command): "command: \(command.description)"
        case .environment(let name): "variable \(name)"
        case .file(let path): "file \(path.text.source)"
        case .none: "nowhere"
        }
    }
}

extension SecretNode {
    func summary(_ store: SecretStore, _ workspace: Workspace, _ host: Host) -> SecretSummary {
        let state: SecretSummary.State
        switch declaration.source {
        case .generate, .prompt:
            switch declaration.answer(store.get(id.name)) {
            case .value: state = .stored
            case .notGiven: state = .notGiven
            // The keychain has it, and was not asked for it.
            case nil: state = store.problem(with: id.name) == nil ? .missing : .stored
            }
        case .command, .preset: state = .fetched
        case .environment(let name): state = host.environment[name]?.isEmpty == false ? .there : .missing
        case .file(let stated):
            state = stated.path(in: workspace).map(host.files.isFile) == true ? .there : .missing
        case .none: state = .missing
        }
        return SecretSummary(
            name: id.name, source: declaration.sourceKey, origin: declaration.origin,
            isOptional: declaration.isOptional, state: state,
            place: state == .stored ? store.place(of: id.name) : nil, users: workspace.users(of: id))
    }
}
