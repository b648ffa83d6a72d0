import Base
import Execution
import HostInterfaces
import Kinds

/// Whether the generated Compose files are as devinit wrote them.
enum GeneratedFileCheck: DoctorCheck {
    static let id = "compose-file"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run else { return [] }
        return GeneratedFile.edited(in: run.workspace, on: context.host).map { file in
            CheckResult(
                id, .warning, group, title: "\(file.relative(to: run.workspace.root))", message: "changed by hand",
                remedy: GeneratedFile.remedy)
        }
    }
}
