/// Reads the progress that git writes for people:
/// `Receiving objects:  45% (9/20), 1.20 MiB | 3.00 MiB/s`, ended by `\r`.
struct SystemProgress: Sendable {
    private var rest: [UInt8] = []
    private var bytes = 0

    mutating func take(_ piece: [UInt8]) -> [GitProgress] {
        rest += piece
        var found: [GitProgress] = []
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            if let step = step(String(decoding: rest[..<end], as: UTF8.self)) { found.append(step) }
            rest.removeSubrange(...end)
        }
        if rest.count > 4096 { rest = [] }
        return found
    }

    private static let phases: [(String, GitProgress.Phase)] = [
        ("Receiving objects:", .receiving), ("Resolving deltas:", .resolving), ("Updating files:", .checkout),
        ("Checking out files:", .checkout), ("Filtering content:", .checkout),
    ]

    private mutating func step(_ line: String) -> GitProgress? {
        guard let (words, phase) = SystemProgress.phases.first(where: { line.hasPrefix($0.0) }) else {
            return line.hasPrefix("Cloning into") ? GitProgress(.connecting) : nil
        }
        let fields = line.dropFirst(words.count).split { " (),/%".utf8.contains($0.utf8.first ?? 0) }
        // percent, done, total, and perhaps size and unit
        guard fields.count >= 3, let done = Int(fields[1]), let total = Int(fields[2]) else { return nil }
        if phase == .receiving, fields.count >= 5, let size = Double(fields[3]) {
            let units = ["bytes": 1.0, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824]
            if let unit = units[String(fields[4])] { bytes = Int(size * unit) }
        }
        return GitProgress(phase, done: done, total: total, bytes: bytes)
    }
}
