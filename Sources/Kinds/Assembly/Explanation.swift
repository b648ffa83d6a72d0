import Base
import Execution
import HostInterfaces
import Secrets
import State

/// Why a node is up to date or not, in whole sentences: what `plan --why` shows.
struct Explanation {
    let run: RunWorkspace
    let id: NodeID
    let pending: Set<NodeID>

    func lines() async -> [String] {
        guard let node = run.workspace.nodes[id], node.common.reasonAgainst(run.host) == nil else { return [] }
        return history
            + (await node.explanation(run.context(id, isPlanning: true, pending: pending))).map(run.values.mask.mask)
    }

    /// What the records tell of its last work.
    private var history: [String] {
        let name = id.description
        var words: [String] = []
        if let failure = run.journal.lastFailed(name) {
            words.append("failed \(ago(failure.at)): \(failure.message)")
        }
        if let record = run.journal.lastDone(name) {
            let time = record.seconds > 0 ? ", which took \(TimeSpan.describe(seconds: record.seconds))" : ""
            words.append("last done \(ago(record.at))\(time)")
        } else {
            words.append("no record of it here")
        }
        return words
    }

    private func ago(_ moment: Double) -> String {
        let seconds = max(0, run.host.clock.wallSeconds - moment)
        if seconds >= 172_800 { return "\(Int(seconds / 86_400)) days ago" }
        return "\(TimeSpan.describe(seconds: seconds.rounded())) ago"
    }
}
