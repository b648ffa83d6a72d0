import Base
import ManifestModel
import YAML

/// Whether Compose means the same by existing files as devinit does: services, ports, health, images.
struct ConfigurationComparison {
    let own: ComposeProject
    /// What `config` printed.
    let theirs: YAMLNode

    /// A sentence for each thing that is not the same.
    func differences(of names: [String]) -> [String] {
        names.flatMap { name -> [String] in
            guard let mine = own.services[name] else { return [] }
            guard let other = theirs["services"]?.entry(name)?.value else {
                return ["Compose has no service '\(name)' in these files, devinit has"]
            }
            var found: [String] = []
            func compare(_ what: String, _ mine: String, _ other: String) {
                if mine != other {
                    found.append("Compose reads \(what) of '\(name)' as \(shown(other)), devinit as \(shown(mine))")
                }
            }
            compare("the ports", ports(mine), ports(other))
            compare("the image", mine["image"]?.text ?? "", plain(other["image"]?.text ?? ""))
            compare("the health check", health(mine), plain(health(other)))
            return found
        }
    }

    private func shown(_ text: String) -> String { text.isEmpty ? "none" : text }

    /// `config` doubles each `$`, so that its output can be read again.
    private func plain(_ text: String) -> String { text.replacing("$$", with: "$") }

    private func ports(_ service: YAMLNode) -> String {
        var all: Set<String> = []
        for port in (service["ports"]?.items ?? []).flatMap({ ComposePort($0)?.each ?? [] }) {
            let parts = [port.address == "0.0.0.0" ? nil : port.address, port.published, port.target]
            all.insert(parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ":") + "/" + port.transport)
        }
        return all.sorted().joined(separator: ", ")
    }

    /// Its words; a text is a command of the shell.
    private func health(_ service: YAMLNode) -> String {
        guard let check = service["healthcheck"], check["disable"]?.bool != true, let test = check["test"] else {
            return ""
        }
        guard let items = test.items else { return "CMD-SHELL \(test.text ?? "")" }
        let words = items.compactMap(\.text)
        return words == ["NONE"] ? "" : words.joined(separator: " ")
    }
}
