import Base
import Catalog
import ManifestModel
import YAML

/// From a declaration to a process of this machine: one that the manifest writes itself, or that of a template.
enum NativeServiceReader {
    static func read(_ declaration: ServiceDeclaration, _ native: NativeDeclaration, _ reading: inout Reading)
        -> NativeService
    {
        checkKeys(declaration, &reading)
        if let parameter = declaration.with.first {
            reading.report(
                "no-template", "'with' needs 'use': it holds a template's parameters", at: parameter.location)
        }
        let ports = ServicePort.all(of: declaration, template: nil, &reading)
        return NativeService(
            declaration, native: native, ports: ports,
            exports: NativeService.standardExports(for: ports, service: declaration.name),
            health: declaration.health, template: nil, page: declaration.open)
    }

    /// `{use: postgres, native: true}`: the template's process, with the same parameters, ports and exports as its
    /// container. What says which image it is (`image`, and a default of `version`) means nothing here.
    static func read(_ declaration: ServiceDeclaration, using use: Text, _ reading: inout Reading) -> NativeService? {
        guard let template = ContainerServiceReader.load(use, &reading) else { return nil }
        guard let native = template.native else {
            let names = reading.templates.names(of: "services").filter { name in
                (try? reading.templates.load(name, of: "services", from: "/", at: nil))?.root["native"] != nil
            }
            reading.report(
                "no-native", "the template '\(use.source)' has no native form", at: use.location,
                suggestion: "drop 'native: true' to use its container; native: \(names.joined(separator: ", "))")
            return nil
        }
        checkKeys(declaration, &reading)
        let ports = ServicePort.all(of: declaration, template: template.ports, &reading).map { port in
            // It listens where it is reached.
            var port = port
            port.container = nil
            return port
        }
        let binding = TemplateBinding(declaration, template.parameters, &reading)
        let stated = Set(declaration.with.map(\.name))
        let variables = template.parameters.compactMap { parameter -> (name: String, texts: [Text])? in
            guard parameter.sort != .secret, parameter.name != "image",
                parameter.name != "version" || stated.contains("version")
            else { return nil }
            let values = binding.items(of: parameter.name)
            if values.isEmpty { return nil }
            let location = declaration.with.first { $0.name == parameter.name }?.location ?? declaration.location
            return (parameter.variable, values.map { Text(template: $0, location: location) })
        }
        return NativeService(
            declaration, native: NativeDeclaration(run: native.run, shell: native.shell, at: declaration.location),
            ports: ports,
            exports: ContainerServiceReader.exports(of: template, binding, ports, declaration, &reading),
            health: declaration.health?.check == nil
                ? native.health?.with(timeout: declaration.health?.timeout) : declaration.health,
            template: NativeTemplateUse(
                name: use.source, source: template.source, variables: variables,
                secrets: ContainerServiceReader.secrets(of: template, binding, declaration, &reading),
                keepsData: native.keepsData),
            page: ContainerServiceReader.page(of: template, binding, declaration))
    }

    /// What only an engine does.
    private static func checkKeys(_ declaration: ServiceDeclaration, _ reading: inout Reading) {
        for (key, text) in [("volume", declaration.volume), ("engine", declaration.engine)] {
            guard let text else { continue }
            reading.report("conflicting-keys", "a native service has no '\(key)'", at: text.location)
        }
        if let restart = declaration.restartLocation {
            reading.report(
                "conflicting-keys", "a native service has no 'restart': no engine watches its process", at: restart,
                suggestion: "drop it; 'devinit up' starts a process that ended")
        }
    }
}
