import Base
import Execution
import HostInterfaces

/// The snapshots that an engine keeps for a workspace's name: all its folders and instances share them, so that data that
/// was seeded in one is there for the next.
struct SnapshotShelf {
    let client: EngineClient
    /// The workspace's name.
    let workspace: String
    let root: String
    let now: Double

    /// How old a part without its whole must be before it is nobody's work in progress, in seconds.
    private static let staleAge = 86_400.0
    private static let rootLabel = "dev.devinit.snapshot.root"
    private static let timeLabel = "dev.devinit.snapshot.time"

    /// Whole ones, oldest first; of several with one name and service the newest.
    func all() async throws(NodeFailure) -> [Snapshot] { Snapshot.newest(of: try await whole()) }

    private func whole() async throws(NodeFailure) -> [Snapshot] {
        try await volumes(Snapshot.label).compactMap { Snapshot(volume: $0) }
    }

    /// Makes a volume for a copy.
    func makeCopy(_ name: String, mark: String) async throws(NodeFailure) {
        try await asking { () async throws(EngineClient.Failure) in
            try await client.createVolume(
                name,
                labels: [
                    Snapshot.copyLabel: workspace, Snapshot.markLabel: mark, Self.rootLabel: root,
                    Self.timeLabel: String(Int(now)),
                ])
        }
    }

    /// Makes a snapshot of copies that are whole, and removes what it replaces.
    func complete(_ snapshot: Snapshot) async throws(NodeFailure) {
        try await asking { () async throws(EngineClient.Failure) in
            try await client.createVolume(
                snapshot.volumeName(in: workspace),
                labels: [
                    Snapshot.label: workspace, Snapshot.markLabel: snapshot.mark,
                    Snapshot.aboutLabel: snapshot.about.text(),
                ])
        }
        for old in (try? await whole()) ?? []
        where old.name == snapshot.name && old.service == snapshot.service && old.mark != snapshot.mark {
            try? await remove(old)
        }
    }

    /// The last volume goes first: from then on it is no snapshot any more.
    func remove(_ snapshot: Snapshot) async throws(NodeFailure) {
        try await asking { () async throws(EngineClient.Failure) in
            try await client.removeVolume(snapshot.volumeName(in: workspace))
        }
        for copy in snapshot.copies { try? await client.removeVolume(copy) }
    }

    /// Copies whose snapshot never got whole, or is gone: ours, and those of others after a day.
    func clearLeftovers() async {
        guard let known = try? await whole(), let copies = try? await volumes(Snapshot.copyLabel) else { return }
        let marks = Set(known.map(\.mark))
        for copy in copies {
            guard let name = copy["Name"]?.string, let labels = copy["Labels"],
                labels[Snapshot.markLabel]?.string.map(marks.contains) == false
            else { continue }
            let age = now - (labels[Self.timeLabel]?.string.flatMap { Double($0) } ?? 0)
            if labels[Self.rootLabel]?.string == root || age > Self.staleAge { try? await client.removeVolume(name) }
        }
    }

    private func volumes(_ label: String) async throws(NodeFailure) -> [JSON] {
        try await asking { () async throws(EngineClient.Failure) in
            try await client.volumes(label: "\(label)=\(workspace)")
        }
    }

    private func asking<Value>(
        _ body: () async throws(EngineClient.Failure) -> Value
    ) async throws(NodeFailure) -> Value {
        do throws(EngineClient.Failure) { return try await body() } catch {
            if Task.isCancelled { throw NodeFailure(.cancelled, "cancelled") }
            throw NodeFailure(.failed, "the engine does not do its part for the snapshot: \(error)")
        }
    }
}
