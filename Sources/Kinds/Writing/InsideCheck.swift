import Base
import ManifestModel
import YAML

extension Reading {
    /// Reports an entry whose key is a path that leads out of the workspace, save into a repository that was adopted
    /// from elsewhere. Links are looked at before something is written.
    mutating func checkInside(_ entry: YAMLEntry) {
        let plain = manifest.root.appending(Path(entry.key)).normalized
        guard plain.isInside(manifest.root), plain != manifest.root else {
            report(
                "outside-workspace", "'\(entry.key)' leads out of the workspace, \(manifest.root)",
                at: entry.keyLocation, suggestion: "write a path from the root, such as api/.env")
            return
        }
        if let name = ProtectedPlace.name(in: plain, below: manifest.root) {
            report(
                "protected-path", "'\(entry.key)' lies in \(name), where only its own program may write",
                at: entry.keyLocation, suggestion: "give a path outside \(name)")
        } else if manifest.sources.contains(where: { $0.path.normalized == plain }) {
            report(
                "protected-path", "'\(entry.key)' is part of this manifest, which would overwrite itself",
                at: entry.keyLocation)
        }
    }
}
