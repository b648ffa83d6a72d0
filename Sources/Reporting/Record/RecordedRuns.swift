public import Base
public import HostInterfaces

/// The runs whose records are kept, to look at.
public struct RecordedRuns: Sendable {
    /// More than any run writes; a record beyond it is refused, not read.
    static let limit = 1 << 30

    private let files: any FileSystem
    private let runs: Path

    /// `runs`: the folder that holds a folder per run.
    public init(files: any FileSystem, runs: Path) {
        self.files = files
        self.runs = runs
    }

    /// The ids, oldest first. A link is no record: it could lead anywhere.
    public var ids: [String] {
        ((try? files.entries(of: runs)) ?? []).filter { $0.kind == .folder && hasEvents($0.name) }.map(\.name)
    }

    /// The runs that a word means: the one of that id, or all whose ids begin with it.
    public func matching(_ word: String) -> [String] {
        let ids = ids
        return ids.contains(word) ? [word] : ids.filter { $0.hasPrefix(word) }
    }

    /// The whole record of a run that `ids` has.
    public func report(of id: String, isGoing: (RunReport) -> Bool) throws(SystemError) -> RunReport {
        RunRecordReader.read(try files.read(folder(id).events, limit: Self.limit), run: id, isGoing: isGoing)
    }

    /// The same without its middle, for a list: its first line, and what stands at its end.
    public func overview(of id: String, isGoing: (RunReport) -> Bool) throws(SystemError) -> RunReport {
        let path = folder(id).events
        let size = try files.status(of: path, followingLinks: false)?.size ?? 0
        var head: [UInt8] = []
        var step = 1 << 14
        while head.count < size, !head.contains(UInt8(ascii: "\n")) {
            let more = try files.read(path, from: head.count, count: step)
            if more.isEmpty { break }
            head += more
            step *= 4
        }
        let first = head.split(separator: UInt8(ascii: "\n")).first ?? []
        let start = max(first.count, size - 1 << 16)
        var last = try files.read(path, from: start, count: size - start)[...]
        // Never half a line.
        last = last.firstIndex(of: UInt8(ascii: "\n")).map { last[($0 + 1)...] } ?? []
        return RunRecordReader.read(Array(first) + [UInt8(ascii: "\n")] + last, run: id, isGoing: isGoing)
    }

    /// Where the record of a run stands.
    public func folder(_ id: String) -> RunFolder { RunFolder(runs: runs, run: id) }

    private func hasEvents(_ name: String) -> Bool {
        let folder = folder(name)
        return folder.path.name == name
            && (try? files.status(of: folder.events, followingLinks: false))?.kind == .file
    }
}
