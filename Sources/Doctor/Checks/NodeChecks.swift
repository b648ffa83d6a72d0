import Execution
import Kinds

/// Required tools, checks of the manifest, and what the machine has.
enum ToolCheck: DoctorCheck {
    static let id = "tools"
    static let group = CheckGroup.tools
    static let kinds = ["tool"]

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        await NodeLook.results(of: "tool", group, context, chosen)
    }
}

/// Packages of the system.
enum PackageCheck: DoctorCheck {
    static let id = "packages"
    static let group = CheckGroup.packages
    static let kinds = ["package"]

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        await NodeLook.results(of: "package", group, context, chosen)
    }
}

/// Repositories: there, and the right ones.
enum RepositoryCheck: DoctorCheck {
    static let id = "repos"
    static let group = CheckGroup.repos
    static let kinds = ["repo"]

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        await NodeLook.results(of: "repo", group, context, chosen)
    }

    /// Repositories that `up` would clone first.
    static func pending(_ context: DoctorContext) async -> Set<NodeID> {
        guard let run = context.run else { return [] }
        var pending: Set<NodeID> = []
        for node in context.nodes(of: "repo") where node.common.reasonAgainst(context.host) == nil {
            if await node.assess(run.planningContext(node.id)).isWork { pending.insert(node.id) }
        }
        return pending
    }
}

/// Secrets that are missing. What `up` makes by itself is no problem.
enum SecretCheck: DoctorCheck {
    static let id = "secrets"
    static let group = CheckGroup.secrets
    static let kinds = ["secret"]

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        await NodeLook.results(of: "secret", group, context, chosen).map { result in
            var result = result
            if result.status == .warning, result.offer != nil {
                (result.status, result.remedy, result.offer) = (.ok, nil, nil)
            }
            return result
        }
    }
}

/// Env files: there, as the manifest has them, and with nothing left for a person to fill in.
enum EnvironmentFileCheck: DoctorCheck {
    static let id = "env"
    static let group = CheckGroup.env
    static let kinds = ["env"]

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        let results = await NodeLook.results(
            of: "env", group, context, chosen, pending: await RepositoryCheck.pending(context))
        guard let run = context.run else { return results }
        let files = Set(context.nodes(of: "env").map(\.id).filter { chosen?.contains($0) ?? true })
        let drift = Dictionary(EnvironmentFiles.drift(files, in: run).map { ("\($0.node)", $0) }) { $1 }
        return results.map { result in
            guard let drift = drift[result.id], !drift.work.isEmpty, [.ok, .warning].contains(result.status) else {
                return result
            }
            var result = result
            result.message = ([result.message] + drift.work).joined(separator: "; ")
            if result.status == .ok {
                result.status = .warning
                result.remedy =
                    "edit \(drift.file)"
                    + (drift.kept.isEmpty ? "" : ", or 'devinit env take mine KEY' where you mean it so")
            }
            return result
        }
    }
}

/// Other files of the manifest.
enum FileCheck: DoctorCheck {
    static let id = "files"
    static let group = CheckGroup.files
    static let kinds = ["file"]

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        await NodeLook.results(
            of: "file", group, context, chosen, pending: await RepositoryCheck.pending(context))
    }
}
