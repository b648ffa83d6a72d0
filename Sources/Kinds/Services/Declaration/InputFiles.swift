import Base
import HostInterfaces
import ManifestModel

/// The files that a service's `inputs` name, with what is in them.
struct InputFiles {
    private let texts: [Text]
    private let folder: Path

    init(_ texts: [Text], folder: Path) {
        self.texts = texts
        self.folder = folder
    }

    /// A line for each file: its path and the hash of its content; "missing" where there is none.
    func hashes(_ workspace: Workspace, _ values: Values, _ host: Host, _ hashes: FileHashes) -> [String] {
        let globs = GlobSet(texts.compactMap { try? workspace.resolve($0, values).text })
        let root = (try? host.files.resolve(workspace.root)) ?? workspace.root
        return globs.files(in: folder, boundaries: [root], on: host).map { file in
            "\(file.path) \(hashes.hash(of: file.path) ?? "missing")"
        }
    }
}
