import Execution
import HostInterfaces
import Kinds

/// Whether the engine still has containers or data of a working tree that is gone. Asked only where the workspace used an
/// engine before; one that does not answer is told where others do.
enum InstanceCheck: DoctorCheck {
    static let id = "instances"
    static let group = CheckGroup.containers

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let survey = await context.run?.leftInstances() else { return [] }
        // Where none answers there is nothing to tell, and other checks say why.
        let notes = survey.failure == nil ? survey.notes : []
        let skipped = notes.enumerated().map { index, note in
            CheckResult("instances:\(index + 1)", .skipped, group, title: "instances", message: note)
        }
        return skipped
            + survey.instances.map { instance in
                CheckResult(
                    "instance:\(instance.project)", .warning, group, title: instance.project,
                    found: "\(instance.containers) containers, \(instance.volumes.count) volumes",
                    message: "its folder \(instance.folder) is gone", remedy: instance.removal)
            }
    }
}
