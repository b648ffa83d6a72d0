import Base
import Execution
import HostInterfaces

/// The logs that go into a report: each within a bound, and all together within one.
struct ReportLogs: Sendable {
    /// One log as far as it goes into the page.
    struct Log: Hashable, Sendable {
        /// Bytes of the whole file.
        var bytes: Int
        /// The whole text; or its beginning and its end; or nothing, where the page has no room for it.
        var parts: [String]
        /// Bytes that are not in the page.
        var leftOut: Int
        /// The whole log, as seen from the workspace.
        var path: Path
    }

    /// Bytes of one log.
    var perLog = 64 << 10
    /// Bytes of all of them.
    var inAll = 8 << 20

    /// By the place of the node. Where there is no room for all, what failed or was tried again comes first, then the
    /// critical path, then what took longest. Only regular files of the run's own folder are read, whatever the record
    /// says: a link there could lead to anybody's secrets.
    func read(_ report: RunReport, critical: [Int], in folder: RunFolder, root: Path, files: any FileSystem) -> [Int:
        Log]
    {
        let entries = (try? files.entries(of: folder.path)) ?? []
        let there = Set(entries.filter { $0.kind == .file }.map(\.name))
        var logs: [Int: Log] = [:]
        var room = inAll
        for place in byImportance(report, critical) {
            guard let id = NodeID(report.nodes[place].name) else { continue }
            let path = folder.log(of: id)
            guard there.contains(path.name), let status = try? files.status(of: path, followingLinks: false),
                status.kind == .file, status.size > 0
            else { continue }
            var log = Log(bytes: status.size, parts: [], leftOut: status.size, path: path.relative(to: root))
            let bound = min(perLog, room)
            // Less than that is no use to anybody.
            if status.size <= bound || bound >= 4096 {
                (log.parts, log.leftOut) =
                    (try? parts(of: path, size: status.size, bound: bound, files)) ?? ([], status.size)
            }
            room -= status.size - log.leftOut
            logs[place] = log
        }
        return logs
    }

    private func byImportance(_ report: RunReport, _ critical: [Int]) -> [Int] {
        let path = Set(critical)
        func rank(_ place: Int) -> (Int, Double, Int) {
            let node = report.nodes[place]
            let isTelling = node.status == "failed" || node.attempts.count > 1 || node.status == "running"
            return (isTelling ? 0 : path.contains(place) ? 1 : 2, -node.seconds(until: report.seconds), place)
        }
        return report.nodes.indices.map { ($0, rank($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// Of a long log the beginning and, three times as long, the end: there stands why something failed.
    private func parts(
        of path: Path, size: Int, bound: Int, _ files: any FileSystem
    ) throws(SystemError) -> (parts: [String], leftOut: Int) {
        if size <= bound { return ([Self.text(try files.read(path, from: 0, count: size)[...])], 0) }
        let beginning = try files.read(path, from: 0, count: bound / 4)[...]
        let end = try files.read(path, from: size - bound / 4 * 3, count: bound / 4 * 3)[...]
        // Whole lines; a single endless line is cut where it has to be.
        let head = beginning.lastIndex(of: UInt8(ascii: "\n")).map { beginning[...$0] } ?? beginning
        let tail = end.firstIndex(of: UInt8(ascii: "\n")).map { end[($0 + 1)...] } ?? end
        let kept = tail.isEmpty ? end : tail
        return ([Self.text(head), Self.text(kept)], size - head.count - kept.count)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        SafeText.lines(String(decoding: bytes, as: UTF8.self)).joined(separator: "\n")
    }
}
