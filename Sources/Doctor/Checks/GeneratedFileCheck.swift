import Base
import Execution
import HostInterfaces
import Kinds

/// Whether the generated Compose file is as devinit wrote it.
enum GeneratedFileCheck: DoctorCheck {
    static let id = "compose-file"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run, let file = GeneratedFile.edited(in: run.workspace, on: context.host) else {
            return []
        }
        let name = "\(file.relative(to: run.workspace.root))"
        return [
            CheckResult(
                id, .warning, group, title: name, message: "changed by hand", remedy: GeneratedFile.remedy)
        ]
    }
}
