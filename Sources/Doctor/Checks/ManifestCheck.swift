import Base
import Execution
import Kinds
import ManifestModel

/// Whether the manifest can be used.
enum ManifestCheck: DoctorCheck {
    static let id = "manifest"
    static let group = CheckGroup.manifest

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        let name = context.run.map { $0.workspace.manifest.file.name } ?? "manifest"
        let problems = context.problems.sorted.filter { $0.severity != .note }
        if problems.isEmpty { return [CheckResult(id, .ok, group, title: name, message: "valid")] }
        return problems.map { problem in
            CheckResult(
                id, problem.severity == .error ? .error : .warning, group,
                title: problem.location.map { "\($0.file):\($0.line):\($0.column)" } ?? name,
                message: problem.message, remedy: problem.suggestion)
        }
    }
}

/// Whether the manifest's commands were approved.
enum TrustCheck: DoctorCheck {
    static let id = "trust"
    static let group = CheckGroup.manifest

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let workspace = context.run?.workspace else { return [] }
        let count = workspace.nodes.values.map { $0.executables(in: workspace).count }.reduce(0, +)
        if count == 0 { return [CheckResult(id, .ok, group, title: "trust", message: "it runs no commands")] }
        let words = count == 1 ? "1 command" : "\(count) commands"
        if context.isTrusted { return [CheckResult(id, .ok, group, title: "trust", message: "\(words), approved")] }
        return [
            CheckResult(
                id, .warning, group, title: "trust", message: "\(words) that nobody approved",
                remedy: "read them with 'devinit trust --show', then 'devinit trust'")
        ]
    }
}
