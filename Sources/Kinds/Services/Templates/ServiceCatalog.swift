public import Base
public import Catalog
import ManifestModel
import YAML

/// What people and pages are told of a service's template; made from the template alone.
public struct ServiceSummary: Sendable {
    /// One parameter; a secret's default is a word for a machine of one's own, and shown as any other.
    public struct Parameter: Sendable {
        public let name: String
        /// `text`, `number`, `list`, `secret` or `bool`.
        public let sort: String
        /// As it is written, a list's items apart; nil: it has no value unless one is given.
        public let standard: [String]?
        public let choices: [String]
        public let description: String
    }

    /// How a secret parameter gets into the service.
    public struct SecretWay: Sendable {
        public let parameter: String
        /// A path in the container, or the name of a variable.
        public let target: String
        public let isFile: Bool
    }

    public let name: String
    public let description: String
    /// `real`, `recorded` or `no`.
    public let verified: String
    public let parameters: [Parameter]
    /// The first is the one that `.port` means.
    public let ports: [(name: String, container: Int)]
    public let exports: [String]
    /// Named volumes with their place in the container.
    public let volumes: [(name: String, path: String)]
    /// The check in words: a command, or an address that must answer.
    public let health: String
    public let hasNativeForm: Bool
    /// The lists of which it makes what is missing, at each start.
    public let ensured: [String]
    public let secrets: [SecretWay]
}

/// The templates of services: those that devinit brings, and a team's own by their path.
public enum ServiceCatalog {
    /// Every template that devinit brings, in the order of their names.
    public static func all(_ library: TemplateLibrary) -> [ServiceSummary] {
        library.names(of: "services").compactMap { try? summary(of: $0, from: "/", library) }
    }

    /// One template by name or path; `folder` is where a relative path begins. Throws what is wrong with it.
    public static func summary(
        of reference: String, from folder: Path, _ library: TemplateLibrary
    ) throws(Diagnostics) -> ServiceSummary {
        let loaded: TemplateLibrary.Template
        do throws(Diagnostic) {
            loaded = try library.load(reference, of: "services", from: folder, at: nil)
        } catch { throw Diagnostics([error]) }
        let (template, diagnostics) = ServiceTemplateReader.read(loaded, name: reference)
        if diagnostics.hasErrors { throw diagnostics }
        return ServiceSummary(template)
    }
}

extension ServiceSummary {
    init(_ template: ServiceTemplate) {
        name = template.name
        description = template.description
        verified = template.verified.rawValue
        parameters = template.parameters.map { parameter in
            Parameter(
                name: parameter.name, sort: parameter.sort.rawValue, standard: parameter.standard?.map(\.source),
                choices: parameter.choices, description: parameter.description)
        }
        ports = template.ports
        exports = template.exports.map(\.name)
        volumes = (template.compose?["volumes"]?.items ?? []).compactMap { item in
            let parts = item.text?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
            return parts.count == 2 && !ComposePaths.isPath(parts[0]) ? (parts[0], parts[1]) : nil
        }
        health = Self.health(of: template)
        hasNativeForm = template.native != nil
        ensured = template.ensured.map(\.list)
        secrets = Self.secrets(of: template)
    }

    private static func health(of template: ServiceTemplate) -> String {
        switch template.health?.check {
        case .http(let port, let path): return "http \(port ?? template.ports.first?.name ?? "") \(path.source)"
        case .tcp(let port): return "tcp \(port)"
        case .log(let pattern): return "log \(pattern)"
        case .command(let command): return command.description
        case nil:
            let test = template.compose?["healthcheck"]?["test"]
            let words = test?.items?.compactMap(\.text) ?? [test?.text].compactMap { $0 }
            let command =
                words.first.map { ["CMD", "CMD-SHELL"].contains($0) } == true ? words.dropFirst() : words[...]
            // As the container's shell gets it.
            return command.joined(separator: " ").replacing("$$", with: "$")
        }
    }

    private static func secrets(of template: ServiceTemplate) -> [SecretWay] {
        template.parameters.filter { $0.sort == .secret }.flatMap { parameter -> [SecretWay] in
            func uses(_ text: Template) -> Bool {
                text.references.contains { $0.path.starts(with: ["with", parameter.name]) }
            }
            let files = template.secrets.filter { uses($0.text) }.map {
                SecretWay(parameter: parameter.name, target: "/run/secrets/\($0.name)", isFile: true)
            }
            let variables = (template.compose?["environment"]?.entries ?? []).filter { entry in
                entry.value.interpolated.map { uses($0.template) } ?? false
            }
            return files
                + variables.map { SecretWay(parameter: parameter.name, target: $0.key, isFile: false) }
        }
    }
}
