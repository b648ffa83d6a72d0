import Base
import Kinds
import Reporting

/// How `services` shows templates.
enum ServiceCatalogView {
    static func document(_ services: [ServiceSummary]) -> JSON {
        ["schema": "devinit.services/1", "services": .array(services.map(json))]
    }

    private static func json(_ service: ServiceSummary) -> JSON {
        [
            "name": .string(service.name), "description": .string(service.description),
            "verified": .string(service.verified), "native": .bool(service.hasNativeForm),
            "health": .string(service.health),
            "parameters": .array(
                service.parameters.map { parameter in
                    [
                        "name": .string(parameter.name), "type": .string(parameter.sort),
                        "default": standard(parameter), "choices": .array(parameter.choices.map { .string($0) }),
                        "description": .string(parameter.description),
                    ]
                }),
            "ports": .array(
                service.ports.map { ["name": .string($0.name), "container": .integer($0.container)] }),
            "exports": .array(service.exports.map { .string($0) }),
            "ensured": .array(service.ensured.map { .string($0) }),
            "volumes": .array(service.volumes.map { ["name": .string($0.name), "path": .string($0.path)] }),
            "secrets": .array(
                service.secrets.map { way in
                    [
                        "parameter": .string(way.parameter), "by": .string(way.isFile ? "file" : "environment"),
                        "target": .string(way.target),
                    ]
                }),
        ]
    }

    /// A list's default is a list.
    private static func standard(_ parameter: ServiceSummary.Parameter) -> JSON {
        guard let standard = parameter.standard else { return .null }
        if parameter.sort == "list" { return .array(standard.map { .string($0) }) }
        return standard.first.map { .string($0) } ?? .null
    }

    static func list(_ services: [ServiceSummary], _ style: Style, width: Int?) -> [StyledLine] {
        var table = Table([Table.Column(), Table.Column(), Table.Column(), Table.Column(overflow: .wrap)])
        table.add(["template", "verified", "native", "description"].map { StyledLine($0, .strong) })
        for service in services {
            table.add([
                StyledLine(service.name), StyledLine(service.verified), StyledLine(service.hasNativeForm ? "yes" : ""),
                StyledLine(service.description),
            ])
        }
        return table.lines(width: width, style: style)
    }

    static func page(_ service: ServiceSummary, _ style: Style, width: Int?) -> [StyledLine] {
        var table = Table([Table.Column(), Table.Column(overflow: .wrap)])
        func safe(_ text: String) -> StyledLine { StyledLine(SafeText.lines(text).joined(separator: " ")) }
        func add(_ title: String, _ lines: [String]) {
            for (index, line) in lines.enumerated() {
                table.add([StyledLine(index == 0 ? title : "", .strong), safe(line)])
            }
        }
        add("template", ["\(service.name): \(service.description)"])
        add("verified", [verified(service.verified)])
        add("parameters", service.parameters.map(words))
        add("ports", service.ports.map { "\($0.name): \($0.container)" })
        add("values", service.exports.map { "services.NAME.\($0)" })
        add("volumes", service.volumes.map { "\($0.name): \($0.path)" })
        add("health", [service.health])
        add("ensured", service.ensured.map { "\($0): made where missing, at each start" })
        add(
            "secrets",
            service.secrets.map { "\($0.parameter): \($0.isFile ? "the file" : "the variable") \($0.target)" })
        add("native", [service.hasNativeForm ? "yes, with 'native: true'" : "no"])
        return table.lines(width: width, style: style)
    }

    private static func words(_ parameter: ServiceSummary.Parameter) -> String {
        var text = "\(parameter.name): \(parameter.sort)"
        if let standard = parameter.standard { text += ", default \(standard.joined(separator: " "))" }
        if !parameter.choices.isEmpty { text += ", one of \(parameter.choices.joined(separator: ", "))" }
        return text + (parameter.description.isEmpty ? "" : ". \(parameter.description)")
    }

    private static func verified(_ word: String) -> String {
        switch word {
        case "real": "real: devinit's tests run it"
        case "recorded": "recorded: tested against a recorded dialogue"
        default: "no: written after the image's documentation, not run by devinit's tests"
        }
    }
}
