import Base

/// Gathers the entries of one mapping: each key once, `<<` expanded where it stands.
///
/// Merge keys are those of yaml.org/type/merge.html: keys written out win wherever they stand; of several
/// merged mappings the earlier one wins.
struct MappingBuilder {
    private var written: [YAMLEntry] = []
    /// Where each written key is, once there are so many that looking through them takes longer than hashing.
    private var places: [String: Int] = [:]
    /// What `<<` brought, and how many written keys stood before it.
    private var merged: [(place: Int, entries: [YAMLEntry])] = []
    private var mergeLocation: SourceLocation?

    private static let few = 16

    /// Adds a key that is written out; returns the problem when it is there already, and keeps the first.
    mutating func add(_ entry: YAMLEntry) -> Diagnostic? {
        if let place = place(of: entry.key) {
            let first = written[place].keyLocation
            return Diagnostic(
                code: "duplicate-key",
                "the key '\(entry.key)' is given twice: first in line \(first.line), column \(first.column)",
                at: entry.keyLocation, suggestion: "remove one of the two")
        }
        // Room for what most mappings have, instead of growing to one, two, four.
        if written.isEmpty { written.reserveCapacity(4) }
        written.append(entry)
        if written.count == Self.few {
            for (place, entry) in written.enumerated() { places[entry.key] = place }
        } else if written.count > Self.few {
            places[entry.key] = written.count - 1
        }
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
            merged.append((written.count, entries))
        }
        return nil
    }

    var entries: [YAMLEntry] {
        if merged.isEmpty { return written }
        var entries: [YAMLEntry] = []
        var known: Set<String> = []
        var taken = 0
        for (place, brought) in merged {
            entries += written[taken..<place]
            taken = place
            entries += brought.filter { self.place(of: $0.key) == nil && known.insert($0.key).inserted }
        }
        return entries + written[taken...]
    }

    private func place(of key: String) -> Int? {
        if written.count >= Self.few { return places[key] }
        for index in written.indices where written[index].key == key { return index }
        return nil
    }
}
