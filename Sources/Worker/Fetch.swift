import Base
import CGit2
import Git

extension Session {
    /// Brings the branches of `origin` up to date; files and local branches stay as they are.
    func fetch() throws(GitFailure) -> WorkerResult {
        let repository = try open()
        defer { git_repository_free(repository) }
        let remote = try remote(of: repository)
        defer { git_remote_free(remote) }
        _ = try connect(remote)
        try fetch(remote, try refspecs(of: repository), tags: GIT_REMOTE_DOWNLOAD_TAGS_AUTO)
        var result = WorkerResult()
        result.state = try state(of: repository)
        return result
    }

    private func refspecs(of repository: OpaquePointer) throws(GitFailure) -> [String] {
        let origin: OpaquePointer = try make("reading the remote origin") {
            git_remote_lookup($0, repository, "origin")
        }
        defer { git_remote_free(origin) }
        var list = git_strarray()
        try call("reading the remote origin") { git_remote_get_fetch_refspecs(&list, origin) }
        defer { git_strarray_dispose(&list) }
        return (0..<list.count).compactMap { list.strings[$0].map { String(cString: $0) } }
    }

    /// Moves the branch to its upstream when nothing can be lost by it: no tracked file differs and the branch
    /// has no commit of its own.
    func fastForward() throws(GitFailure) -> WorkerResult {
        let repository = try open()
        defer { git_repository_free(repository) }
        let before = try state(of: repository)
        let place = request.target.text
        guard let branch = before.branch, let upstream = before.upstream else {
            throw GitFailure(.refused, "\(place) is on no branch that follows another, so there is nothing to move to.")
        }
        guard before.isClean else {
            throw GitFailure(
                .refused, "\(place) has changes that are not committed; it was left as it is.",
                hint: "Commit or stash them, then run again.")
        }
        guard before.ahead == 0 else {
            throw GitFailure(
                .refused, "\(branch) in \(place) has commits that \(upstream) lacks; it was left as it is.",
                hint: "Push, rebase or merge them yourself.")
        }
        var result = WorkerResult()
        result.state = before
        guard before.behind > 0 else { return result }
        let filters = try filters(of: repository).filter { isConfigured(filter: $0, repository) }
        guard filters.isEmpty else {
            throw GitFailure(.unsupported, "\(place) uses the filter \(filters[0]), which libgit2 does not run.")
        }
        try move(repository, branch: branch, to: "refs/remotes/" + upstream)
        result.state = try state(of: repository)
        return result
    }

    /// Files first, carefully (an untracked file that is in the way stops it), then the branch.
    private func move(_ repository: OpaquePointer, branch: String, to name: String) throws(GitFailure) {
        var goal = git_oid()
        try call("reading \(name)") { git_reference_name_to_id(&goal, repository, name) }
        let commit: OpaquePointer = try make("reading \(name)") { git_commit_lookup($0, repository, &goal) }
        defer { git_commit_free(commit) }
        var options = git_checkout_options()
        git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION))
        options.checkout_strategy = GIT_CHECKOUT_SAFE.rawValue
        options.progress_payload = payload
        options.progress_cb = { _, done, total, payload in
            Session.from(payload)?.output.progress(GitProgress(.checkout, done: Int(done), total: Int(total)))
        }
        try call("writing the files") { git_checkout_tree(repository, commit, &options) }
        let reference: OpaquePointer = try make("moving the branch") {
            git_reference_create($0, repository, "refs/heads/" + branch, &goal, 1, "devinit: fast-forward")
        }
        git_reference_free(reference)
    }
}
