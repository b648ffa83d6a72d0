import Base
import HostFakes
import HostInterfaces
import State

/// A workspace on a machine in memory.
struct Workspace {
    let files: FakeFiles
    let clock: FakeClock
    let host: Host
    let folder: StateFolder

    init(
        files: FakeFiles = FakeFiles(), machine: String = "laptop", environment: [String: String] = [:],
        digests: (any Digests)? = nil
    ) {
        self.files = files
        clock = FakeClock()
        var fake = Machine.fake
        fake.identity = machine
        files.addFolder("/home/ana/shop")
        var host = Host.fake(files: files, clock: clock, environment: environment, machine: fake)
        if let digests { host.digests = digests }
        self.host = host
        folder = StateFolder(host: host, workspaceRoot: "/home/ana/shop")
    }

    func open() throws(SystemError) -> (journal: Journal, notices: [String]) {
        try Journal.open(in: folder, host: host)
    }

    func journal() throws(SystemError) -> Journal { try open().journal }

    /// The journal's own path.
    var path: Path {
        let names = ((try? files.entries(of: folder.path)) ?? []).map(\.name)
        return folder.path / (names.first { $0.hasPrefix("journal-") && $0.hasSuffix(".ndjson") } ?? "missing")
    }

    var text: String { files.text(of: path) ?? "" }

    /// Files that were set aside, by the word in their names.
    func aside(_ word: String) -> [Path] { files.snapshot.keys.filter { $0.text.contains(".\(word)-") }.sorted() }
}

extension JournalRecord {
    static func done(_ node: String, _ fingerprint: JSON = "print", seconds: Double = 1) -> JournalRecord {
        .done(node: node, fingerprint: fingerprint, seconds: seconds)
    }
}
