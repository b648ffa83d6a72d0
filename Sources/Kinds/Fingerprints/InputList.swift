import Base
import HostInterfaces
import State

/// The inputs of a step that has too many for its record, beside the caches: so that a reason can still name the file.
/// It can always be made again, and says of itself to which record it belongs.
struct InputList {
    private let path: Path
    private let host: Host

    init(step: String, root: Path, host: Host) {
        path =
            WorkspaceFolder(root: root).path / "cache" / "inputs"
            / String(host.digests.sha256(Array(step.utf8)).prefix(16))
        self.host = host
    }

    /// Keeps the list of that fingerprint, where its record has no room for it. A failure costs words only.
    func save(_ fingerprint: Fingerprint) {
        guard fingerprint.files.count > Fingerprint.namedInputs else { return }
        do {
            try host.files.makeFolder(path.parent, mode: 0o700)
            try host.files.replace(
                path, with: Array("\(fingerprint.inputs)\n\(fingerprint.fileLines)".utf8), mode: 0o600)
        } catch {}
    }

    /// The lines of a record's inputs; nil when they are not known any more.
    func lines(of record: JSON) -> Substring? {
        guard let inputs = record["inputs"]?.string, let text = host.files.text(of: path),
            let end = text.firstIndex(of: "\n"), text[..<end] == inputs
        else { return nil }
        return text[text.index(after: end)...]
    }
}
