import Base
import Execution
import HostInterfaces
import ManifestModel

/// What the process of a template gets beside its ports.
extension NativeService {
    /// Where its secrets are, as for a container: outside the workspace, for the owner alone.
    func secretFolder(_ context: NodeContext) -> Path {
        ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
            .secretFolder(of: name)
    }

    func shell(_ context: NodeContext) -> [String] {
        ShellChoice.arguments(native.shell ?? (template == nil ? context.settings.shell : "sh"))
    }

    func variables(_ template: NativeTemplateUse, _ context: NodeContext) throws(NodeFailure) -> [String: String] {
        var variables = ["SECRETS": secretFolder(context).text]
        variables["HOST"] =
            try hostAddress.map { text throws(NodeFailure) in try context.resolve(text).text }
            ?? "127.0.0.1"
        variables["DATA"] = NativeData(self, context)?.folder.text
        for (name, texts) in template.variables {
            var parts: [String] = []
            for text in texts { parts.append(try comparable(text, context) ?? "") }
            variables[name] = parts.joined(separator: "\n")
        }
        return variables
    }

    /// The text with everything looked up; while planning with what is at hand without asking anybody. Nil where it
    /// needs an optional secret that was not given.
    func comparable(_ text: Text, _ context: NodeContext) throws(NodeFailure) -> String? {
        if context.isPlanning, let found = try? text.template.substituting(context.comparingScope).text {
            return found
        }
        return try context.resolveGiven(text)?.text
    }

    func writeSecrets(_ context: NodeContext) throws(NodeFailure) {
        guard let template, !template.secrets.isEmpty else { return }
        let folder = secretFolder(context)
        do throws(SystemError) {
            try context.host.files.makeFolder(folder, mode: 0o700)
        } catch { throw NodeFailure(.failed, "\(error)") }
        for (name, text) in template.secrets {
            let value = Array((try comparable(text, context) ?? "").utf8)
            do throws(SystemError) {
                try context.host.files.replace(folder / name, with: value, mode: 0o600)
            } catch { throw NodeFailure(.failed, "\(error)", remedy: "make room or give the right to write there") }
        }
    }
}
