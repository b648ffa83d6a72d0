public import Base
public import HostInterfaces
import State

/// One approval that the user gave.
public struct Approval: Hashable, Sendable {
    public var fingerprint: String
    /// The git remote of the workspace, normalized; nil when it has none.
    public var remote: String?
    /// The workspace's root when it was given.
    public var root: Path
    /// Whatever this remote brings later is approved too.
    public var always: Bool
    /// What was approved, so that a later prompt can show the difference alone.
    public var items: [ExecutableItem]
    /// Seconds since 1970.
    public var at: Double
}

/// What the user approved, for all workspaces: `trust.json` in devinit's state folder, 0600.
public struct TrustStore: Sendable {
    /// How many contents are remembered for one place: branches that alternate are not asked about at each switch.
    private static let depth = 20
    private let store: JSONStore
    private let host: Host

    public init(host: Host) {
        self.host = host
        store = JSONStore(path: StateFolder.home(of: host) / "trust.json", schema: "devinit.trust/1", host: host)
    }

    /// What the user should hear about the store itself.
    public func takeNotices() -> [String] { store.takeNotices() }

    /// All approvals, oldest first.
    public var list: [Approval] { (store["approvals"]?.array ?? []).compactMap { Approval($0) } }

    /// Whether that content may be executed there: it was approved for this root or this remote, or its remote
    /// always is. Content approved elsewhere does not count, since its commands run other scripts there.
    public func isApproved(_ fingerprint: String, remote: String?, root: Path) -> Bool {
        let remote = remote.map(RemoteIdentity.normalized)
        return list.contains { approval in
            let sameRemote = remote != nil && approval.remote == remote
            if approval.always && sameRemote { return true }
            return approval.fingerprint == fingerprint && (sameRemote || approval.root == root)
        }
    }

    /// What was last approved there; nil when nothing was.
    public func previous(remote: String?, root: Path) -> [ExecutableItem]? {
        let remote = remote.map(RemoteIdentity.normalized)
        let here = list.last { $0.root == root } ?? list.last { remote != nil && $0.remote == remote }
        return here?.items
    }

    /// Writes an approval down. `always` needs a remote; without one it stands for this content alone.
    public func approve(
        _ content: TrustContent, remote: String?, root: Path, always: Bool = false
    ) async throws(SystemError) {
        let remote = remote.map(RemoteIdentity.normalized)
        let approval = Approval(
            fingerprint: content.fingerprint(host.digests), remote: remote, root: root, always: always && remote != nil,
            items: content.items, at: host.clock.wallSeconds)
        try await change { approvals in
            // An "always" that was given stays when the content alone is approved again.
            approvals.removeAll {
                $0.root == root && $0.remote == remote && $0.fingerprint == approval.fingerprint
                    && (approval.always || !$0.always)
            }
            approvals.append(approval)
            let here = approvals.filter { $0.root == root && !$0.always }
            for old in here.dropLast(TrustStore.depth) { approvals.removeAll { $0 == old } }
        }
    }

    /// Takes back everything approved for this root or this remote, and returns what that was.
    @discardableResult
    public func revoke(remote: String?, root: Path) async throws(SystemError) -> [Approval] {
        let remote = remote.map(RemoteIdentity.normalized)
        var revoked: [Approval] = []
        try await change { approvals in
            revoked = approvals.filter { $0.root == root || (remote != nil && $0.remote == remote) }
            approvals.removeAll { revoked.contains($0) }
        }
        return revoked
    }

    // MARK: Folders

    /// Folders below which every manifest is approved, whatever it brings.
    public var folders: [Path] { (store["folders"]?.array ?? []).compactMap { $0.string.map { Path($0) } } }

    /// Approves what is and what comes below a folder; the path has no links in it.
    public func approve(allUnder folder: Path) async throws(SystemError) {
        try await store.update { values in
            let known = values["folders"]?.array ?? []
            if !known.contains(.string(folder.text)) { values["folders"] = .array(known + [.string(folder.text)]) }
        }
    }

    /// Takes that back; false where it was not given.
    public func revoke(allUnder folder: Path) async throws(SystemError) -> Bool {
        var isGiven = false
        try await store.update { values in
            let known = values["folders"]?.array ?? []
            isGiven = known.contains(.string(folder.text))
            values["folders"] = .array(known.filter { $0 != .string(folder.text) })
        }
        return isGiven
    }

    private func change(_ change: (inout [Approval]) -> Void) async throws(SystemError) {
        try await store.update { values in
            var approvals = (values["approvals"]?.array ?? []).compactMap { Approval($0) }
            change(&approvals)
            values["approvals"] = .array(approvals.map(\.json))
        }
    }
}

extension Approval {
    init?(_ json: JSON) {
        guard let fingerprint = json["fingerprint"]?.string, let root = json["root"]?.string else { return nil }
        self.init(
            fingerprint: fingerprint, remote: json["remote"]?.string, root: Path(root),
            always: json["always"]?.bool ?? false,
            items: (json["items"]?.array ?? []).map { item in
                ExecutableItem(
                    node: item["node"]?.string ?? "", location: item["location"]?.string ?? "",
                    what: item["what"]?.string ?? "", text: item["text"]?.string ?? "")
            }, at: json["at"]?.number ?? 0)
    }

    /// The approval as it is kept, and as `trust --show --json` gives it.
    public var json: JSON {
        let items: [JSON] = items.map { item in
            [
                "node": .string(item.node), "location": .string(item.location), "what": .string(item.what),
                "text": .string(item.text),
            ]
        }
        return .members([
            "fingerprint": .string(fingerprint), "remote": remote.map { .string($0) }, "root": .string(root.text),
            "always": .bool(always), "at": .number(at), "items": .array(items),
        ])
    }
}
