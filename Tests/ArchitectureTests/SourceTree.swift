import Foundation

/// The files of the repository, as the rules look at them.
enum SourceTree {
    /// A Swift file with its text and the same without comments and strings.
    struct File: Sendable {
        /// From the repository's root.
        let path: String
        let lines: [String]
        let code: String

        /// The target it belongs to.
        var room: String {
            let folder = String(path.split(separator: "/")[1])
            return folder == "Worker" ? "devinit-worker" : folder
        }
    }

    /// A place where a pattern matched: the groups, empty where one took no part.
    struct Hit: Sendable {
        let file: File
        /// From 0.
        let line: Int
        let groups: [String]
        var place: String { "\(file.path):\(line + 1): \(file.lines[line].trimmingCharacters(in: .whitespaces))" }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below Sources.
    static let sources: [File] = paths(in: "Sources").filter { $0.hasSuffix(".swift") }.map(file)

    static func file(_ path: String) -> File {
        let text = text(path)
        return File(path: path, lines: text.components(separatedBy: "\n"), code: SwiftCode(blanking: text).text)
    }

    /// The regular files below a folder, in order, each from the root.
    static func paths(in folder: String) -> [String] {
        let place = root.appending(path: folder).path(percentEncoded: false)
        let below = (try? FileManager.default.subpathsOfDirectory(atPath: place)) ?? []
        return below.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: place + "/" + path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.map { folder + "/" + $0 }.sorted()
    }

    /// A file's text; empty where there is none.
    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// Where a pattern (ICU's; `^` and `$` are those of lines) matches in the code of these files.
    static func hits(of pattern: String, in files: [File] = sources) throws -> [Hit] {
        let pattern = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
        return files.flatMap { file in
            let code = file.code as NSString
            var line = 0
            var counted = 0
            return pattern.matches(in: file.code, range: NSRange(location: 0, length: code.length)).map { match in
                let from = match.range(at: match.numberOfRanges - 1).location
                let end = from == NSNotFound ? match.range.location : from
                line += code.substring(with: NSRange(location: counted, length: end - counted)).utf16.count { $0 == 10 }
                counted = end
                let groups = (1..<max(match.numberOfRanges, 1)).map {
                    let range = match.range(at: $0)
                    return range.location == NSNotFound ? "" : code.substring(with: range)
                }
                return Hit(file: file, line: line, groups: groups)
            }
        }
    }

    static func places(of pattern: String, in files: [File] = sources) throws -> [String] {
        try hits(of: pattern, in: files).map(\.place)
    }
}
