import Base
import State

/// The data of one service as it was once, kept where the service runs: on the engine itself, or in a folder
/// (`FolderShelf`).
///
/// On the engine each of its volumes is copied into one of the engine's. When all are whole, a last volume is made whose label says what
/// belongs to the snapshot: without that one there is no snapshot, whatever else is there, so one that was cut short is
/// never taken for a whole one.
public struct Snapshot: Hashable, Sendable {
    /// What its maker called it; one name may stand for several services.
    public var name: String
    public var service: String
    /// When it was made, in seconds since 1970.
    public var at: Double
    /// What the copy takes on the engine's disk.
    public var bytes: Int
    /// The image that the data was in use by.
    public var image: String
    /// The workspace's folder that it was made from.
    public var root: String
    public var instance: String?
    /// Volumes of the service by the Compose file's name, each with the volume that holds the copy.
    var volumes: [(key: String, copy: String)] { zip(keys, copies).map { ($0, $1) } }
    var keys: [String]
    var copies: [String]
    /// What was done for this data: steps with `once` or `per`.
    var records: [JSON]
    /// Tells the parts of this snapshot from those of an earlier one of the same name.
    var mark: String

    /// Says that a volume is the last one of a snapshot, and of which workspace.
    static let label = "dev.devinit.snapshot"
    /// The same for a volume that holds a copy.
    static let copyLabel = "dev.devinit.snapshot.copy"
    static let markLabel = "dev.devinit.snapshot.mark"
    static let aboutLabel = "dev.devinit.snapshot.about"

    /// The name of the last volume.
    func volumeName(in workspace: String) -> String { Self.volumeName(name, service, mark, in: workspace) }

    static func volumeName(_ name: String, _ service: String, _ mark: String, in workspace: String) -> String {
        "\(workspace)_snapshot_\(name)_\(service)_\(mark)"
    }

    var about: JSON {
        [
            "name": .string(name), "service": .string(service), "at": .number(at), "bytes": .integer(bytes),
            "image": .string(image), "root": .string(root), "instance": instance.map { .string($0) } ?? .null,
            "keys": .array(keys.map { .string($0) }), "copies": .array(copies.map { .string($0) }),
            "records": .array(records),
        ]
    }

    /// What the label of a last volume says; nil where it does not say it.
    init?(volume: JSON) {
        guard let mark = volume["Labels"]?[Self.markLabel]?.string,
            let text = volume["Labels"]?[Self.aboutLabel]?.string, let about = try? JSON(parsing: text)
        else { return nil }
        self.init(about: about, mark: mark)
    }

    init?(about: JSON, mark: String) {
        guard let name = about["name"]?.string, let service = about["service"]?.string else { return nil }
        let keys = (about["keys"]?.array ?? []).compactMap(\.string)
        let copies = (about["copies"]?.array ?? []).compactMap(\.string)
        guard keys.count == copies.count, !keys.isEmpty else { return nil }
        self.init(
            name: name, service: service, at: about["at"]?.number ?? 0, bytes: about["bytes"]?.integer ?? 0,
            image: about["image"]?.string ?? "", root: about["root"]?.string ?? "",
            instance: about["instance"]?.string, keys: keys, copies: copies, records: about["records"]?.array ?? [],
            mark: mark)
    }

    init(
        name: String, service: String, at: Double, bytes: Int, image: String, root: String, instance: String?,
        keys: [String], copies: [String], records: [JSON], mark: String
    ) {
        self.name = name
        self.service = service
        self.at = at
        self.bytes = bytes
        self.image = image
        self.root = root
        self.instance = instance
        self.keys = keys
        self.copies = copies
        self.records = records
        self.mark = mark
    }

    /// Whether it is of a service that ran without a container: its copy is a folder of this machine.
    var isFolder: Bool { copies.first.map { $0.hasPrefix("/") } ?? false }

    /// Of several with one name and service the newest, oldest first.
    static func newest(of all: [Snapshot]) -> [Snapshot] {
        var newest: [String: Snapshot] = [:]
        for snapshot in all {
            let key = "\(snapshot.name)\n\(snapshot.service)"
            if newest[key].map({ $0.at <= snapshot.at }) ?? true { newest[key] = snapshot }
        }
        return newest.values.sorted { ($0.at, $0.name, $0.service) < ($1.at, $1.name, $1.service) }
    }

    /// Whether a text may be a snapshot's name: it becomes part of a volume's.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 60 else { return false }
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isPlain(first) && text.utf8.allSatisfy { isPlain($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }
}
