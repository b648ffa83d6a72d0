import Base
import HostInterfaces
import ManifestModel
import YAML

/// Where a repository's checkout stands, and by whose word.
struct RepositoryPlace: Hashable, Sendable {
    /// Absolute.
    var path: Path
    /// Outside the workspace, by the word of a developer's own `.local` file: used as it is, never made or removed.
    var isAdopted: Bool

    /// Reports a path that leaves the workspace, unless a developer's own file says so.
    init(of entry: RepositoryEntry, in reading: inout Reading) {
        let root = reading.manifest.root
        let ordinary = root / entry.name
        guard let text = entry.path else {
            self.init(path: ordinary.normalized, isAdopted: false)
            return
        }
        guard let literal = text.literal else {
            // An answer that is still to be given may stand in it, what other nodes make may not.
            for reference in text.references {
                reading.report(
                    "not-yet-known", "'path' must be known before anything runs, and \(reference) is known only later",
                    at: text.location)
            }
            self.init(path: ordinary.normalized, isAdopted: false)
            return
        }
        let isLocal = Self.isLocal(text.location, in: reading.manifest)
        let written =
            isLocal && (literal == "~" || literal.hasPrefix("~/"))
            ? reading.host.machine.home.appending(Path(String(literal.dropFirst(literal == "~" ? 1 : 2))))
            : root.appending(Path(literal))
        self.init(path: written.normalized, isAdopted: isLocal && !written.normalized.isInside(root))
        if isLocal {
            let declared = Self.declaredPath(of: entry.name, in: reading.manifest)
            if declared != path { reading.adopted.append((declared: declared, actual: path)) }
        }
        check(literal, at: text, root, &reading)
    }

    private init(path: Path, isAdopted: Bool) {
        self.path = path
        self.isAdopted = isAdopted
    }

    private func check(_ literal: String, at text: Text, _ root: Path, _ reading: inout Reading) {
        if !isAdopted, !path.isInside(root) {
            reading.report(
                "outside-workspace", "'\(literal)' leads out of the workspace, \(root)", at: text.location,
                suggestion:
                    "a checkout elsewhere is named in \(Self.localName(of: reading.manifest.file)), for one machine")
        } else if path.relative(to: root).segments.contains(where: { $0 == ".git" || $0 == ".devinit" }), !isAdopted {
            reading.report("bad-value", "'\(literal)' lies in a folder that git or devinit keeps", at: text.location)
        }
    }

    static func localName(of file: Path) -> String {
        "\(file.name.dropLast(file.fileExtension.utf8.count + 1)).local.\(file.fileExtension)"
    }

    /// Whether a value stands in a `.local` file, which is kept out of git.
    private static func isLocal(_ location: SourceLocation, in manifest: LoadedManifest) -> Bool {
        guard let source = manifest.sources.first(where: { $0.display == location.file }) else { return false }
        return isLocal(source.path)
    }

    private static func isLocal(_ file: Path) -> Bool {
        file.name.hasSuffix(".local.\(file.fileExtension)")
    }

    /// The path that everybody else sees, which the team's manifest writes paths inside the repository with.
    private static func declaredPath(of name: String, in manifest: LoadedManifest) -> Path {
        let stated = manifest.sources.last { source in
            !isLocal(source.path) && source.document.root?["repos"]?[name]?["path"]?.text?.isEmpty == false
        }
        let text = stated?.document.root?["repos"]?[name]?["path"]?.text ?? name
        return manifest.root.appending(Path(text)).normalized
    }
}
