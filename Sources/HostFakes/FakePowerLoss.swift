extension FakeTree {
    /// Takes all that was not synchronized.
    mutating func losePower() {
        for (node, folder) in unsynced.folders { nodes[node]?.content = .folder(folder.durable) }
        for (node, file) in unsynced.files { nodes[node]?.content = .file(file.durable) }
        unsynced = FakeDurability()
    }

    /// Takes of it what the seed says: each change of a folder is kept or lost by itself, and a file ends anywhere
    /// between what was synchronized and what was written last, perhaps in zeros.
    mutating func losePower(_ random: inout SeededGenerator) {
        // At times nearly everything is lost, at times nearly nothing.
        let odds = random.within(1, 9)
        for (node, folder) in unsynced.folders.sorted(by: { $0.key < $1.key }) {
            var names = folder.durable
            for change in folder.changes where random.below(10) < odds {
                for (name, target) in change { names[name] = target }
            }
            nodes[node]?.content = .folder(names)
        }
        for (node, file) in unsynced.files.sorted(by: { $0.key < $1.key }) {
            nodes[node]?.content = .file(Self.torn(file, odds, &random))
        }
        unsynced = FakeDurability()
    }

    private static func torn(_ file: FakeDurability.File, _ odds: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = file.durable
        for write in file.writes {
            if random.below(10) < odds {
                write.apply(to: &bytes)
                continue
            }
            guard case .append(let more) = write else { break }
            let kept = random.below(more.count + 1)
            bytes += more.prefix(kept)
            // The length may have reached the disk before the content.
            if random.oneIn(3) { bytes += [UInt8](repeating: 0, count: more.count - kept) }
            // And so may what was written behind it.
            if !random.oneIn(3) { break }
        }
        return file.onDisk(bytes)
    }
}
