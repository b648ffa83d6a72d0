import Base
import Catalog
import Execution
import HostInterfaces
import ManifestModel
import YAML

/// A program that keeps secrets, as data: `templates/secrets/`, or a team's own file of the same form.
struct SecretPreset: Sendable {
    let name: String
    let command: CommandText
    /// What a person does when it fails.
    let hint: String?
    let parameters: [TemplateParameter]

    private static let commandKey = Key<YAMLNode>.node(
        "command", .either([.command, .list(.command)]), "Prints the value.")
    private static let hintKey = Key<Text>.literal("hint", "What a person does when it fails.")
    private static let shape = ObjectShape(
        "a secret preset",
        keys: [
            KeySpec("description", .text, "One line for people."),
            KeySpec("verified", .choice(["real", "recorded", "no"]), "How far it was tried."),
            KeySpec("parameters", .anything(composed: false), "What 'with' may say."), commandKey.spec, hintKey.spec,
        ])

    /// Reads a template; nil where something is wrong with it, which is reported.
    init?(_ loaded: TemplateLibrary.Template, name: String, _ diagnostics: inout Diagnostics) {
        var problems = Diagnostics()
        for problem in Shape.object(Self.shape).problems(in: loaded.root, title: "the preset") { problems.add(problem) }
        self.name = name
        let fields = Fields(loaded.root)
        hint = fields[Self.hintKey]?.source
        parameters = (loaded.root["parameters"]?.entries ?? []).compactMap { TemplateParameter($0, &problems) }
        let command = fields[Self.commandKey].flatMap(CommandText.init)
        if command == nil {
            problems.add(
                Diagnostic(code: "bad-template", "a secret preset needs 'command'", at: loaded.root.location))
        }
        diagnostics.add(contentsOf: problems)
        guard let command, !problems.hasErrors else { return nil }
        self.command = command
    }
}

/// A preset with what the manifest gives it.
struct PresetUse: Sendable {
    let preset: SecretPreset
    /// In the preset's order; those that have no value are left out.
    let values: [(variable: String, text: Text)]

    /// Reports parameters that are unknown, missing, or of another sort.
    init(_ preset: SecretPreset, with: YAMLNode?, at location: SourceLocation, _ diagnostics: inout Diagnostics) {
        self.preset = preset
        let names = preset.parameters.map(\.name)
        for entry in with?.entries ?? [] where !names.contains(entry.key) {
            diagnostics.add(
                Diagnostic(
                    code: "unknown-parameter", "the preset '\(preset.name)' has no parameter '\(entry.key)'",
                    at: entry.keyLocation,
                    suggestion: TextDistance.nearest(to: entry.key, among: names).map { "did you mean '\($0)'?" }
                        ?? "known: \(names.joined(separator: ", "))"))
        }
        var values: [(String, Text)] = []
        for parameter in preset.parameters {
            let given = with?[parameter.name].flatMap { $0.isAbsent ? nil : $0 }
            if let given {
                let texts = (given.items ?? [given]).compactMap(\.interpolatedText)
                if let problem = parameter.problem(with: texts) {
                    diagnostics.add(
                        Diagnostic(code: "bad-parameter", "'\(parameter.name)': \(problem)", at: given.location))
                }
                if let text = texts.first { values.append((StepParameters.variable(parameter.name), text)) }
            } else if let standard = parameter.standard {
                if let template = standard.first {
                    values.append(
                        (StepParameters.variable(parameter.name), Text(template: template, location: location)))
                }
            } else {
                diagnostics.add(
                    Diagnostic(
                        code: "missing-parameter",
                        "the preset '\(preset.name)' needs the parameter '\(parameter.name)'",
                        at: location, suggestion: "with: { \(parameter.name): … }: \(parameter.description)"))
            }
        }
        self.values = values.map { (variable: $0.0, text: $0.1) }
    }

    var texts: [Text] { values.map(\.text) }

    /// What is approved: the command with what it gets.
    var approvalText: String {
        ([preset.command.approvalText] + values.map { "\($0.variable)=\($0.text.source)" }).joined(separator: "\n")
    }

    /// The variables of its command.
    func environment(_ context: NodeContext) throws(NodeFailure) -> [String: String] {
        var environment: [String: String] = [:]
        for (variable, text) in values { environment[variable] = try context.resolve(text).text }
        return environment
    }
}
