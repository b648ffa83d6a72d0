import Catalog
import Kinds
import POSIXHost

/// docs/services.md, made from the templates themselves.
enum ServicesPage {
    static var text: String {
        let services = ServiceCatalog.all(TemplateLibrary(host: POSIXHost.host()))
        var page = """
            # Services that devinit knows

            Made from `templates/services/`; do not edit. To make it anew:
            `DEVINIT_UPDATE_DOCS=1 swift test --filter DocumentationTests`. The same on a terminal: `devinit services`,
            `devinit services show NAME`.

            `use: NAME` takes one. *verified*: `real`: devinit's tests run it; `recorded`: against a recorded dialogue;
            `no`: written after the image's documentation. *native*: it also runs without a container (`native: true`).

            | template | what it is | ports | native | verified |
            | --- | --- | --- | --- | --- |

            """
        for service in services {
            let ports = service.ports.map { "\($0.name) \($0.container)" }.joined(separator: ", ")
            page +=
                "| [`\(service.name)`](#\(service.name)) | \(cell(service.description)) | \(ports)"
                + " | \(service.hasNativeForm ? "yes" : "") | \(service.verified) |\n"
        }
        for service in services { page += section(service) }
        return page
    }

    private static func section(_ service: ServiceSummary) -> String {
        var text = "\n## \(service.name)\n\n\(service.description).\n\n| parameter | type | default | meaning |\n"
        text += "| --- | --- | --- | --- |\n"
        for parameter in service.parameters {
            let standard = parameter.standard.map { "`\(cell($0.joined(separator: ", ")))`" } ?? ""
            var meaning = cell(parameter.description)
            if !parameter.choices.isEmpty {
                let choices = "One of " + parameter.choices.map { "`\($0)`" }.joined(separator: ", ")
                meaning = meaning.isEmpty ? choices : "\(meaning). \(choices)"
            }
            text += "| `\(parameter.name)` | \(parameter.sort) | \(standard) | \(meaning) |\n"
        }
        text += "\n- Values: " + service.exports.map { "`\($0)`" }.joined(separator: ", ") + "\n"
        if !service.volumes.isEmpty {
            text +=
                "- Volumes: " + service.volumes.map { "`\($0.name)` at `\($0.path)`" }.joined(separator: ", ") + "\n"
        }
        if !service.secrets.isEmpty {
            let ways = service.secrets.map {
                "`\($0.parameter)` by the \($0.isFile ? "file" : "variable") `\($0.target)`"
            }
            text += "- Secrets: " + ways.joined(separator: ", ") + "\n"
        }
        if !service.ensured.isEmpty {
            text += "- Made where missing: " + service.ensured.map { "`\($0)`" }.joined(separator: ", ") + "\n"
        }
        return text + "- Healthy when this succeeds: `\(cell(service.health))`\n"
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
