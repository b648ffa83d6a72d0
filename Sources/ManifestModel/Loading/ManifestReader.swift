public import Base
import HostInterfaces
import YAML

/// Reads a file with all it includes and its `.local`, and merges them.
public struct ManifestReader {
    /// Bytes; a manifest is written by people.
    static let sizeLimit = 10 << 20

    let host: Host
    let shape: ManifestShape
    var sources: [LoadedManifest.Source] = []
    var diagnostics = Diagnostics()

    /// The merged tree of a file; nil when it could not be read, which is reported.
    mutating func read(_ path: Path, includedBy chain: [Path] = [], at location: SourceLocation? = nil) -> YAMLNode? {
        if chain.contains(path) {
            let circle = (chain.drop { $0 != path } + [path]).map(display).joined(separator: " → ")
            diagnostics.add(Diagnostic(code: "include-cycle", "files include each other: \(circle)", at: location))
            return nil
        }
        guard let own = parse(path, at: location) else { return nil }
        var merged: YAMLNode?
        func add(_ node: YAMLNode) {
            merged = merged.map { Merging.merge($0, with: node, as: .object(shape.object)) } ?? node
        }
        for include in Fields(own)[ManifestShape.include] ?? [] {
            let target = path.parent.appending(Path(include.source)).normalized
            if let node = read(target, includedBy: chain + [path], at: include.location) { add(node) }
        }
        add(own)
        if chain.isEmpty, let personal = personal() { add(personal) }
        let local = Self.local(of: path)
        if host.files.isFile(local), let node = parse(local, at: nil) { add(node) }
        return merged
    }

    /// A person's own settings for all workspaces, without what counts for devinit alone (`trust`).
    private mutating func personal() -> YAMLNode? {
        let path = PersonalConfiguration.path(host)
        guard host.files.isFile(path), let node = parse(path, at: nil) else { return nil }
        var checking = Checking()
        checking.check(node, as: .object(shape.personal), title: .words("the personal configuration"))
        diagnostics.add(contentsOf: checking.diagnostics)
        return node.with(.mapping((node.entries ?? []).filter { ["defaults", "notify"].contains($0.key) }))
    }

    /// `init.local.yaml` beside `init.yaml`.
    public static func local(of path: Path) -> Path {
        let suffix = path.fileExtension
        return path.parent / "\(path.name.dropLast(suffix.utf8.count + 1)).local.\(suffix)"
    }

    private mutating func parse(_ path: Path, at location: SourceLocation?) -> YAMLNode? {
        let name = display(path)
        do throws(SystemError) {
            let bytes = try host.files.read(path, limit: Self.sizeLimit)
            return parse(bytes, path, name)
        } catch {
            let tooLarge = (try? host.files.status(of: path, followingLinks: true)).map { $0.size > Self.sizeLimit }
            diagnostics.add(
                tooLarge == true
                    ? Diagnostic(
                        code: "too-large",
                        "\(name) is larger than \(Self.sizeLimit >> 20) MiB, the bound for a manifest",
                        at: location)
                    : Diagnostic(code: "unreadable", "\(name) can't be read: \(error.reason)", at: location))
            return nil
        }
    }

    private mutating func parse(_ bytes: [UInt8], _ path: Path, _ name: String) -> YAMLNode? {
        let document = YAMLReader.examine(bytes, file: name)
        diagnostics.add(contentsOf: document.diagnostics)
        sources.append(.init(path: path, display: name, document: document, bytes: bytes))
        guard let root = document.root, !root.isAbsent else {
            // A personal file in which everything is commented out says nothing, and that is fine.
            if !document.diagnostics.hasErrors, !path.name.contains(".local.") {
                diagnostics.add(
                    Diagnostic(
                        code: "empty-manifest", "\(name) is empty", at: SourceLocation(file: name, line: 1, column: 1),
                        suggestion: "begin with 'version: 1' and a section such as 'repos:' or 'steps:'"))
            }
            return nil
        }
        guard root.entries != nil else {
            diagnostics.add(
                Diagnostic(
                    code: "wrong-type", "a manifest must be a mapping of sections, not \(root.kindWord)",
                    at: root.location))
            return nil
        }
        return Expansion.expand(root, as: .object(shape.object))
    }

    /// Whether a sign can stand in what was read: as it is, or written as an escape.
    func mayHold(_ sign: Unicode.Scalar) -> Bool {
        let bytes = [UInt8(ascii: sign), UInt8(ascii: "\\")]
        return sources.contains { source in bytes.contains { source.bytes.contains($0) } }
    }

    private func display(_ path: Path) -> String {
        let relative = path.relative(to: host.currentFolder)
        return relative.text.hasPrefix("../..") ? path.text : relative.text
    }
}
