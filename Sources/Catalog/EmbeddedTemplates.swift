/// The files under `templates/`, as text in the program itself: nothing is read from disk, and nothing
/// is done before the first look-up.
public enum EmbeddedTemplates {
    /// Every path below `templates/`, in order: `tools/git.yaml`.
    public static let paths: [String] = EmbeddedFiles.all.map(\.path)

    /// The content of the file at a path below `templates/`, byte for byte; nil where there is none.
    /// The text is the literal's own memory, so that this copies nothing.
    public static func text(_ path: String) -> String? {
        let files = EmbeddedFiles.all
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path < path { low = middle + 1 } else { high = middle }
        }
        return low < files.count && files[low].path == path ? files[low].text : nil
    }

    /// The paths of the files that stand directly in a folder and end in `.yaml`: those of `tools` are
    /// the known tools. Other files (README.md) are for people.
    public static func documents(in folder: String) -> [String] {
        let prefix = folder + "/"
        return paths.filter {
            $0.hasPrefix(prefix) && $0.hasSuffix(".yaml") && !$0.dropFirst(prefix.count).contains("/")
        }
    }
}
