import Base

/// Folders in which a manifest writes nothing: what stands in `.git` (its configuration, its hooks) is executed by git
/// itself, with nobody's approval, and `.devinit` is ours.
enum ProtectedPlace {
    private static let names: Set<String> = [".git", ".devinit"]

    /// The protected folder in a path below another one, compared as file systems that fold case do; nil for none.
    static func name(in path: Path, below root: Path) -> String? {
        let segments = path.isInside(root) ? path.relative(to: root).segments : path.segments
        return segments.lazy.map { $0.lowercased() }.first(where: names.contains)
    }
}
