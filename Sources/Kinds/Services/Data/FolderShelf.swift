import Base
import Execution
import HostInterfaces

/// Snapshots of services that run without a container: copies of their folders, for all folders and instances of a
/// workspace's name, as `SnapshotShelf` is for volumes.
///
/// `$XDG_DATA_HOME/devinit/snapshots/WORKSPACE/SERVICE.MARK`: in it `data`, and last of all `about.json`, without which
/// there is no snapshot.
struct FolderShelf {
    let host: Host
    /// The workspace's name.
    let workspace: String

    private static let aboutName = "about.json"
    private static let sizeLimit = 16 << 20
    private var folder: Path { NativeData.home(of: host) / "snapshots" / workspace }

    /// Whole ones, oldest first; of several with one name and service the newest.
    func all() -> [Snapshot] { Snapshot.newest(of: whole()) }

    private func whole() -> [Snapshot] { folders().compactMap { about(in: $0) } }

    private func folders() -> [Path] {
        ((try? host.files.entries(of: folder)) ?? []).filter { $0.kind == .folder }.map { folder / $0.name }
    }

    private func about(in place: Path) -> Snapshot? {
        guard let bytes = try? host.files.read(place / Self.aboutName, limit: Self.sizeLimit),
            let about = try? JSON(parsing: bytes), let mark = place.name.split(separator: ".").last
        else { return nil }
        return Snapshot(about: about, mark: String(mark))
    }

    /// Copies a folder with owners, modes, times and links; its name there and what it takes, in bytes.
    func copy(_ source: Path, of service: String, mark: String) async throws(NodeFailure) -> (Path, bytes: Int) {
        let place = folder / "\(service).\(mark)"
        do throws(SystemError) {
            // To be passed through and not listed: a database may run as a user of its own.
            try host.files.makeFolder(NativeData.home(of: host), mode: 0o711)
            try host.files.makeFolder(folder, mode: 0o700)
            try host.files.makeFolder(place, mode: 0o700)
        } catch { throw NodeFailure(.failed, "the snapshot can't be made: \(error)") }
        do throws(NodeFailure) {
            try await copy(source, to: place / "data")
            return (place / "data", try await size(of: place / "data"))
        } catch {
            try? host.files.removeTree(place)
            throw error
        }
    }

    /// Copies a folder to a place where there is none yet.
    func copy(_ source: Path, to target: Path) async throws(NodeFailure) {
        _ = try await run(["cp", "-a", source.text, target.text])
    }

    private func size(of folder: Path) async throws(NodeFailure) -> Int {
        let text = try await run(["du", "-sk", folder.text])
        return (Int(text.prefix { $0.isNumber }) ?? 0) * 1024
    }

    private func run(_ words: [String]) async throws(NodeFailure) -> String {
        let request = ProcessRequest(words, environment: host.environment, folder: host.currentFolder)
        let result: ProcessResult
        do throws(ProcessError) { result = try await host.processes.run(request, onOutput: nil) } catch {
            throw NodeFailure(.failed, "the data can't be copied: \(error)")
        }
        if result.end == .cancelled { throw NodeFailure(.cancelled, "cancelled") }
        guard result.succeeded else {
            let lines = result.errorText.split(separator: "\n").map(String.init)
            throw NodeFailure(.failed, "the data can't be copied: \(lines.last ?? words[0])", output: lines)
        }
        return result.text
    }

    /// Makes a snapshot of a copy that is whole, and removes what it replaces.
    func complete(_ snapshot: Snapshot, at copy: Path) throws(NodeFailure) {
        do throws(SystemError) {
            try host.files.replace(copy.parent / Self.aboutName, with: snapshot.about.bytes(), mode: 0o600)
            for old in whole()
            where old.name == snapshot.name && old.service == snapshot.service && old.mark != snapshot.mark {
                try remove(old)
            }
        } catch { throw NodeFailure(.failed, "the snapshot can't be made: \(error)") }
    }

    /// What makes it one goes first.
    func remove(_ snapshot: Snapshot) throws(SystemError) {
        let place = folder / "\(snapshot.service).\(snapshot.mark)"
        try host.files.remove(place / Self.aboutName)
        try host.files.removeTree(place)
    }

    /// Copies that never got whole. Whoever calls it has the workspace to itself; what is younger than a day may belong
    /// to another one of the same name.
    func clearLeftovers(now: Double) {
        for place in folders() where !host.files.exists(place / Self.aboutName) {
            guard let made = (try? host.files.status(of: place, followingLinks: false))??.modified else { continue }
            if now - Double(made) / 1e9 > 86_400 { try? host.files.removeTree(place) }
        }
    }
}
