import Base
import HostInterfaces
import ManifestModel
import Trust
import YAML

/// The allow-list of git remotes: `trust.remotes` of a person's configuration, and of the machine's, where an
/// organisation writes it.
struct AllowedRemotes {
    private var patterns: [(pattern: RemotePattern, file: Path)] = []
    /// What in those files does not count, and why.
    private(set) var notices: [String] = []

    /// A list in one of these folders does not count: what came with a manifest can't allow it.
    init(_ host: Host, outside folders: [Path]) {
        for file in PersonalConfiguration.all(host) where host.files.isFile(file) {
            let place = (try? host.files.resolve(file)) ?? file
            guard !folders.contains(where: place.isInside), isSafe(file, host),
                let bytes = try? host.files.read(file, limit: 1 << 20)
            else { continue }
            let root = YAMLReader.examine(bytes, file: file.text).root
            if root == nil {
                notices.append("\(file) counts for nothing in questions of trust: it is no YAML that says something")
            }
            let trust = root?["trust"]
            for text in trust.flatMap({ Fields($0)[ManifestShape.remotes] }) ?? [] {
                if let pattern = RemotePattern(text.source) {
                    patterns.append((pattern, file))
                } else {
                    notices.append(
                        "\(text.location): '\(text.source)' names no remote, such as git.example/team/*; it counts for nothing"
                    )
                }
            }
        }
    }

    /// The file that allows the remote.
    func file(allowing remote: String) -> Path? { patterns.first { $0.pattern.matches(remote) }?.file }

    /// A list that others may write would let them run anything here.
    private mutating func isSafe(_ file: Path, _ host: Host) -> Bool {
        guard let status = try? host.files.status(of: file, followingLinks: true) else { return false }
        if status.mode & 0o022 == 0, [0, host.machine.user].contains(status.owner) { return true }
        notices.append("\(file) counts for nothing in questions of trust: others may write it (chmod go-w '\(file)')")
        return false
    }
}
