import Base
import Execution
import Kinds

/// Which checks the words of `devinit doctor CHECK…` mean.
struct CheckSelection: Sendable {
    /// Words that name a check or a group.
    private var checks: Set<String> = []
    private var nodes: Set<NodeID> = []
    private let isEverything: Bool

    /// What of a check is to be done; `nodes` is nil for all of it.
    struct Part {
        var nodes: Set<NodeID>?
    }

    init(_ words: [String], _ context: DoctorContext) throws(Diagnostics) {
        isEverything = words.isEmpty
        let own = Set(Registry.checks.flatMap { [$0.id, $0.group.rawValue] })
        let kinds = Set(Registry.checks.flatMap { $0.kinds })
        let known = (context.run?.workspace.order ?? []).filter { kinds.contains($0.kind) }
        var diagnostics = Diagnostics()
        for word in words {
            let matches = known.filter { $0.description == word || $0.name == word }
            if own.contains(word) {
                checks.insert(word)
            } else if !matches.isEmpty {
                nodes.formUnion(matches)
            } else {
                let all = own.sorted() + known.map(\.description) + known.map(\.name)
                let near = TextDistance.nearest(to: word, among: all)
                diagnostics.add(
                    Diagnostic(
                        code: "unknown-check", "there is no check '\(word)'",
                        suggestion: near.map { "did you mean '\($0)'?" }
                            ?? "checks: \(own.sorted().joined(separator: ", "))"))
            }
        }
        if diagnostics.hasErrors { throw diagnostics }
    }

    func part(of check: any DoctorCheck.Type, _ context: DoctorContext) -> Part? {
        if isEverything || checks.contains(check.id) || checks.contains(check.group.rawValue) { return Part() }
        let own = nodes.filter { check.kinds.contains($0.kind) }
        return own.isEmpty ? nil : Part(nodes: own)
    }
}
