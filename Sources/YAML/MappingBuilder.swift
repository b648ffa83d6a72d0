import Base

/// Gathers the entries of one mapping: each key once, `<<` expanded where it stands.
///
/// Merge keys are those of yaml.org/type/merge.html: keys written out win wherever they stand; of several
/// merged mappings the earlier one wins.
struct MappingBuilder {
    private enum Item {
        case written(YAMLEntry)
        case merged([YAMLEntry])
    }

    private var items: [Item] = []
    private var written: [String: SourceLocation] = [:]
    private var mergeLocation: SourceLocation?

    /// Adds a key that is written out; returns the problem when it is there already, and keeps the first.
    mutating func add(_ entry: YAMLEntry) -> Diagnostic? {
        if let first = written[entry.key] {
            return Diagnostic(
                code: "duplicate-key",
                "the key '\(entry.key)' is given twice: first in line \(first.line), column \(first.column)",
                at: entry.keyLocation, suggestion: "remove one of the two")
        }
        written[entry.key] = entry.keyLocation
        items.append(.written(entry))
        return nil
    }

    /// Adds what `<<` brings.
    mutating func merge(_ value: YAMLNode, at location: SourceLocation) -> Diagnostic? {
        if let first = mergeLocation {
            return Diagnostic(
                code: "duplicate-key",
                "the key '<<' is given twice: first in line \(first.line), column \(first.column)", at: location,
                suggestion: "merge several with one list: '<<: [*a, *b]'")
        }
        mergeLocation = location
        let sources = value.items ?? [value]
        for source in sources {
            guard let entries = source.entries else {
                return Diagnostic(
                    code: "yaml-merge", "'<<' merges a mapping or a list of mappings, not \(source.kindWord)",
                    at: location)
            }
            items.append(.merged(entries))
        }
        return nil
    }

    var entries: [YAMLEntry] {
        var merged: Set<String> = []
        return items.flatMap { item in
            switch item {
            case .written(let entry): [entry]
            case .merged(let entries):
                entries.filter { written[$0.key] == nil && merged.insert($0.key).inserted }
            }
        }
    }
}
