import Base

/// A glob as seen from the file system's root, so that `../lib` and `./x` compare with each other: a path, and what of
/// the pattern follows from its first wildcard on.
struct RootedGlob: Sendable {
    /// The path without wildcards below which all lies that the pattern stands for; where nothing follows, the path
    /// itself is meant.
    let plain: Path
    /// The segments from the first wildcard on.
    let rest: ArraySlice<GlobPattern.Segment>

    init(_ pattern: GlobPattern, in folder: Path) {
        let literals = pattern.segments.prefix { if case .literal = $0 { true } else { false } }
        let names = literals.map { segment in if case .literal(let name) = segment { name } else { "" } }
        var base = pattern.isAbsolute ? Path("/") : folder
        for _ in 0..<pattern.up { base = base.parent }
        plain = names.isEmpty ? base : base.appending(Path(names.joined(separator: "/")))
        rest = pattern.segments[literals.endIndex...]
    }

    private init(plain: Path, rest: ArraySlice<GlobPattern.Segment>) {
        self.plain = plain
        self.rest = rest
    }

    var isLiteral: Bool { rest.isEmpty }

    /// Whether the pattern stands for this path, or for a folder that holds it.
    func matches(_ path: Path) -> Bool {
        guard path.isInside(plain) else { return false }
        if isLiteral { return true }
        return matches(path == plain ? [] : path.relative(below: plain).segments[...], rest)
    }

    private func matches(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<GlobPattern.Segment>) -> Bool {
        guard let segment = pattern.first else {
            // All of the pattern is used up: the path itself, or what is below a folder named without wildcards.
            if path.isEmpty { return true }
            if case .literal = rest.last { return true }
            return false
        }
        if case .anyDepth = segment {
            if pattern.count == 1 { return !path.isEmpty }
            return path.indices.contains { matches(path[$0...], pattern.dropFirst()) }
        }
        guard let name = path.first, segment.matches(name) else { return false }
        return matches(path.dropFirst(), pattern.dropFirst())
    }

    /// Whether the pattern takes in everything below the folder, whatever its name.
    func coversTree(of folder: Path) -> Bool {
        switch rest.last {
        case nil, .literal: matches(folder)
        // `dist/**` takes in all below `dist`, and `**` all there is.
        case .anyDepth: matches(folder) || RootedGlob(plain: plain, rest: rest.dropLast()).matches(folder)
        case .wildcard: false
        }
    }
}
