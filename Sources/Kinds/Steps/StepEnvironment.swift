import Base
import Dotenv
import Execution
import HostInterfaces
import ManifestModel

/// The environment of a step's commands.
struct StepEnvironment: Sendable {
    /// What the step itself brings: what goes into a container too.
    var own: [String: String] = [:]
    /// All that a process on this machine gets.
    var whole: [String: String] = [:]

    /// From the process's environment over the workspace's variables and `env_file` to `env`, later ones win.
    init(_ look: StepLook) throws(NodeFailure) {
        let context = look.context
        let workspace = context.workspace
        own["DEVINIT_NODE"] = context.id.description
        own["DEVINIT_ROOT"] = workspace.root.text
        own["DEVINIT_WORKSPACE"] = workspace.name
        // A devinit that the step calls means the same.
        own["DEVINIT_INSTANCE"] = workspace.instance ?? ""
        for (name, texts) in look.node.template?.parameters ?? [] {
            own[name] = try Self.joined(texts, context)
        }
        for file in look.declaration.environmentFiles {
            let path = look.place.appending(Path(try context.resolve(file).text)).normalized
            try Self.read(path, context, into: &own)
        }
        for (name, text) in look.declaration.environment {
            // An optional secret that was not given leaves its variable out.
            if let value = try context.resolveGiven(text) { own[name] = value.text }
        }
        whole = Self.machine(in: look.place, context)
        whole.merge(own) { $1 }
    }

    /// What every process of the workspace gets that works in a folder: the person's own variables, those by which
    /// Compose finds the project, and the PATH of the folder's version file.
    static func machine(in place: Path, _ context: NodeContext) -> [String: String] {
        let workspace = context.workspace
        var whole = context.host.environment
        whole.merge(workspace.composeVariables) { $1 }
        let inherited =
            whole["PATH"] == nil
            ? "/usr/local/bin:/usr/bin:/bin" : context.values.searchPath(context.host)
        let versions = VersionFilePath.folders(for: place, root: workspace.root, host: context.host)
        whole["PATH"] = (versions.map(\.text) + [inherited]).joined(separator: ":")
        return whole
    }

    private static func joined(_ texts: [Text], _ context: NodeContext) throws(NodeFailure) -> String {
        var parts: [String] = []
        for text in texts { parts.append(try context.resolve(text).text) }
        return parts.joined(separator: "\n")
    }

    /// Compose's reader: the file is what Compose calls an env file.
    private static func read(
        _ path: Path, _ context: NodeContext, into environment: inout [String: String]
    ) throws(NodeFailure) {
        guard let text = context.host.files.text(of: path) else {
            throw NodeFailure(
                .prerequisite, "env_file \(context.display(path)) can't be read", remedy: "create it, or fix 'env_file'"
            )
        }
        do throws(DotenvError) {
            for (name, value) in try DotenvReader.values(
                of: text, dialect: .compose, environment: context.host.environment)
            {
                guard !ShellVariables.change(name) else {
                    context.reporter.note(
                        "\(name) of \(context.display(path)) is left out: it would change what every command runs")
                    continue
                }
                environment[name] = value
            }
        } catch {
            throw NodeFailure(.prerequisite, "\(context.display(path)): \(error)")
        }
    }
}
