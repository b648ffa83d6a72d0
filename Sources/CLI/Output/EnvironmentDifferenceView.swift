import Base
import Kinds
import Reporting
import Trust

/// What `env diff` shows, as a page and as `devinit.env/1`.
struct EnvironmentDifferenceView: Sendable {
    private let files: [EnvironmentFileDifference]

    init(_ files: [EnvironmentFileDifference]) { self.files = files }

    func lines(style: Style, width: Int?) -> [StyledLine] {
        if files.isEmpty { return ["the manifest has no env files"] }
        return files.flatMap { file in
            var title = StyledLine(file.file, .strong)
            if let problem = file.problem {
                title.add("  \(problem)", .bad)
                return [title]
            }
            if file.isMissing { title.add("  is not there yet", .faint) }
            if file.entries.isEmpty { title.add("  is as wanted", .faint) }
            return [title] + file.entries.flatMap { Self.lines($0, width: width) }
        }
    }

    private typealias Entry = EnvironmentFileDifference.Entry

    private static func lines(_ entry: Entry, width: Int?) -> [StyledLine] {
        let (sign, ink, words) = look(entry)
        var first = StyledLine("  \(sign) ", ink)
        first.add(VisibleText.show(entry.key), .strong)
        first.add("  \(words)", .faint)
        var rows: [(String, String?)] = []
        switch entry.kind {
        case .new: rows = [("wanted now", entry.wanted)]
        case .removed: rows = [("found now", entry.found)]
        default:
            rows = [
                ("written last", entry.written), ("found now", entry.found), ("wanted now", entry.wanted),
            ]
        }
        return [first]
            + rows.flatMap { title, value -> [StyledLine] in
                let label = "      " + title + String(repeating: " ", count: 14 - title.count)
                let shown = value.map { "\"\(VisibleText.show($0))\"" } ?? "-"
                let room = width.map { max(20, $0 - label.count) }
                return Wrapping.words(shown, columns: room).enumerated().map { index, part in
                    StyledLine(index == 0 ? label : String(repeating: " ", count: label.count), .faint)
                        + StyledLine(part)
                }
            }
    }

    private static func look(_ entry: Entry) -> (sign: String, ink: Ink, words: String) {
        switch entry.kind {
        case .new: ("+", .good, "is new")
        case .changed: ("~", .warning, "follows the manifest")
        case .renamed: ("~", .warning, "was \(VisibleText.show(entry.detail ?? "another name"))")
        case .removed: ("-", .bad, "is no longer wanted")
        case .taken: ("~", .warning, "is taken back by the manifest")
        case .yours: ("=", .accent, "is kept as you changed it")
        case .settled: ("=", .faint, "is yours")
        case .conflict: ("?", .bad, "differs, and somebody must say whose value stands")
        case .open: ("?", .faint, "is known after \(entry.detail ?? "other work")")
        }
    }

    var json: JSON {
        [
            "schema": "devinit.env/1",
            "changes": .array(
                files.map { file in
                    [
                        "file": .string(file.file), "exists": .bool(!file.isMissing),
                        "problem": file.problem.map { .string($0) } ?? .null,
                        "keys": .array(file.entries.map(Self.json)),
                    ]
                }),
        ]
    }

    private static func json(_ entry: Entry) -> JSON {
        func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        return [
            "key": .string(entry.key), "change": .string(entry.kind.rawValue), "written": text(entry.written),
            "found": text(entry.found), "wanted": text(entry.wanted), "detail": text(entry.detail),
        ]
    }
}
