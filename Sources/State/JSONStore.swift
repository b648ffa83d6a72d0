public import Base
public import HostInterfaces
import Synchronization

/// A small file of named JSON values for the user alone (0600), replaced as a whole or not at all.
///
/// A file that can't be read is set aside as `NAME.broken-N` before anything is written, never lost and never fatal.
public final class JSONStore: Sendable {
    public let path: Path
    private let host: Host
    private let schema: String
    private let cache: Mutex<State>

    private struct State {
        var values: OrderedMap<String, JSON>
        var notices: [String]
    }

    /// Reads the store; a missing file is an empty one. `schema` names and versions what is in it:
    /// `devinit.secrets/1`. Nothing is written or moved before the first change.
    public init(path: Path, schema: String, host: Host) {
        self.path = path
        self.host = host
        self.schema = schema
        let (values, problem) = JSONStore.read(path, schema, host)
        let notices = problem.map { ["\(path) can't be used, because \($0). It will be set aside, not overwritten."] }
        cache = Mutex(State(values: values, notices: notices ?? []))
    }

    /// What the user should hear, each sentence once.
    public func takeNotices() -> [String] {
        cache.withLock { state in
            defer { state.notices = [] }
            return state.notices
        }
    }

    public subscript(name: String) -> JSON? { cache.withLock { $0.values[name] } }

    /// The names, in the order in which they came.
    public var names: [String] { cache.withLock { $0.values.keys } }

    /// Sets a value, or takes it away with nil.
    public func set(_ name: String, to value: JSON?) async throws(SystemError) {
        try await update { $0[name] = value }
    }

    /// Changes the values as they are on disk now: what another process wrote meanwhile is kept. Waits up to
    /// 10 seconds for that other process (`EAGAIN`). A change that changes nothing writes nothing.
    public func update(_ change: (inout OrderedMap<String, JSON>) -> Void) async throws(SystemError) {
        if !host.files.exists(path) { try DurableFolder.make(path.parent, on: host) }
        let lock = try await locked()
        defer { lock.release() }
        var (values, problem) = JSONStore.read(path, schema, host)
        let before = content(values)
        change(&values)
        let after = content(values)
        if after != before || problem != nil {
            if let problem {
                let target = try SetAside.move(path, as: "broken", in: host.files)
                cache.withLock { $0.notices = ["\(path) can't be used, because \(problem). It is kept as \(target)."] }
            }
            try host.files.replace(path, with: after, mode: 0o600)
        } else if host.files.exists(path) {
            // Whoever wrote it may have been stopped, or refused, just before it was safe.
            try host.files.synchronizeFolder(path.parent)
        }
        cache.withLock { $0.values = values }
    }

    private func locked() async throws(SystemError) -> any FileLock {
        let deadline = host.clock.monotonicSeconds + 10
        while true {
            if let lock = try host.files.lock(Path("\(path).lock")) { return lock }
            if host.clock.monotonicSeconds >= deadline || Task.isCancelled {
                throw SystemError(
                    call: "flock", subject: path.text, code: 11, reason: "Another devinit is writing there")
            }
            try? await host.clock.sleep(for: .milliseconds(20))
        }
    }

    private func content(_ values: OrderedMap<String, JSON>) -> [UInt8] {
        let members = values.map { JSON.Member($0.key, $0.value) }
        let document: JSON = ["schema": .string(schema), "values": .object(members)]
        return document.bytes(pretty: true) + [UInt8(ascii: "\n")]
    }

    /// The values, and why they could not be read.
    private static func read(
        _ path: Path, _ schema: String, _ host: Host
    ) -> (OrderedMap<String, JSON>, problem: String?) {
        var values = OrderedMap<String, JSON>()
        do throws(SystemError) {
            guard try host.files.status(of: path, followingLinks: true) != nil else { return (values, nil) }
            let content = try host.files.read(path, limit: 64 << 20)
            guard let json = try? JSON(parsing: content), let members = json["values"]?.object else {
                return (values, "it is damaged")
            }
            guard json["schema"]?.string == schema else {
                return (values, "its format is not the one this devinit writes")
            }
            for member in members { values[member.key] = member.value }
            return (values, nil)
        } catch {
            return (values, error.reason)
        }
    }
}
