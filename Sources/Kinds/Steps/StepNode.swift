import Base
import Execution
import HostInterfaces
import ManifestModel
import Trust

/// One step: work that the manifest states, in one place, with rules for when it is up to date. A class, for the same
/// reason as its declaration.
final class StepNode: WorkspaceNode {
    /// The template that a step uses. A class, because most steps use none.
    final class TemplateUse: Sendable {
        let name: String
        let purpose: StepTemplate.Purpose
        let tools: [String]
        /// Variables for the commands, each with the parameter's texts.
        let parameters: [(name: String, texts: [Text])]
        /// The parameter `service`: the service whose data it works on.
        let service: Text?
        /// The whole text of a team's own template; nil for one that devinit brings.
        let ownText: String?

        init(
            name: String, purpose: StepTemplate.Purpose, tools: [String],
            parameters: [(name: String, texts: [Text])], service: Text?, ownText: String?
        ) {
            self.name = name
            self.purpose = purpose
            self.tools = tools
            self.parameters = parameters
            self.service = service
            self.ownText = ownText
        }
    }

    /// What counts where one of these files is in the folder.
    struct Variant: Sendable {
        var files: [String]
        var declaration: StepDeclaration
    }

    let id: NodeID
    let common: CommonKeys
    let location: SourceLocation
    let folder: StepFolder
    /// Without a variant: what can be said before the folder is there.
    let declaration: StepDeclaration
    let variants: [Variant]
    let template: TemplateUse?
    let isManual: Bool

    init(
        id: NodeID, common: CommonKeys, location: SourceLocation, folder: StepFolder, declaration: StepDeclaration,
        variants: [Variant] = [], template: TemplateUse? = nil, isManual: Bool = false
    ) {
        self.id = id
        self.common = common
        self.location = location
        self.folder = folder
        self.declaration = declaration
        self.variants = variants
        self.template = template
        self.isManual = isManual
    }

    var place: Path? { nil }
    var impliedTools: [String] { template?.tools ?? [] }
    var confirmation: Text? { declaration.confirm }
    var retry: RetryRule? { declaration.retry }
    /// For the identity of its data or the versions of its tools; `unless` is not run by a plan.
    var mayWait: Bool { declaration.dataService != nil || !impliedTools.isEmpty }
    var locks: [String] { declaration.locks.compactMap(\.literal) }
    var defaultSeconds: Double { template?.purpose == .install ? 20 : 2 }

    var pool: Pool {
        if declaration.isInteractive { return .interactive }
        if case .wait = declaration.work { return .waiting }
        return .processor
    }

    var texts: [Text] {
        var texts = declaration.texts
        for variant in variants { texts += variant.declaration.texts }
        if let template { texts += template.parameters.flatMap(\.texts) }
        if let text = folder.text { texts.append(text) }
        return texts
    }

    func executables(in workspace: Workspace) -> [ExecutableItem] {
        var place = folder.text.map { "in \($0.source)" } ?? "here"
        if let inside = declaration.inside { place = "inside \(inside.service.source)" }
        func item(_ what: String, _ text: String) -> ExecutableItem {
            ExecutableItem(node: id.description, location: place, what: what, text: text)
        }
        var items: [ExecutableItem] = []
        if let template {
            items.append(item("use", template.name))
            if let text = template.ownText { items.append(item("template", text)) }
            for parameter in template.parameters {
                items.append(item(parameter.name, parameter.texts.map(\.source).joined(separator: "\n")))
            }
        }
        switch declaration.work {
        case .run(let command): items.append(item("run", command.approvalText))
        case .wait(let rule):
            if case .command(let command) = rule.target { items.append(item("wait", command.approvalText)) }
        case .none: break
        }
        if let command = declaration.unless { items.append(item("unless", command.approvalText)) }
        for (name, value) in declaration.environment { items.append(item("env \(name)", value.source)) }
        return items
    }

    /// The declaration that counts in the folder as it is now; nil when no variant fits.
    func effective(in place: Path, on host: Host) -> StepDeclaration? {
        if variants.isEmpty { return declaration }
        return variants.first { variant in
            variant.files.isEmpty || variant.files.contains { host.files.exists(place / $0) }
        }?.declaration
    }
}
