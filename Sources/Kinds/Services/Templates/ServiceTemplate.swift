import Base
import Catalog
import ManifestModel
import YAML

/// A template of a service (manifest.md, "Template files"): data, from `templates/services/` or a team's own file.
struct ServiceTemplate: Sendable {
    /// How far it was tried.
    enum Verified: String, CaseIterable, Sendable { case real, recorded, no }

    let name: String
    /// A team's own file and its content; nil for a template that devinit brings.
    let source: (path: Path, bytes: [UInt8])?
    var description = ""
    var verified = Verified.no
    var parameters: [TemplateParameter] = []
    /// The first is the one that `.port` means.
    var ports: [(name: String, container: Int)] = []
    var compose: YAMLNode?
    /// The same service as a process of this machine, where there is such a form.
    var native: NativeTemplate?
    var exports: [(name: String, text: Template)] = []
    /// The page that `open` shows.
    var page: Template?
    /// A check from outside, for images in which no program could ask.
    var health: HealthDeclaration?
    /// Texts that reach the container as files under `/run/secrets`, for the owner alone.
    var secrets: [(name: String, text: Template)] = []
    /// Files of no secrecy, by their path in the container.
    var files: [(path: String, text: String)] = []
    /// For lists among its parameters, the command that makes inside the service what is missing of them.
    var ensured: [(list: String, script: String)] = []
}

/// Reads a template and reports all that is wrong with it, each with its place.
struct ServiceTemplateReader {
    private static let keys = [
        "description", "parameters", "ports", "compose", "health", "exports", "secrets", "files", "ensure", "open",
        "native",
        "verified",
    ]

    private var template: ServiceTemplate
    private(set) var diagnostics = Diagnostics()

    static func read(_ loaded: TemplateLibrary.Template, name: String) -> (ServiceTemplate, Diagnostics) {
        let source = loaded.path.map { ($0, loaded.bytes) }
        var reader = ServiceTemplateReader(template: ServiceTemplate(name: name, source: source))
        for entry in loaded.root.entries ?? [] where !entry.key.hasPrefix("x-") { reader.take(entry) }
        if reader.template.compose == nil, !reader.diagnostics.hasErrors {
            reader.fail("bad-template", "a service's template needs the key 'compose'", loaded.root.location)
        }
        reader.checkEnsured(loaded.root["ensure"])
        return (reader.template, reader.diagnostics)
    }

    private mutating func checkEnsured(_ node: YAMLNode?) {
        let lists = template.parameters.filter { $0.sort == .list }.map(\.name)
        for entry in node?.entries ?? [] where !lists.contains(entry.key) {
            diagnostics.add(
                Diagnostic(
                    code: "bad-template", "'ensure' names a parameter of type list, and '\(entry.key)' is none",
                    at: entry.keyLocation,
                    suggestion: lists.isEmpty ? nil : "its lists: \(lists.joined(separator: ", "))"))
        }
    }

    private mutating func take(_ entry: YAMLEntry) {
        let node = entry.value
        switch entry.key {
        case "description": template.description = node.text ?? ""
        case "verified":
            guard let verified = ServiceTemplate.Verified(rawValue: node.text ?? "") else {
                return fail("bad-template", "'verified' must be real, recorded or no", node.location)
            }
            template.verified = verified
        case "parameters":
            for entry in mapping(node) {
                if let parameter = TemplateParameter(entry, &diagnostics) { template.parameters.append(parameter) }
            }
        case "ports":
            for entry in mapping(node) {
                guard let port = entry.value.integer, (1...65535).contains(port) else {
                    fail("bad-template", "port '\(entry.key)' must be a number from 1 to 65535", entry.value.location)
                    continue
                }
                template.ports.append((entry.key, port))
            }
        case "compose":
            guard node.entries != nil else { return fail("bad-template", "'compose' must be a mapping", node.location) }
            template.compose = node
        case "exports": template.exports = texts(node)
        case "secrets": template.secrets = texts(node)
        case "files":
            for entry in mapping(node) { template.files.append((entry.key, entry.value.text ?? "")) }
        case "ensure":
            for entry in mapping(node) {
                guard let script = entry.value.text, !script.isEmpty else {
                    fail("bad-template", "'ensure' needs a command for '\(entry.key)'", entry.value.location)
                    continue
                }
                template.ensured.append((entry.key, script))
            }
        case "health":
            guard node.entries != nil else { return fail("bad-template", "'health' must be a mapping", node.location) }
            template.health = HealthDeclaration(Fields(node))
        case "open":
            guard let text = node.interpolated else {
                return fail("bad-template", "'open' must be a text", node.location)
            }
            template.page = text.template
        case "native":
            template.native = NativeTemplate(node) { code, message, location, suggestion in
                diagnostics.add(Diagnostic(code: code, message, at: location, suggestion: suggestion))
            }
        default:
            let near = TextDistance.nearest(to: entry.key, among: Self.keys)
            diagnostics.add(
                Diagnostic(
                    code: "unknown-key", "a service's template has no key '\(entry.key)'", at: entry.keyLocation,
                    suggestion: near.map { "did you mean '\($0)'?" }
                        ?? "known keys: \(Self.keys.joined(separator: ", "))"
                ))
        }
    }

    private mutating func mapping(_ node: YAMLNode) -> [YAMLEntry] {
        if let entries = node.entries { return entries }
        if !node.isAbsent { fail("bad-template", "a mapping must stand here, not \(node.kindWord)", node.location) }
        return []
    }

    private mutating func texts(_ node: YAMLNode) -> [(name: String, text: Template)] {
        mapping(node).compactMap { entry in
            do throws(TemplateError) {
                return (entry.key, try Template(parsing: entry.value.text ?? ""))
            } catch {
                fail("bad-interpolation", error.message, entry.value.location)
                return nil
            }
        }
    }

    private mutating func fail(_ code: String, _ message: String, _ location: SourceLocation) {
        diagnostics.add(Diagnostic(code: code, message, at: location))
    }
}
