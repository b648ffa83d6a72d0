import Base
import YAML

/// What existing Compose files call things, told apart for one instance: a name that they state themselves would be the
/// same in each.
struct AdoptedInstance: Hashable, Sendable {
    let name: String
    /// What the files say once Compose has resolved them, with the instance's own names and ports.
    let file: Path

    /// The project's name, and a name that a volume or network states.
    func name(for stated: String) -> String { "\(stated)-\(name)" }

    /// An image that the project builds: another branch builds another one.
    func image(for stated: String) -> String {
        guard let colon = stated.lastIndex(of: ":"), !stated[colon...].contains("/") else { return "\(stated):\(name)" }
        return "\(stated)-\(name)"
    }
}

extension AdoptedProject {
    /// The project's name without the instance's part: what `project` would state.
    var statedName: String {
        guard let ending = instance?.name(for: ""), name.hasSuffix(ending) else { return name }
        return String(name.dropLast(ending.count))
    }

    /// Whether that is the same service's container in another instance of the same files.
    func isOtherInstance(_ container: ContainerState, of service: String) -> Bool {
        guard container.service == service, let project = container.labels[ContainerState.projectLabel],
            project != name
        else { return false }
        return project == statedName || project.hasPrefix("\(statedName)-")
    }

    /// The image by which the engine knows a service's container; nil where the files state none.
    func image(of service: String) -> String? {
        guard let stated = current.services[service]?["image"]?.text else { return nil }
        guard let instance, isBuilt(stated) else { return stated }
        return instance.image(for: stated)
    }

    /// Whether one of the services builds the image of that name.
    func isBuilt(_ image: String) -> Bool { builder(of: image) != nil }

    /// The service that builds an image, by which others may name it.
    func builder(of image: String) -> String? {
        initial.services.first { $0.value["build"] != nil && $0.value["image"]?.text == image }?.key
    }

    /// The name that a volume or a network of the files has on the engine, for its key and what the file says of it.
    func engineName(_ key: String, _ stated: String?) -> String {
        let standard = "\(name)_\(key)"
        guard let stated, stated != standard else { return standard }
        return instance.map { $0.name(for: stated) } ?? stated
    }
}

/// What an instance of existing Compose files has to share with the others, or can't move: said at its place, before
/// anything starts.
struct InstanceNotes {
    let project: ComposeProject

    var all: [Diagnostic] {
        var notes: [Diagnostic] = []
        for (section, words) in [
            ("volumes", "two services that write one volume spoil its data"),
            ("networks", "a service's name there means that of each instance"),
        ] {
            for entry in project.sections[section]?.entries ?? [] where entry.value.isExternal {
                notes.append(
                    note(
                        "'\(entry.key)' is external, so all instances share it: \(words)", at: entry.keyLocation,
                        "name it by a variable, such as 'name: \(entry.key)-${COMPOSE_PROJECT_NAME}'"))
            }
        }
        for (name, service) in project.services {
            if let mode = service["network_mode"], mode.text == "host" {
                notes.append(
                    note(
                        "'\(name)' uses this machine's own network, so an instance can't give it other ports",
                        at: mode.location, "publish its ports instead, or leave it out of the instance"))
            }
        }
        return notes
    }

    private func note(_ message: String, at location: SourceLocation, _ suggestion: String) -> Diagnostic {
        Diagnostic(.note, code: "shared-by-instances", message, at: location, suggestion: suggestion)
    }
}

extension YAMLNode {
    /// Whether a volume or network of a Compose file was made by somebody else.
    var isExternal: Bool { self["external"].map { $0.bool != false } ?? false }
}
