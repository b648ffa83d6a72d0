/// What the user reads before approving.
public enum TrustPrompt {
    /// The commands, grouped by where they run; after an earlier approval only what was added (`+`) and taken away
    /// (`-`). Ends with a newline; empty when there is nothing to show.
    public static func text(_ items: [ExecutableItem], previous: [ExecutableItem]?) -> String {
        guard let previous else {
            return grouped(unique(items).map { (mark: "", item: $0) })
        }
        let old = Set(previous)
        let new = Set(items)
        let added = unique(items).filter { !old.contains($0) }
        var removed = unique(previous).filter { !new.contains($0) }
        var changes: [(mark: String, item: ExecutableItem)] = []
        for item in added {
            // What a command was stands right above what it is now.
            if let index = removed.firstIndex(where: { isPlace($0, of: item) }) {
                changes.append(("- ", removed.remove(at: index)))
            }
            changes.append(("+ ", item))
        }
        return grouped(changes + removed.map { ("- ", $0) })
    }

    private static func isPlace(_ old: ExecutableItem, of new: ExecutableItem) -> Bool {
        old.node == new.node && old.what == new.what && old.location == new.location
    }

    private static func unique(_ items: [ExecutableItem]) -> [ExecutableItem] {
        var seen: Set<ExecutableItem> = []
        return items.filter { seen.insert($0).inserted }
    }

    private static func grouped(_ entries: [(mark: String, item: ExecutableItem)]) -> String {
        var locations: [String] = []
        for entry in entries where !locations.contains(entry.item.location) { locations.append(entry.item.location) }
        var text = ""
        for location in locations {
            text += "\(VisibleText.show(location)):\n"
            for (mark, item) in entries where item.location == location {
                text += "  \(mark)\(VisibleText.show(item.node)) \(VisibleText.show(item.what))\n"
                for line in VisibleText.lines(item.text) { text += "      \(mark)\(line)\n" }
            }
        }
        return text
    }
}
