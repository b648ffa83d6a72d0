import Base
import Execution
public import HostInterfaces
public import ManifestModel
public import Secrets
import State
import Synchronization

/// The stored secrets as the nodes of one run share them: read once, when the first is asked for.
public final class SecretShelf: Sendable {
    private let known = Mutex<SecretStore?>(nil)
    private let place: SecretPlace
    /// Stays when the store is read again: the keychain is asked once for each secret.
    private let fetched = FetchedSecrets()

    /// `place` is where new values go.
    public init(place: SecretPlace = .file) { self.place = place }

    /// Gets what the keychain has of the workspace's secrets; nothing where none is there. With `patience` a person has
    /// the time to unlock it, and what the file still has goes into the keychain where that was chosen. Returns what the
    /// user should hear.
    public func fetch(_ workspace: Workspace, _ host: Host, patience: Bool) async -> [String] {
        let store = store(workspace, host)
        await store.fetch(patience: patience)
        guard patience else { return [] }
        do throws(SecretStoreError) {
            let moved = try await store.moveToKeychain()
            return moved.isEmpty ? [] : ["moved into the keychain: \(moved.joined(separator: ", "))"]
        } catch { return ["\(error.message); what the file has of secrets stays there (\(error.remedy))"] }
    }

    /// Masks all that is at hand, whatever a run chose: a step may print a secret that it read from a file.
    public func mask(_ workspace: Workspace, _ host: Host, in mask: SecretMask) {
        let store = store(workspace, host)
        for name in store.names { if let secret = store.get(name) { mask.add(secret.value, name: name) } }
        for case let node as SecretNode in workspace.nodes(of: SecretKind.name) {
            guard case .environment(let name) = node.declaration.source else { continue }
            if let value = host.environment[name] { mask.add(value, name: node.id.name) }
        }
    }

    func store(_ workspace: Workspace, _ host: Host) -> SecretStore {
        known.withLock { known in
            if let known { return known }
            let store = SecretStore(
                in: StateFolder(host: host, workspaceRoot: workspace.root), host: host, place: place, fetched: fetched)
            known = store
            return store
        }
    }

    /// The same as it is on disk now: answers are kept after the plan was made.
    func reloaded(_ workspace: Workspace, _ host: Host) -> SecretStore {
        known.withLock { $0 = nil }
        return store(workspace, host)
    }
}

/// What the store knows of a secret.
enum StoredAnswer: Hashable, Sendable {
    case value(String)
    /// An optional one that the person did not give.
    case notGiven
}

extension SecretDeclaration {
    /// The word under which the store remembers that an optional secret was not given.
    static let notGiven = "not-given"

    /// What was stored for the secret as it is declared now; nil when that does not answer it: nothing is there, it was
    /// generated and a person is to give it now, or it does not match the pattern.
    func answer(_ stored: StoredSecret?) -> StoredAnswer? {
        guard let stored else { return nil }
        switch source {
        case .generate:
            // A value that data may have been made with is never replaced unasked, wherever it came from.
            return stored.kind == Self.notGiven ? nil : .value(stored.value)
        case .prompt(_, let pattern, _):
            if stored.kind == Self.notGiven { return isOptional ? .notGiven : nil }
            guard stored.kind == "prompt", SecretQuestion.matches(stored.value, pattern?.source) else { return nil }
            return .value(stored.value)
        default: return nil
        }
    }
}

extension NodeContext {
    /// Brings back stored secrets that the texts refer to and no node of this run resolved, because the command chose
    /// only some nodes.
    public func recallSecrets(in texts: [Text]) {
        // A service's address may hold a secret of the service.
        let behind = workspace.referred(by: texts).filter { $0.kind == ServiceKind.name }
            .flatMap { workspace.nodes[$0]?.texts ?? [] }
        for reference in (texts + behind).flatMap(\.references) where reference.namespace == SecretKind.namespace {
            guard reference.path.count == 2, case .none = values.secret(reference.path[1]),
                let node = workspace.node(SecretKind.name, reference.path[1]) as? SecretNode
            else { continue }
            let store = parts.secrets.store(workspace, host)
            switch node.declaration.answer(store.get(reference.path[1])) {
            case .value(let value): values.setSecret(reference.path[1], to: value)
            case .notGiven: values.setSecret(reference.path[1], to: nil)
            case nil: continue
            }
        }
    }

    /// Where references are looked up by those that only compare. While planning no secret is resolved for the run;
    /// what is at hand without asking anybody (stored, in a variable, in a file) is compared and forgotten again.
    var comparingScope: Scope {
        let scope = workspace.scope(values)
        guard isPlanning else { return scope }
        return Scope(
            variable: scope.variable,
            reference: { reference in
                let found = scope.reference(reference)
                guard found == .later, reference.namespace == SecretKind.namespace, reference.path.count == 2,
                    let node = self.workspace.node(SecretKind.name, reference.path[1]) as? SecretNode
                else { return found }
                return node.atHand(self)
            })
    }
}

extension SecretNode {
    /// The value as far as it can be told by reading.
    fileprivate func atHand(_ context: NodeContext) -> Lookup {
        switch declaration.source {
        case .generate, .prompt:
            switch declaration.answer(context.parts.secrets.store(context.workspace, context.host).get(id.name)) {
            case .value(let value): return .secret(value)
            case .notGiven: return .missing
            case nil: return .later
            }
        case .environment(let name):
            if let value = context.host.environment[name], !value.isEmpty { return .secret(value) }
            return declaration.isOptional ? .missing : .later
        case .file(let stated):
            guard let path = stated.path(in: context.workspace), context.host.files.isFile(path),
                let bytes = try? context.host.files.read(path, limit: Self.largestValue)
            else { return declaration.isOptional ? .missing : .later }
            let value = Self.trimmed(bytes)
            return value.isEmpty ? .missing : .secret(value)
        case .command, .preset, .none: return .later
        }
    }
}
