import Base
import Execution

/// What a container mounts where the engine is on this machine, its secrets among it, is put into it before it starts
/// where the engine is on another one: a path of this machine means nothing there.
struct SentFiles {
    let service: ContainerService
    let context: NodeContext

    /// Whether it has any for an engine like this one.
    static func areNeeded(for service: ContainerService, _ values: Values) -> Bool {
        service.isElsewhere(values) && !(service.files.isEmpty && service.secrets.isEmpty)
    }

    func send(to container: ContainerState, _ client: EngineClient) async throws(NodeFailure) {
        var archive = TapeArchive()
        for (path, text) in service.files { try add(path, text, 0o755, &archive) }
        for (name, text) in service.secrets {
            try add("/run/secrets/\(name)", try context.resolve(text).text, 0o600, &archive)
        }
        do throws(EngineClient.Failure) {
            try await client.put(archive.bytes, into: container.id)
        } catch {
            throw NodeFailure(.failed, "the files of '\(service.name)' can't be put into its container: \(error)")
        }
    }

    /// What a container of its own is started with: its command writes the files first, since nobody can put them into it
    /// between its making and its start. They reach it by variables, which no argument shows.
    func before(_ command: [String]) throws(NodeFailure) -> (command: [String], environment: [String: String]) {
        var files: [(path: String, text: String, mode: String)] = service.files.map { ($0.path, $0.text, "755") }
        for (name, text) in service.secrets {
            files.append(("/run/secrets/\(name)", try context.resolve(text).text, "600"))
        }
        var environment: [String: String] = [:]
        var script = "umask 077\n"
        for (index, file) in files.enumerated() {
            let variable = "DEVINIT_FILE_\(index)"
            environment[variable] = file.text
            let (path, folder) = (ShellWord.quoted(file.path), ShellWord.quoted(Path(file.path).parent.text))
            script += "mkdir -p \(folder) && printf %s \"$\(variable)\" >\(path) && chmod \(file.mode) \(path)\n"
            script += "unset \(variable)\n"
        }
        return (["sh", "-c", script + "exec \"$@\"", "sh"] + command, environment)
    }

    private func add(
        _ path: String, _ text: String, _ mode: UInt16, _ archive: inout TapeArchive
    ) throws(NodeFailure) {
        guard archive.add(path, Array(text.utf8), mode: mode) else {
            throw NodeFailure(.failed, "\(path) is too long a path to be put into the container of '\(service.name)'")
        }
    }
}
