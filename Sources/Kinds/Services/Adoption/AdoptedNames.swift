import Base
import Execution
import HostInterfaces
import State
import YAML

/// A file for calls of Compose that only find containers which are there: it states the names of the services and no
/// more. By the files themselves such a call would fail while an env file is missing.
struct AdoptedNames {
    let adopted: AdoptedProject
    let context: NodeContext

    private var path: Path { context.workspace.serviceFolder / "adopted-names.yaml" }

    /// The words of a call up to its command.
    func arguments(_ compose: [String]) throws(NodeFailure) -> [String] {
        try write()
        return compose + ["-p", adopted.name, "-f", path.text]
    }

    private func write() throws(NodeFailure) {
        let services = adopted.names.map { name in
            YAMLEntry(key: name, keyLocation: .nowhere, value: .mapping(["image": .text("none")]))
        }
        let text = """
            # Made by devinit for calls that find containers by their names alone; nothing is made from it.

            """ + YAMLWriter.write(.mapping(["services": .mapping(services)]))
        try context.make(path, of: text, mode: 0o644)
    }
}

extension NodeContext {
    /// Writes a file for Compose that is made of existing ones, in devinit's folder of the workspace, where it is not so
    /// already.
    func make(_ path: Path, of text: String, mode: UInt16) throws(NodeFailure) {
        if host.files.text(of: path) == text { return }
        do throws(SystemError) {
            try WorkspaceFolder(root: workspace.root).prepare(on: host)
            try host.files.makeFolder(path.parent, mode: 0o755)
            try host.files.replace(path, with: Array(text.utf8), mode: mode)
        } catch { throw NodeFailure(.failed, "\(error)", remedy: "make room or give the right to write there") }
    }
}

extension FoundEngine {
    /// A call of Compose for containers of one project that are there already.
    func composeArguments(
        findingContainersOf service: ContainerService?, _ context: NodeContext
    ) throws(NodeFailure) -> [String] {
        if let adopted = service?.adopted {
            let program = try wholeProgram()
            return try AdoptedNames(adopted: adopted, context: context).arguments(program.callWords)
        }
        try GeneratedFile.setAside(name, context)
        try ComposeUp.ensureFile(self, context)
        return try composeArguments(context.workspace)
    }
}
