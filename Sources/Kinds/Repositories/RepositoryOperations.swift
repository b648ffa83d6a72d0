import Base
public import Execution
import Git
import ManifestModel

/// What commands ask of all repositories at once: `status` and `sync`.
public struct RepositoryOperations: Sendable {
    /// More git programs at once bring no speed on the machines that people have.
    private static let width = 8

    private let run: RunWorkspace

    /// `run` is the workspace opened for a look; nothing is recorded.
    public init(_ run: RunWorkspace) { self.run = run }

    /// Branch, distance to upstream and what differs, of these repositories, or of all; in the manifest's order.
    public func status(of ids: Set<NodeID>? = nil) async -> [RepositoryStatus] {
        await each(ids) { node in await status(of: node) }
    }

    /// Fetches, and moves branches to their upstream where nothing can be lost. In the manifest's order.
    public func sync(
        _ ids: Set<NodeID>? = nil, onProgress: @escaping @Sendable (NodeID, NodeProgress) -> Void = { _, _ in }
    ) async -> [RepositorySync] {
        await each(ids) { node in
            let outcome = await sync(node) { onProgress(node.id, NodeProgress($0)) }
            return RepositorySync(id: node.id, place: node.checkoutPlace.path, outcome: outcome)
        }
    }

    private func status(of node: RepositoryNode) async -> RepositoryStatus {
        let context = run.context(node.id, isPlanning: true)
        var status = RepositoryStatus(
            id: node.id, place: node.checkoutPlace.path, url: node.shownAddress, ref: node.entry.ref?.source,
            isAdopted: node.checkoutPlace.isAdopted, state: .missing)
        switch await node.assess(context) {
        case .blocked(let failure): status.state = .blocked(failure)
        case .upToDate:
            do throws(GitFailure) {
                status.state = .checkout(try await run.parts.git.status(of: node.checkoutPlace.path))
            } catch {
                status.state = .failed(NodeFailure(error))
            }
        default: break
        }
        return status
    }

    private func sync(
        _ node: RepositoryNode, onProgress: @escaping @Sendable (GitProgress) -> Void
    ) async -> RepositorySync.Outcome {
        let git = run.parts.git
        let place = node.checkoutPlace.path
        let context = run.context(node.id, isPlanning: true)
        let host = node.knownAddress(context).flatMap { RepositoryAddress($0)?.server }
        switch await node.assess(context) {
        case .blocked(let failure): return .failed(failure)
        case .upToDate: break
        default: return .left("not cloned yet")
        }
        if let refusal = host.flatMap(run.parts.breaker.refusal) { return .failed(refusal) }
        do throws(GitFailure) {
            let state = try await git.fetch(place, onProgress: onProgress)
            if let reason = Self.reasonToLeave(state) { return .left(reason) }
            guard state.behind > 0, let branch = state.branch, let from = state.commit else { return .upToDate }
            let moved = try await git.fastForward(place)
            return .moved(branch: branch, from: from, to: moved.commit ?? "", commits: state.behind)
        } catch {
            let failure = NodeFailure(error, host: host)
            run.parts.breaker.gaveUp(node.id, failure)
            return .failed(failure)
        }
    }

    /// Why a fetched checkout is not moved; nil where it may be, or has nowhere to go.
    private static func reasonToLeave(_ state: CheckoutState) -> String? {
        guard let branch = state.branch else { return "no branch is checked out" }
        guard let upstream = state.upstream else { return "\(branch) follows no branch of the server" }
        guard state.behind > 0 else { return nil }
        let behind = "\(branch) is \(count(state.behind, "commit")) behind \(upstream)"
        if state.ahead > 0 { return "\(behind) and has \(count(state.ahead, "commit")) of its own: merge by hand" }
        if !state.isClean { return "\(behind), and \(count(state.changed + state.conflicts, "file")) changed here" }
        return nil
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    /// The work on every repository, a few at a time, the results in the manifest's order.
    private func each<Value: Sendable>(
        _ ids: Set<NodeID>?, _ work: @escaping @Sendable (RepositoryNode) async -> Value
    ) async -> [Value] {
        let nodes = run.workspace.nodes(of: RepositoryKind.name).compactMap { $0 as? RepositoryNode }
            .filter { ids?.contains($0.id) ?? true }
        return await withTaskGroup(of: (Int, Value).self) { group in
            var open = nodes.enumerated().makeIterator()
            func next() {
                if let (index, node) = open.next() { group.addTask { (index, await work(node)) } }
            }
            for _ in 0..<Self.width { next() }
            var found: [(Int, Value)] = []
            while let result = await group.next() {
                found.append(result)
                next()
            }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
