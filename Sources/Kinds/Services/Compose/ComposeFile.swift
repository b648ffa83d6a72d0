import Base
import Execution
import HostInterfaces
import ManifestModel
import State
import YAML

/// `.devinit/compose.yaml`: every container service of the workspace, or of one that lives on an engine of its own
/// (`.devinit/compose.NAME.yaml`), the same bytes for the same manifest, in the
/// form of the Compose specification that Compose 1.29 reads too (no `version`, no `name`).
struct ComposeFile {
    private static let mark = "content: "

    let rendering: ComposeRendering
    var engine = EngineName.standard

    var path: Path { rendering.workspace.composeFile(engine) }

    /// What a write did beside writing.
    struct Outcome {
        /// Where a file that somebody had edited was kept.
        var backup: Path?
        /// Variables that the call of Compose needs, with the texts that give them.
        var secretVariables: [String: Text] = [:]
    }

    /// Writes the file, and the files that the services in `starting` mount. What other services need may not be
    /// there yet: their env files are left out until they are, because Compose reads all of them.
    func write(
        _ services: [ContainerService], starting: Set<String>, values: Values, parts: RunParts,
        form: ComposeForm
    ) throws(NodeFailure) -> Outcome {
        var rendered: [RenderedService] = []
        for service in services {
            do throws(NodeFailure) {
                var one = try rendering.render(service)
                let scope = rendering.workspace.scope(values)
                if let inputs = rendering.inputs(of: one, service, parts, scope: scope), var labels = one.node["labels"]
                {
                    labels.set(ComposeRendering.inputsLabel, to: .text(inputs))
                    one.node.set("labels", to: labels)
                }
                rendered.append(one)
            } catch {
                if starting.contains(service.name) { throw error }
            }
        }
        for index in rendered.indices {
            leaveOutMissingFiles(&rendered[index].node)
            rendered[index].node = form.adapt(
                rendered[index].node, variables: rendered[index].secretVariables.keys)
        }
        let files = rendering.host.files
        do throws(SystemError) {
            try WorkspaceFolder(root: rendering.workspace.root).prepare(on: rendering.host)
            try files.makeFolder(rendering.workspace.serviceFolder, mode: 0o755)
            for service in services where starting.contains(service.name) { try writeFiles(of: service, values) }
        } catch {
            throw NodeFailure(.failed, "\(error)", remedy: "make room or give the right to write there")
        }
        var outcome = Outcome(backup: nil)
        for service in rendered { outcome.secretVariables.merge(service.secretVariables) { first, _ in first } }
        do throws(SystemError) {
            let wanted = text(of: document(rendered))
            let found = try files.status(of: path, followingLinks: true) == nil ? nil : files.text(of: path)
            if let found, found != wanted, isEdited(found) {
                let backup = freeBackup()
                try files.rename(path, to: backup)
                outcome.backup = backup
            }
            if found != wanted { try files.replace(path, with: Array(wanted.utf8), mode: 0o600) }
        } catch {
            throw NodeFailure(.failed, "\(error)", remedy: "make room or give the right to write there")
        }
        return outcome
    }

    /// Whether somebody changed the file since devinit wrote it.
    func isEdited(_ text: String) -> Bool {
        guard let start = text.range(ofFirst: "# \(Self.mark)") else { return true }
        let rest = text[start...].dropFirst(Self.mark.count + 2)
        guard let end = rest.firstIndex(of: "\n") else { return true }
        let content = rest[rest.index(after: end)...]
        return rendering.host.digests.sha256(Array(content.utf8)) != rest[..<end]
    }

    /// The whole document for tests and `config`.
    func document(_ rendered: [RenderedService]) -> YAMLNode {
        var document = YAMLNode.mapping([
            "services": .mapping(
                rendered.map { YAMLEntry(key: $0.name, keyLocation: .nowhere, value: $0.node) })
        ])
        var volumes: [YAMLEntry] = []
        var networks: [YAMLEntry] = []
        for service in rendered {
            for name in service.volumes where !volumes.contains(where: { $0.key == name }) {
                var node = YAMLNode.mapping([YAMLEntry]())
                if let adopted = service.adopted, adopted.key == name {
                    node = .mapping(["external": .bool(true), "name": .text(adopted.name)])
                }
                volumes.append(YAMLEntry(key: name, keyLocation: .nowhere, value: node))
            }
            for name in service.networks where name != "default" && !networks.contains(where: { $0.key == name }) {
                networks.append(YAMLEntry(key: name, keyLocation: .nowhere, value: .mapping([YAMLEntry]())))
            }
        }
        if !volumes.isEmpty { document.set("volumes", to: .mapping(volumes)) }
        if !networks.isEmpty { document.set("networks", to: .mapping(networks)) }
        return document
    }

    private func text(of document: YAMLNode) -> String {
        let content = YAMLWriter.write(document)
        let sum = rendering.host.digests.sha256(Array(content.utf8))
        return """
            # Made by devinit from the manifest; changes here are lost with the next `devinit up`.
            # Change 'services' of the manifest instead: its 'compose' key takes any key of a Compose service.
            # \(Self.mark)\(sum)

            """ + content
    }

    private func leaveOutMissingFiles(_ node: inout YAMLNode) {
        guard let items = node["env_file"]?.items else { return }
        let there = items.filter { item in
            guard let text = (item["path"] ?? item).text else { return true }
            return rendering.host.files.isFile(Path(text))
        }
        if there.isEmpty { node.remove("env_file") } else { node.set("env_file", to: .sequence(there)) }
    }

    private func writeFiles(of service: ContainerService, _ values: Values) throws(SystemError) {
        let files = rendering.host.files
        for (path, text) in service.files {
            let folder = rendering.fileFolder(of: service.name)
            try files.makeFolder(folder, mode: 0o755)
            let file = folder / ComposeRendering.fileName(for: path)
            // Replacing it would leave a running container with the file that was.
            if files.text(of: file) != text { try files.replace(file, with: Array(text.utf8), mode: 0o755) }
        }
        for (name, text) in service.secrets {
            guard let value = try? rendering.workspace.resolve(text, values).text else { continue }
            let folder = rendering.secretFolder(of: service.name)
            try files.makeFolder(folder, mode: 0o700)
            if files.text(of: folder / name) != value {
                try files.replace(folder / name, with: Array(value.utf8), mode: 0o600)
            }
        }
    }

    func freeBackup() -> Path {
        var number = 1
        while rendering.host.files.exists(Path("\(path).edited-\(number)")) { number += 1 }
        return Path("\(path).edited-\(number)")
    }
}

extension String {
    /// Where `part` first begins. The standard library has no such thing without Foundation that works on bytes.
    func range(ofFirst part: String) -> String.Index? {
        let bytes = Array(part.utf8)
        return utf8.indices.first { utf8[$0...].starts(with: bytes) }
    }
}
