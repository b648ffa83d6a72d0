public import Base
public import HostInterfaces

/// The records of earlier runs.
public struct RunHistory: Sendable {
    /// So many of the newest stay whatever their age.
    static let newest = 20
    /// Younger ones than this stay too, in seconds: 30 days.
    static let age = 30.0 * 86_400
    /// But no more than this in all.
    static let most = 200

    private let files: any FileSystem
    private let runs: Path

    /// `runs`: the folder that holds a folder per run.
    public init(files: any FileSystem, runs: Path) {
        self.files = files
        self.runs = runs
    }

    /// Removes old records; what can't be removed stays. `current` is never touched.
    public func prune(current: RunFolder, wallSeconds: Double) {
        var found: [(path: Path, modified: Double)] = []
        for entry in (try? files.entries(of: runs)) ?? [] where entry.kind == .folder {
            let path = runs / entry.name
            guard path != current.path else { continue }
            guard let status = try? files.status(of: path, followingLinks: false) else { continue }
            found.append((path, Double(status.modified) / 1e9))
        }
        guard found.count > Self.newest else { return }
        found.sort { ($0.modified, $0.path) > ($1.modified, $1.path) }
        for (index, run) in found.enumerated().dropFirst(Self.newest)
        where index >= Self.most || wallSeconds - run.modified > Self.age {
            try? files.removeTree(run.path)
        }
    }
}
