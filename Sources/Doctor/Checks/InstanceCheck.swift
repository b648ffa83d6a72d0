import Execution
import HostInterfaces
import Kinds

/// Whether the engine still has containers or data of a working tree that is gone. Asked only where the workspace used an
/// engine before; one that does not answer is another check's matter.
enum InstanceCheck: DoctorCheck {
    static let id = "instances"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        (await context.run?.leftInstances() ?? []).map { instance in
            CheckResult(
                "instance:\(instance.project)", .warning, group, title: instance.project,
                found: "\(instance.containers) containers, \(instance.volumes.count) volumes",
                message: "its folder \(instance.folder) is gone", remedy: instance.removal)
        }
    }
}
