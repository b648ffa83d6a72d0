import Base
import HostInterfaces

/// One clone from one address into a folder of its own, with its submodules.
struct CloneAttempt: Sendable {
    let work: GitWork
    let request: CloneRequest
    let address: RepositoryAddress
    let checkout: Path
    let configuration: GitConfiguration
    let onProgress: @Sendable (GitProgress) -> Void

    private var exchange: Exchange { Exchange(work: work, configuration: configuration, onProgress: onProgress) }

    func run() async throws(GitFailure) -> CheckoutState {
        if work.backend == .libgit2, request.lfs || !request.sparse.isEmpty {
            throw GitFailure(
                .unsupported, "libgit2 can do neither `lfs` nor `sparse`.",
                hint: "Set `git.backend` to auto or system under `defaults`.")
        }
        var bare = WorkerRequest(.clone, target: checkout)
        bare.url = address.storedURL
        bare.ref = request.ref
        bare.depth = request.depth
        bare.remotes = request.remotes.mapValues { RepositoryAddress($0)?.storedURL ?? $0 }
        var isSystem = false
        let result = try await exchange.run(
            bare, to: address, mustUseSystem: request.lfs || !request.sparse.isEmpty
        ) { () async throws(GitFailure) in
            isSystem = true
            try removeTries()
            return try await SystemGit(work).clone(
                request, address: address, into: checkout, onProgress: onProgress)
        }
        var state = result.state
        if isSystem { return state }
        if !result.pendingFilters.isEmpty {
            try await SystemGit(work).writeFiles(checkout, filters: result.pendingFilters)
        }
        state.notes = result.missingFilters.filter { $0 == "lfs" }.map { _ in
            "The repository keeps large files with Git LFS, which is not set up here: they are pointers only (git lfs install)."
        }
        if request.submodules { try await fillSubmodules(of: checkout, from: address, depth: 0) }
        return state
    }

    private func removeTries() throws(GitFailure) {
        do throws(SystemError) { try work.host.files.removeTree(checkout) } catch {
            throw PartialFolder.failure(error)
        }
    }

    /// Each submodule is an exchange with its own server.
    private func fillSubmodules(of folder: Path, from parent: RepositoryAddress, depth: Int) async throws(GitFailure) {
        guard let worker = work.worker, work.host.files.isFile(folder / ".gitmodules") else { return }
        guard depth < 16 else { throw GitFailure(.refused, "Submodules are nested deeper than 16.") }
        let call = WorkerCall(host: work.host, program: worker, limits: work.limits)
        let list = try await call.run(WorkerRequest(.submodules, target: folder), place: folder.text) { _ in }
        for submodule in list.submodules {
            let address = try GitWork.address(submodule.url).withLogin(of: parent)
            // As in git: a repository from elsewhere must not make us read folders of this machine.
            if address.scheme == .file, parent.scheme != .file {
                throw GitFailure(
                    .refused, "The submodule \(submodule.name) names a folder of this machine (\(submodule.url)).",
                    hint: "Correct its url in .gitmodules, or set `submodules: false`.")
            }
            let target = folder / submodule.path
            guard target.normalized.isInside(folder.normalized) else {
                throw GitFailure(.refused, "The submodule \(submodule.name) lies outside its repository.")
            }
            var bare = WorkerRequest(.submodule, target: folder)
            bare.name = submodule.name
            bare.url = address.storedURL
            let result = try await exchange.run(bare, to: address) { () async throws(GitFailure) in
                try await SystemGit(work).fillSubmodule(submodule.path, of: folder, onProgress: onProgress)
                return WorkerResult()
            }
            if !result.pendingFilters.isEmpty {
                try await SystemGit(work).writeFiles(target, filters: result.pendingFilters)
            }
            try await fillSubmodules(of: target, from: address, depth: depth + 1)
        }
    }
}
