import Base
import ManifestModel
import YAML

/// The ports that a Compose service publishes, each under the name that the file gives it, else the container's number.
enum AdoptedPorts {
    struct Published {
        var port: ServicePort
        /// The address of this machine; nil for all of them.
        var address: String?
    }

    /// Of several addresses for one port the first counts. What speaks no TCP can't be asked from here and is left out.
    static func read(_ definition: YAMLNode, in project: ComposeProject) -> [Published] {
        var all: [Published] = []
        for item in definition["ports"]?.items ?? [] {
            for port in ComposePort(item)?.each ?? [] where port.transport == "tcp" {
                guard let inside = Int(port.target) else { continue }
                let name = port.name ?? port.target
                if all.contains(where: { $0.port.name == name }) { continue }
                var known = ServicePort(name: name, container: inside)
                let place = item["published"]?.location ?? item.location
                let number = project.variableValues.contains(place) ? nil : port.published.flatMap { Int($0) }
                known.host = number.map { .fixed($0) } ?? .fromFiles
                all.append(Published(port: known, address: port.address))
            }
        }
        return all
    }
}
