import Base
import Catalog
import Execution
import ManifestModel
import YAML

/// Makes nodes of the section's entries: lays what the manifest says over what the template says.
struct StepReader {
    let reading: Reading
    var diagnostics: [Diagnostic] = []
    /// Each template is read once, however many steps use it.
    private var templates: [String: (template: StepTemplate, isOwn: Bool, text: String)?] = [:]
    private var folders: [String: StepFolder] = [:]

    init(_ reading: Reading) { self.reading = reading }

    mutating func node(_ entry: YAMLEntry) -> StepNode? {
        guard entry.value.entries != nil else { return nil }
        let fields = Fields(entry.value)
        let use = fields[StepKeys.use]
        var parts = Parts(declaration: StepDeclaration(fields))
        if let use, let loaded = template(use) { parts = lay(entry.value, over: loaded, use) }
        let node = StepNode(
            id: NodeID(StepKind.name, entry.key), common: CommonKeys(fields, description: parts.description),
            location: entry.keyLocation, folder: folder(fields[StepKeys.folder]), declaration: parts.declaration,
            variants: parts.variants, template: parts.template, isManual: fields[StepKeys.manual] ?? false)
        // What is wrong with its template was told.
        if use != nil, parts.template == nil { return node }
        if use == nil, fields.has(StepKeys.with) {
            report(
                "with-alone", "'with' gives parameters to a template, and there is no 'use'",
                fields.location(of: StepKeys.with))
        }
        if use == nil, node.declaration.work == .none, fields[StepKeys.run] == nil {
            report("missing-key", "a step needs one of 'run', 'use' and 'wait'", entry.keyLocation)
        }
        check(node, fields)
        return node
    }

    /// What a step is after its template was laid under it.
    private struct Parts {
        var declaration: StepDeclaration
        var variants: [StepNode.Variant] = []
        var template: StepNode.TemplateUse?
        /// The template's, for steps that have none.
        var description: Text?
    }

    private mutating func lay(
        _ node: YAMLNode, over loaded: (template: StepTemplate, isOwn: Bool, text: String), _ use: Text
    ) -> Parts {
        let template = loaded.template
        let parameters = StepParameters(Fields(node)[StepKeys.with], for: template, named: use.source)
        diagnostics += parameters.diagnostics
        let shape = Shape.object(StepTemplate.shape)
        let own = Set(["use", "with"])
        let stated = (node.entries ?? []).filter { !own.contains($0.key) && !$0.value.isAbsent }
        func declaration(_ layers: [YAMLNode]) -> StepDeclaration {
            let lower = layers.map { parameters.apply(to: $0, as: shape) }
            return StepDeclaration(Fields(Self.merge(lower + [.mapping(stated, at: node.location)])))
        }
        let variants = template.variants.map { variant in
            StepNode.Variant(
                files: variant.files.map { file in
                    parameters.apply(to: .text(file, at: template.location), as: .text).text ?? file
                }, declaration: declaration([template.body, variant.node]))
        }
        return Parts(
            declaration: declaration([template.body]), variants: variants,
            template: StepNode.TemplateUse(
                name: use.source, purpose: template.purpose, tools: template.tools,
                parameters: parameters.values.map { (StepParameters.variable($0.name), $0.texts) },
                service: parameters.texts("service")?.first, ownText: loaded.isOwn ? loaded.text : nil),
            description: template.description)
    }

    /// Later layers win key by key; the variables of `env` are joined.
    private static func merge(_ layers: [YAMLNode]) -> YAMLNode {
        var merged: [YAMLEntry] = []
        for layer in layers {
            for entry in layer.entries ?? [] where !entry.value.isAbsent {
                guard let index = merged.firstIndex(where: { $0.key == entry.key }) else {
                    merged.append(entry)
                    continue
                }
                var entry = entry
                if entry.key == "env", let below = merged[index].value.entries, let above = entry.value.entries {
                    let names = Set(above.map(\.key))
                    entry.value = .mapping(
                        below.filter { !names.contains($0.key) } + above, at: entry.value.location)
                }
                merged[index] = entry
            }
        }
        return .mapping(merged, at: layers.last?.location ?? .nowhere)
    }

    private mutating func template(_ use: Text) -> (template: StepTemplate, isOwn: Bool, text: String)? {
        guard let name = use.literal else {
            report("bad-value", "the template of a step must be known before anything runs", use.location)
            return nil
        }
        let folder = reading.manifest.folder(stating: use.location)
        let key = TemplateLibrary.isPath(name) ? folder.appending(Path(name)).normalized.text : name
        if let known = templates[key] { return known }
        do throws(Diagnostic) {
            let loaded = try reading.templates.load(name, of: "steps", from: folder, at: use.location)
            let shape = Shape.object(StepTemplate.shape)
            let root = shape.expanded(loaded.root)
            diagnostics += shape.problems(in: root, title: "the template")
            templates[key] = .some(
                (StepTemplate(root), loaded.path != nil, String(decoding: loaded.bytes, as: UTF8.self)))
        } catch {
            diagnostics.append(error)
            templates[key] = .some(nil)
        }
        return templates[key] ?? nil
    }

    private mutating func folder(_ text: Text?) -> StepFolder {
        let source = text?.source ?? "."
        if let known = folders[source] { return known }
        let folder = StepFolder(text, in: reading)
        if let problem = folder.problem { diagnostics.append(problem) }
        folders[source] = folder
        return folder
    }

    /// What a shape can't tell.
    private mutating func check(_ node: StepNode, _ fields: Fields) {
        let declaration = node.declaration
        if declaration.per != nil, declaration.once != .never {
            report(
                "conflicting-keys", "'per' and 'once' can't stand together; write once: {per: …}",
                fields.location(of: StepKeys.per))
        }
        if case .wait(let rule) = declaration.work, case .log = rule.target, declaration.inside == nil {
            report(
                "missing-key", "'wait: {log: …}' needs 'inside', the service whose log it is",
                fields.location(of: StepKeys.wait))
        }
        for output in declaration.outputs where output.source.hasPrefix("!") {
            report("bad-value", "an output can't be taken away with '!'", output.location)
        }
        for text in [declaration.stdout].compactMap({ $0 }) {
            guard let name = text.literal, let base = node.folder.declared else { continue }
            if !reading.isInWorkspace(base.appending(Path(name)).normalized) {
                report("outside-workspace", "'\(name)' leads out of the workspace", text.location)
            }
        }
    }

    private mutating func report(_ code: String, _ message: String, _ location: SourceLocation) {
        diagnostics.append(Diagnostic(code: code, message, at: location))
    }
}
