public import Base
public import HostInterfaces
public import YAML

/// Finds template files: those that devinit brings, by name, and a team's own, by path.
public struct TemplateLibrary: Sendable {
    private let host: Host

    public init(host: Host) { self.host = host }

    /// A template file as it was found.
    public struct Template: Sendable {
        public var root: YAMLNode
        /// The file of a team's own template, absolute; nil for one that devinit brings.
        public var path: Path?
        public var bytes: [UInt8]
    }

    /// Whether `use` means a file: it has a slash or ends as a YAML file does.
    public static func isPath(_ reference: String) -> Bool {
        reference.contains("/") || reference.hasSuffix(".yaml") || reference.hasSuffix(".yml")
    }

    /// The names of the templates of a sort (`services`, `steps`, `tools`) that devinit brings, sorted.
    public func names(of sort: String) -> [String] {
        EmbeddedTemplates.paths.compactMap { path in
            path.hasPrefix(sort + "/") && path.hasSuffix(".yaml") && path.utf8.count > sort.utf8.count + 6
                ? String(path.dropFirst(sort.utf8.count + 1).dropLast(5)) : nil
        }.filter { !$0.contains("/") }.sorted()
    }

    /// Loads a template. `folder` is that of the file which names it.
    public func load(
        _ reference: String, of sort: String, from folder: Path, at location: SourceLocation?
    ) throws(Diagnostic) -> Template {
        if Self.isPath(reference) {
            let path = folder.appending(Path(reference)).normalized
            let bytes: [UInt8]
            do {
                bytes = try host.files.read(path, limit: 1 << 20)
            } catch {
                throw Diagnostic(
                    code: "no-template", "the template \(reference) can't be read: \(error.reason)", at: location)
            }
            return Template(root: try root(bytes, path.text, at: location), path: path, bytes: bytes)
        }
        guard let text = EmbeddedTemplates.text("\(sort)/\(reference).yaml") else {
            let near = TextDistance.nearest(to: reference, among: names(of: sort))
            throw Diagnostic(
                code: "no-template", "there is no template '\(reference)'", at: location,
                suggestion: near.map { "did you mean '\($0)'?" } ?? "known: \(names(of: sort).joined(separator: ", "))")
        }
        let bytes = Array(text.utf8)
        return Template(
            root: try root(bytes, "templates/\(sort)/\(reference).yaml", at: location), path: nil, bytes: bytes)
    }

    private func root(_ bytes: [UInt8], _ name: String, at location: SourceLocation?) throws(Diagnostic) -> YAMLNode {
        let document = try YAMLReader.read(bytes, file: name)
        if let problem = document.diagnostics.all.first { throw problem }
        guard let root = document.root, root.entries != nil else {
            throw Diagnostic(code: "bad-template", "\(name) is no template: it must be a mapping", at: location)
        }
        return root
    }
}
