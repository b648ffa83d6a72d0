import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import YAML

/// Whether a container of an existing Compose file is as the files want it. Such containers have no labels of devinit's:
/// Compose's own hash of what it made the container from is compared with the one of the last start, and what the
/// files say now with what they said then.
extension ContainerService {
    private var startFact: String { "\(id)/start" }

    func assess(
        _ containers: [ContainerState], of adopted: AdoptedProject, _ context: NodeContext
    ) async -> Assessment {
        if context.isPlanning, let before = pendingFile(context) { return .unknown("known after \(before)") }
        if !containers.allSatisfy(adopted.made) { return .work(.update, "taken over from elsewhere") }
        guard let known = context.journal.fact(startFact) else {
            return .work(.run, "it was not started by devinit yet")
        }
        for container in containers
        where known["configuration"]?.string != container.labels[ContainerState.configurationLabel] {
            return .work(.update, "its container was made from another definition")
        }
        let parts = contents(adopted, context)
        if let parts, known["definition"]?.string != parts.definition {
            return .work(.update, "its definition changed")
        }
        if let parts, known["inputs"]?.string != parts.inputs {
            return .work(.update, "an env file or an input of it changed")
        }
        for container in containers where await imageHasMoved(adopted.image(of: name), container, context) {
            return .work(.update, "its image changed")
        }
        learnPorts(of: containers, context)
        return await assess(containers, context)
    }

    /// After a start: what the container was made from.
    func recordStart(_ adopted: AdoptedProject, _ context: NodeContext) async throws(NodeFailure) {
        let containers = try await context.engine(of: self).containers(context, within: 0)
        let own = own(containers, in: context.workspace)
        guard let container = own.first, let parts = contents(adopted, context) else { return }
        learnPorts(of: own, context)
        let fact: JSON = [
            "configuration": .string(container.labels[ContainerState.configurationLabel] ?? ""),
            "definition": .string(parts.definition), "inputs": .string(parts.inputs),
        ]
        guard context.journal.fact(startFact) != fact else { return }
        do throws(SystemError) {
            try context.journal.append(.fact(startFact, fact))
        } catch { throw NodeFailure(.failed, "the record of '\(name)' can't be written: \(error)") }
    }

    /// Keyed hashes of what the files say of the service, and of what is in its env files and inputs: both may hold
    /// secrets. Nil where no key can be made, as while only looking at a new workspace.
    private func contents(
        _ adopted: AdoptedProject, _ context: NodeContext
    ) -> (definition: String, inputs: String)? {
        guard let key = context.parts.keyedHash else { return nil }
        let project = adopted.current
        let definition = project.services[name] ?? .mapping([YAMLEntry]())
        var document = YAMLNode.mapping(["service": definition])
        for (name, section) in project.sections.sorted(by: { $0.key < $1.key })
        where ["volumes", "networks", "secrets", "configs"].contains(name) {
            document.set(name, to: section)
        }
        var inputs = project.environmentFiles(of: [name]).map { path in
            context.parts.hashes.hash(of: path) ?? "missing"
        }
        inputs += InputFiles(self.inputs, folder: context.workspace.root).hashes(
            context.workspace, context.values, context.host, context.parts.hashes)
        if adopted.instance != nil {
            document.set(
                "ports", to: .text(ports.map { "\(context.values.port(name, $0.name) ?? 0)" }.joined(separator: " ")))
        }
        func hash(_ text: String) -> String { String(key.hash(text, name: "service:\(name)").prefix(32)) }
        return (hash(YAMLWriter.write(document)), hash(inputs.map { "\($0.utf8.count):\($0)" }.joined()))
    }

    /// A file that Compose reads and that `up` would write before.
    private func pendingFile(_ context: NodeContext) -> NodeID? {
        context.workspace.edges(of: id).first {
            ["env", "file", "repo"].contains($0.need.kind) && context.pending.contains($0.need)
        }?
        .need
    }

    /// The engine has the last word on ports, and the only one on those that it chose itself.
    private func learnPorts(of containers: [ContainerState], _ context: NodeContext) {
        for port in ports {
            let published = containers.flatMap(\.ports)
                .filter { $0.inside == port.container && $0.transport == port.transport.rawValue }.map(\.outside)
            let known = context.values.port(name, port.name) ?? portOfFiles(port.name)
            // One port may be published at several places.
            guard let first = published.first, !published.contains(where: { $0 == known }) else { continue }
            context.values.setPort(name, port.name, to: first)
            if port == ports.first { context.values.setPort(name, "", to: first) }
        }
    }
}
