public import Base
public import Execution
public import Kinds

/// Says what is wrong with a machine, and how to mend it.
///
/// The checks run in parallel and change nothing. What the manifest says is executed only where it is trusted.
public enum Checkup {
    /// Looks at everything, or at what the words name: a check, a group, a node's id or name. Fails with every word
    /// that names nothing.
    public static func diagnose(
        _ context: DoctorContext, words: [String] = []
    ) async throws(Diagnostics) -> DoctorReport {
        let selection = try CheckSelection(words, context)
        let results = await withTaskGroup(of: (Int, [CheckResult]).self) { group in
            for (index, check) in Registry.checks.enumerated() {
                guard let part = selection.part(of: check, context) else { continue }
                group.addTask { (index, await check.results(context, chosen: part.nodes)) }
            }
            var found: [Int: [CheckResult]] = [:]
            for await (index, results) in group { found[index] = results }
            return found.sorted { $0.key < $1.key }.flatMap(\.value)
        }
        let order = CheckGroup.allCases
        return DoctorReport(
            checks: order.flatMap { group in results.filter { $0.group == group } })
    }

    /// Does what an offer of the report says. `run` must have been made for a run that may install, and the person
    /// must have agreed; what comes from the manifest must be trusted.
    public static func mend(_ offer: InstallOffer, _ run: RunWorkspace) async throws(NodeFailure) {
        let assessment = await run.assess(offer.node)
        switch assessment {
        case .upToDate, .skipped: return
        case .blocked(let failure): throw failure
        case .work, .unknown: try await run.run(offer.node, assessment, attempt: 1)
        }
    }
}
