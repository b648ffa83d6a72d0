import Base
import HostInterfaces

/// A list of globs, seen from a folder; `!` takes away again, and of several that fit the last one decides.
///
/// Wildcards never enter `.git` and `.devinit`, and follow no link to a folder. A link that leads out of the
/// boundaries counts by its target's name alone.
struct GlobSet: Sendable {
    struct Member: Sendable {
        var pattern: GlobPattern
        var isNegative: Bool
    }

    /// A file that a glob found.
    struct File: Hashable, Sendable {
        var path: Path
        /// What stands there; nil where nothing does: a name without wildcards counts also when it is missing.
        var status: FileStatus?
        /// The link leads out of the boundaries and is not followed.
        var isOutside = false
    }

    static let skippedFolders: Set<String> = [".git", ".devinit"]

    let members: [Member]

    init(_ texts: [String]) {
        members = texts.flatMap { text -> [Member] in
            let isNegative = text.utf8.first == UInt8(ascii: "!")
            let body = isNegative ? String(text.dropFirst()) : text
            return BraceExpansion.expand(body).map { Member(pattern: GlobPattern($0), isNegative: isNegative) }
        }
    }

    var isEmpty: Bool { members.isEmpty }

    /// The files, each once, in order of their paths. `boundaries` are folders without links in their own paths; they
    /// are asked for only where a link could lead out.
    func files(in folder: Path, boundaries: @autoclosure @escaping () -> [Path], on host: Host) -> [File] {
        var walk = GlobWalk(members: members, folder: folder, boundaries: boundaries, host: host)
        return walk.files()
    }

    /// Takes the files away that another set stands for, but for those that this one names without wildcards.
    func files(_ files: [File], without other: GlobSet, in folder: Path) -> [File] {
        let taken = other.members.map { RootedGlob($0.pattern, in: folder) }
        let named = members.filter { $0.pattern.isLiteral && !$0.isNegative }.map { RootedGlob($0.pattern, in: folder) }
        return files.filter { file in
            !taken.contains { $0.matches(file.path) } || named.contains { $0.plain == file.path }
        }
    }

    /// Whether anything at all fits. Stops at the first find, and does not look into folders that are named
    /// without wildcards, so that `node_modules` costs nothing.
    func first(in folder: Path, on host: Host) -> Path? {
        var walk = GlobWalk(members: members, folder: folder, boundaries: { [] }, host: host)
        return walk.first()
    }

}
