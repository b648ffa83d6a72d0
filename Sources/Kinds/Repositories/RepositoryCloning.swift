import Base
import Execution
import Git
import HostInterfaces
import ManifestModel
import State

extension RepositoryNode {
    /// Clones. What appears at the place is whole or not there.
    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        if let failure = leavingWorkspace(context) { throw failure }
        let request = try request(context)
        let address = RepositoryAddress(request.url)
        if context.settings.offline, address?.scheme != .file {
            throw NodeFailure(
                .network, "\(shownAddress) is not cloned yet, and --offline forbids to fetch it",
                remedy: "run devinit up without --offline")
        }
        let host = address?.server
        if let host, let refusal = context.parts.breaker.refusal(of: host) { throw refusal }
        let clock = context.host.clock
        let start = clock.monotonicSeconds
        let report = context.reporter.progress
        let state: CheckoutState
        do throws(GitFailure) {
            state = try await context.parts.git.clone(request) { report(NodeProgress($0)) }
        } catch {
            throw NodeFailure(error, host: host)
        }
        for note in state.notes { context.reporter.note(note) }
        do throws(SystemError) {
            try context.journal.append(
                .created(
                    LedgerEntry(
                        kind: .repository, name: checkoutPlace.path.text, node: id.description,
                        detail: ["url": .string(address?.storedURL ?? shownAddress)])))
            try context.journal.append(
                .done(
                    node: id.description,
                    fingerprint: [
                        "ref": request.ref.map { .string($0) } ?? .null,
                        "commit": state.commit.map { .string($0) } ?? .null,
                    ], seconds: clock.monotonicSeconds - start))
        } catch {
            throw NodeFailure(
                .failed, "\(shownAddress) is cloned, but that can't be recorded: \(error)",
                remedy: "make room, then run devinit up again")
        }
    }

    private func request(_ context: NodeContext) throws(NodeFailure) -> CloneRequest {
        var request = CloneRequest(
            url: try address(entry.url, context), target: checkoutPlace.path, depth: entry.depth,
            submodules: entry.submodules, lfs: entry.largeFiles)
        if let ref = entry.ref { request.ref = try context.resolve(ref).text }
        if request.ref?.isEmpty == true { request.ref = nil }
        for folder in entry.sparse { request.sparse.append(try context.resolve(folder).text) }
        for remote in entry.remotes { request.remotes[remote.key] = try address(remote.value, context) }
        return request
    }
}

extension NodeProgress {
    init(_ progress: GitProgress) {
        let words =
            switch progress.phase {
            case .connecting: "connecting"
            case .receiving: "receiving objects"
            case .resolving: "resolving deltas"
            case .checkout: "checking out files"
            }
        let isMeasured = progress.total > 0
        self.init(
            words, done: isMeasured ? progress.done : nil, total: isMeasured ? progress.total : nil,
            bytes: progress.bytes > 0 ? progress.bytes : nil)
    }
}

extension NodeFailure {
    /// A failure of git work, sorted by what it means for the exit status.
    init(_ failure: GitFailure, host: String? = nil) {
        let kind: Class =
            switch failure.kind {
            case .authentication, .notFound, .certificate, .hostKey, .network, .timeout: .network
            case .unsupported: .prerequisite
            case .cancelled: .cancelled
            case .refNotFound, .disk, .refused, .other: .failed
            }
        self.init(
            kind, failure.message, remedy: failure.hint.isEmpty ? nil : failure.hint, isPassing: failure.isPassing,
            host: failure.isPassing ? host : nil)
    }
}
