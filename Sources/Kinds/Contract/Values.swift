import Base
public import Execution
public import ManifestModel
public import Secrets
import Synchronization

/// What `${…}` stands for in this run: ports that were decided, secrets that were resolved, paths.
public final class Values: Sendable {
    public let mask: SecretMask
    private let state: Mutex<State>

    private struct State {
        var secrets: [String: String?] = [:]
        var ports: [String: Int] = [:]
        var texts: [String: String] = [:]
    }

    public init(mask: SecretMask) {
        self.mask = mask
        state = Mutex(State())
    }

    /// A secret of this run; `.some(nil)` when it is optional and was not given, nil when it is not resolved yet.
    public func secret(_ name: String) -> String?? { state.withLock { $0.secrets[name] } }

    /// Remembers a secret for this run and masks it everywhere.
    public func setSecret(_ name: String, to value: String?) {
        if let value { mask.add(value, name: name) }
        state.withLock { $0.secrets[name] = .some(value) }
    }

    /// The host port decided for a service; `name` is the port's name or "" for the first.
    public func port(_ service: String, _ name: String) -> Int? { state.withLock { $0.ports["\(service)/\(name)"] } }

    /// Notes the port of a service on this machine, before anything refers to it.
    public func setPort(_ service: String, _ name: String, to port: Int) {
        state.withLock { $0.ports["\(service)/\(name)"] = port }
    }

    /// A value that a kind keeps for its own references, such as the host of a remote engine.
    public func text(_ key: String) -> String? { state.withLock { $0.texts[key] } }

    /// Notes a value that `text` returns.
    public func setText(_ key: String, to value: String) { state.withLock { $0.texts[key] = value } }
}

/// A text with nothing left to look up.
public struct ResolvedText: Hashable, Sendable {
    public var text: String
    /// Whether a secret is in it.
    public var isSecret: Bool

    public init(text: String, isSecret: Bool) {
        self.text = text
        self.isSecret = isSecret
    }
}

extension Workspace {
    /// Looks up dotted references: `services.postgres.port` asks the node `service:postgres`.
    public func scope(_ values: Values) -> Scope {
        Scope(
            variable: { _ in .later },
            reference: { reference in self.lookup(reference, in: values) })
    }

    /// What a dotted reference stands for; `.later` for a namespace that no kind has.
    public func lookup(_ reference: Reference, in values: Values) -> Lookup {
        guard let kind = namespaces[reference.namespace] else { return .later }
        guard reference.path.count > 1 else {
            return .failure(.unknown("\(reference): a name must follow, as in \(reference).NAME"))
        }
        guard let node = node(kind, reference.path[1]) else {
            let names = order.filter { $0.kind == kind }.map(\.name)
            let near = TextDistance.nearest(to: reference.path[1], among: names)
            return .failure(
                .unknown(
                    "\(reference): there is no \(kind) '\(reference.path[1])'"
                        + (near.map { "; did you mean '\($0)'?" } ?? "")))
        }
        let path = Array(reference.path.dropFirst(2))
        if let node = node as? any ReferringNode { return node.value(of: path, in: values, scope: scope(values)) }
        return node.value(of: path, in: values)
    }

    /// The text with everything looked up. Fails with what is missing and where it is referred to.
    public func resolve(_ text: Text, _ values: Values) throws(NodeFailure) -> ResolvedText {
        if let literal = text.literal { return ResolvedText(text: literal, isSecret: false) }
        let result: Substituted
        do throws(SubstitutionError) {
            result = try text.template.substituting(scope(values))
        } catch {
            throw NodeFailure(.prerequisite, "\(text.location): \(error.message)")
        }
        if let resolved = result.text { return ResolvedText(text: resolved, isSecret: result.isSecret) }
        let open = result.template.references.map(\.description) + result.template.variables
        throw NodeFailure(.prerequisite, "\(text.location): \(open.joined(separator: ", ")) has no value yet")
    }
}
