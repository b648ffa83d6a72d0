import Base
import HostInterfaces

/// One walk over the folders that the globs of a set name. Each folder is listed once.
struct GlobWalk {
    private let members: [(pattern: RootedGlob, isNegative: Bool)]
    /// Told apart only where a link may lead out of them, which is seldom, and then once.
    private lazy var boundaries = findBoundaries()
    private let findBoundaries: () -> [Path]
    private let host: Host
    /// In the order in which they were found; one may be found twice.
    private var found: [GlobSet.File] = []
    private var listings: [Path: [FolderEntry]] = [:]
    /// Set where one find is enough: folders are then finds themselves.
    private var wantsFirst = false
    private var isDone: Bool { wantsFirst && !found.isEmpty }

    init(members: [GlobSet.Member], folder: Path, boundaries: @escaping () -> [Path], host: Host) {
        self.members = members.map { (RootedGlob($0.pattern, in: folder), $0.isNegative) }
        findBoundaries = boundaries
        self.host = host
    }

    mutating func files() -> [GlobSet.File] {
        for (index, member) in members.enumerated() where !member.isNegative { visit(member.pattern, index) }
        var files: [GlobSet.File] = []
        for file in found.sorted(by: { $0.path < $1.path }) where files.last?.path != file.path { files.append(file) }
        if members.contains(where: \.isNegative) {
            files.removeAll { file in members.last { $0.pattern.matches(file.path) }?.isNegative ?? false }
        }
        return files
    }

    mutating func first() -> Path? {
        wantsFirst = true
        for (index, member) in members.enumerated() where !member.isNegative {
            visit(member.pattern, index)
            if let file = found.first(where: { $0.status != nil }) { return file.path }
            found = []
        }
        return nil
    }

    /// Goes straight to where the wildcards begin: what stands before them is not listed.
    private mutating func visit(_ pattern: RootedGlob, _ member: Int) {
        if pattern.isLiteral {
            add(literal: pattern.plain, member)
        } else {
            walk(pattern.plain, pattern.rest, member)
        }
    }

    private mutating func walk(_ folder: Path, _ segments: ArraySlice<GlobPattern.Segment>, _ member: Int) {
        guard let segment = segments.first, !isDone else { return }
        let rest = segments.dropFirst()
        switch segment {
        case .anyDepth:
            if rest.isEmpty { return addTree(folder, member) }
            walk(folder, rest, member)
            for entry in entries(of: folder) where entry.kind == .folder && mayEnter(folder / entry.name, member) {
                walk(folder / entry.name, segments, member)
            }
        case .literal(let name):
            let path = folder / name
            // The listing is there anyway, and asking it is cheaper than asking the system.
            guard let entry = entries(of: folder).first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                return
            }
            if !rest.isEmpty {
                if entry.kind == .folder { walk(path, rest, member) }
            } else if entry.kind == .folder, !wantsFirst {
                if mayEnter(path, member) { addTree(path, member) }
            } else {
                add(path)
            }
        case .wildcard:
            for entry in entries(of: folder) where segment.matches(entry.name[...]) {
                let path = folder / entry.name
                if !rest.isEmpty {
                    if entry.kind == .folder, mayEnter(path, member) { walk(path, rest, member) }
                } else if entry.kind == .file || entry.kind == .link || (wantsFirst && entry.kind == .folder) {
                    add(path)
                }
            }
        }
    }

    private mutating func addTree(_ folder: Path, _ member: Int) {
        for entry in entries(of: folder) where !isDone {
            let path = folder / entry.name
            switch entry.kind {
            case .folder: if mayEnter(path, member) { addTree(path, member) }
            case .file, .link: add(path)
            case .other: break
            }
        }
    }

    /// Whether a wildcard goes into that folder: not where a later `!` takes all of it away.
    private func mayEnter(_ folder: Path, _ member: Int) -> Bool {
        if GlobSet.skippedFolders.contains(folder.name) { return false }
        let later = members[(member + 1)...]
        guard let index = later.firstIndex(where: { $0.isNegative && $0.pattern.coversTree(of: folder) }) else {
            return true
        }
        return members[(index + 1)...].contains { !$0.isNegative }
    }

    /// A path without wildcards: a folder stands for all below it, and a missing file is worth knowing.
    private mutating func add(literal path: Path, _ member: Int) {
        let status = (try? host.files.status(of: path, followingLinks: true)) ?? nil
        guard status?.kind == .folder, !wantsFirst else {
            found.append(file(path, status, mayBeLinked: true))
            return
        }
        if isInside(path) { addTree(path, member) } else { found.append(outside(path)) }
    }

    private mutating func add(_ path: Path) {
        guard let status = (try? host.files.status(of: path, followingLinks: false)) ?? nil else { return }
        if status.kind == .link {
            let target = (try? host.files.status(of: path, followingLinks: true)) ?? nil
            // A link to a folder is not followed; it counts by where it leads.
            found.append(target?.kind == .file ? file(path, target, mayBeLinked: true) : outside(path))
        } else {
            found.append(GlobSet.File(path: path, status: status))
        }
    }

    private mutating func file(_ path: Path, _ status: FileStatus?, mayBeLinked: Bool) -> GlobSet.File {
        if status != nil, mayBeLinked, !isInside(path) { return outside(path) }
        return GlobSet.File(path: path, status: status)
    }

    private func outside(_ path: Path) -> GlobSet.File {
        GlobSet.File(
            path: path, status: (try? host.files.status(of: path, followingLinks: false)) ?? nil, isOutside: true)
    }

    /// Whether the path, links resolved, is inside one of the boundaries.
    private mutating func isInside(_ path: Path) -> Bool {
        if boundaries.isEmpty { return true }
        guard let resolved = try? host.files.resolve(path) else { return false }
        return boundaries.contains { resolved.isInside($0) }
    }

    private mutating func entries(of folder: Path) -> [FolderEntry] {
        if let known = listings[folder] { return known }
        let entries = (try? host.files.entries(of: folder)) ?? []
        listings[folder] = entries
        return entries
    }
}
