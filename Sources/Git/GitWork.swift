public import Base
public import HostInterfaces

/// Git work as the rest of devinit sees it. Knows libgit2 only through the worker program, and the system's git.
public struct GitWork: Sendable {
    let host: Host
    let worker: Path?
    let backend: GitBackend
    let protocolChoice: GitProtocol?
    let limits: GitTimeLimits

    /// - Parameters:
    ///   - worker: the program `devinit-worker`; nil: the system's git does everything.
    ///   - protocolChoice: how short forms are reached; nil: what works.
    public init(
        host: Host, worker: Path?, backend: GitBackend = .auto, protocolChoice: GitProtocol? = nil,
        limits: GitTimeLimits = GitTimeLimits()
    ) {
        self.host = host
        self.worker = worker
        self.backend = backend
        self.protocolChoice = protocolChoice
        self.limits = limits
    }

    /// The worker beside the program `devinit`, or in `../libexec/devinit/`; nil when it is in neither place.
    public static func findWorker(program: Path, files: any FileSystem) -> Path? {
        let folder = ((try? files.resolve(program)) ?? program).parent
        return [folder / "devinit-worker", (folder / "../libexec/devinit/devinit-worker").normalized]
            .first { files.isFile($0) }
    }

    /// Clones into a folder beside the target and moves it there when it is whole, so that the target is either
    /// a complete checkout or not there. Nothing that stands at the target is ever overwritten; an empty folder
    /// is replaced.
    public func clone(
        _ request: CloneRequest, onProgress: @escaping @Sendable (GitProgress) -> Void = { _ in }
    ) async throws(GitFailure) -> CheckoutState {
        let address = try GitWork.address(request.url)
        for url in request.remotes.values { _ = try GitWork.address(url) }
        try checkWords(of: request)
        try checkTarget(request.target)
        let place = try PartialFolder(beside: request.target, host: host)
        defer { place.remove() }
        let configuration = await GitConfiguration.read(host: host, folder: request.target.parent)
        var state = CheckoutState()
        var failures: [GitFailure] = []
        for candidate in candidates(for: address) {
            let attempt = CloneAttempt(
                work: self, request: request, address: candidate, checkout: place.checkout,
                configuration: configuration, onProgress: onProgress)
            do throws(GitFailure) {
                state = try await attempt.run()
                failures = []
                break
            } catch {
                guard GitWork.anotherProtocolMayHelp(error) else { throw error }
                failures.append(error)
                try place.clear()
            }
        }
        if let first = failures.first { throw GitWork.joined(first, failures.last ?? first) }
        try place.move(to: request.target)
        return state
    }

    /// Branch, commit, upstream and what differs, of the checkout whose root is `folder`.
    public func status(of folder: Path) async throws(GitFailure) -> CheckoutState {
        guard let worker, backend != .system else { return try await SystemGit(self).status(of: folder) }
        let call = WorkerCall(host: host, program: worker, limits: limits)
        return try await call.run(WorkerRequest(.status, target: folder), place: folder.text) { _ in }.state
    }

    /// Brings the branches of `origin` up to date. Files and local branches stay as they are.
    public func fetch(
        _ folder: Path, onProgress: @escaping @Sendable (GitProgress) -> Void = { _ in }
    ) async throws(GitFailure) -> CheckoutState {
        guard let url = Checkout.read(at: folder, files: host.files)?.remotes["origin"] else {
            throw GitFailure(.refused, "\(folder) is no checkout with a remote origin.")
        }
        let configuration = await GitConfiguration.read(host: host, folder: folder)
        let address = try GitWork.address(url)
        return try await Exchange(work: self, configuration: configuration, onProgress: onProgress).run(
            WorkerRequest(.fetch, target: folder), to: address
        ) { () async throws(GitFailure) in
            try await SystemGit(self).fetch(folder, address: address, onProgress: onProgress)
            var result = WorkerResult()
            result.state = try await SystemGit(self).status(of: folder)
            return result
        }.state
    }

    /// Moves the branch to its upstream when nothing can be lost: no tracked file differs, and the branch has no
    /// commit of its own. Else `refused`, and nothing has changed.
    public func fastForward(_ folder: Path) async throws(GitFailure) -> CheckoutState {
        if let worker, backend != .system {
            let call = WorkerCall(host: host, program: worker, limits: limits)
            do throws(GitFailure) {
                return try await call.run(WorkerRequest(.fastForward, target: folder), place: folder.text) { _ in }
                    .state
            } catch {
                guard error.kind == .unsupported, backend == .auto else { throw error }
            }
        }
        return try await SystemGit(self).fastForward(folder)
    }

    // MARK: What is checked first

    static func address(_ url: String) throws(GitFailure) -> RepositoryAddress {
        guard let address = RepositoryAddress(url) else {
            throw GitFailure(
                .refused, "\(url) is no address that devinit clones from.",
                hint: "Use https://…, ssh://…, git@host:…, git://…, file://…, a path, or github:OWNER/NAME.")
        }
        return address
    }

    private func checkWords(of request: CloneRequest) throws(GitFailure) {
        if let ref = request.ref, ref.isEmpty || ref.hasPrefix("-") || ref.utf8.contains(where: { $0 <= 0x20 }) {
            throw GitFailure(.refused, "\"\(ref)\" can't be the name of a branch, tag or commit.")
        }
        if let depth = request.depth, depth < 1 { throw GitFailure(.refused, "`depth` counts commits from 1.") }
        for name in request.remotes.keys where name.isEmpty || name.hasPrefix("-") || name == "origin" {
            throw GitFailure(.refused, "\"\(name)\" can't be the name of another remote.")
        }
    }

    private func checkTarget(_ target: Path) throws(GitFailure) {
        guard target.isAbsolute, !target.name.isEmpty else {
            throw GitFailure(.refused, "\(target) is no absolute path to clone to.")
        }
        guard let status = try? host.files.status(of: target, followingLinks: false) else { return }
        let isEmpty = status.kind == .folder && (try? host.files.entries(of: target))?.isEmpty == true
        if !isEmpty { throw PartialFolder.occupied(target) }
    }

    // MARK: Short forms

    /// A short form leaves the protocol open. Without a choice, ssh goes first where there is something to log
    /// in with, https otherwise; the other one follows.
    private func candidates(for address: RepositoryAddress) -> [RepositoryAddress] {
        guard address.forge != nil else { return [address] }
        if let protocolChoice { return [address.reached(by: protocolChoice)] }
        let keys = ["id_ed25519", "id_rsa", "id_ecdsa", "id_ed25519_sk"]
        let hasKey =
            host.environment["SSH_AUTH_SOCK"] != nil
            || keys.contains { host.files.isFile(host.machine.home / ".ssh" / $0) }
        return (hasKey ? [GitProtocol.ssh, .https] : [.https, .ssh]).map(address.reached)
    }

    private static func anotherProtocolMayHelp(_ failure: GitFailure) -> Bool {
        [.authentication, .notFound, .certificate, .hostKey, .network, .timeout].contains(failure.kind)
    }

    /// Both ways failed: the first says why, and the second is named when it says something else.
    private static func joined(_ first: GitFailure, _ second: GitFailure) -> GitFailure {
        guard first != second else { return first }
        return GitFailure(
            first.kind, "\(first.message) The other protocol failed too: \(second.message)",
            hint: first.hint.isEmpty ? second.hint : first.hint)
    }
}
