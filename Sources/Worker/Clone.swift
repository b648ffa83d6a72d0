import Base
import CGit2
import CGitSupport
import Git

extension Session {
    /// Makes a repository in the target, fetches, and checks out what was asked for.
    func clone() throws(GitFailure) -> WorkerResult {
        let repository: OpaquePointer = try make("making the repository") {
            git_repository_init($0, request.target.text, 0)
        }
        defer { git_repository_free(repository) }
        return try fill(repository)
    }

    /// The same for a repository that was just made, be it a submodule's.
    func fill(_ repository: OpaquePointer) throws(GitFailure) -> WorkerResult {
        let remote = try remote(of: repository)
        defer { git_remote_free(remote) }
        let heads = try connect(remote)
        let goal = try Goal.choose(request.ref, among: heads, place: RepositoryAddress.masked(request.url))
        let isShallow = request.depth != nil
        let refspecs = goal.refspecs(single: isShallow)
        if !heads.isEmpty {
            try fetch(
                remote, refspecs, tags: isShallow ? GIT_REMOTE_DOWNLOAD_TAGS_NONE : GIT_REMOTE_DOWNLOAD_TAGS_ALL)
        }
        try configure(repository, fetching: goal.configuredRefspec(single: isShallow))
        return try settle(repository, on: goal, heads: heads)
    }

    /// Writes `origin` and the other remotes.
    private func configure(_ repository: OpaquePointer, fetching refspec: String) throws(GitFailure) {
        var all = request.remotes
        all["origin"] = request.url
        for (name, url) in all.sorted(by: { $0.key < $1.key }) {
            var known: OpaquePointer?
            if git_remote_lookup(&known, repository, name) == 0 {
                // A submodule's repository comes with an `origin`.
                git_remote_free(known)
                try call("writing the remote") { git_remote_set_url(repository, name, url) }
                continue
            }
            var options = git_remote_create_options()
            git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION))
            options.repository = repository
            options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue
            let text = name == "origin" ? refspec : "+refs/heads/*:refs/remotes/\(name)/*"
            let remote: OpaquePointer = try make("writing the remote") { out in
                text.withCString { text in
                    name.withCString { name in
                        options.name = name
                        options.fetchspec = text
                        return git_remote_create_with_opts(out, url, &options)
                    }
                }
            }
            git_remote_free(remote)
        }
    }

    private func settle(
        _ repository: OpaquePointer, on goal: Goal, heads: [RemoteHead]
    ) throws(GitFailure) -> WorkerResult {
        var result = WorkerResult()
        switch goal {
        case .unborn(let branch):
            try call("naming the branch") { git_repository_set_head(repository, "refs/heads/" + branch) }
            result.state.branch = branch
            result.state.remotes = try remotes(of: repository)
            return result
        case .branch(let name, let id):
            try follow(repository, branch: name, at: id)
            result.state.branch = name
            result.state.upstream = "origin/" + name
        case .tag(let name, _):
            try detach(repository, at: "refs/tags/" + name)
        case .commit(let id):
            try detach(repository, at: id)
        }
        if let target = heads.first(where: { $0.name == "HEAD" })?.target, target.hasPrefix("refs/heads/"),
            request.depth == nil
        {
            var made: OpaquePointer?
            let name = "refs/remotes/origin/" + target.dropFirst("refs/heads/".count)
            // Only an ornament; a server may name a branch that it does not offer.
            if git_reference_symbolic_create(&made, repository, "refs/remotes/origin/HEAD", name, 1, nil) == 0 {
                git_reference_free(made)
            }
        }
        let commit = try headCommit(repository)
        result.state.commit = hexadecimal(commit)
        result.state.remotes = try remotes(of: repository)
        let filters = try filters(of: repository)
        result.pendingFilters = filters.filter { isConfigured(filter: $0, repository) }
        result.missingFilters = filters.filter { !result.pendingFilters.contains($0) }
        if result.pendingFilters.isEmpty { try checkout(repository) }
        return result
    }

    /// A local branch that follows the one of `origin`, and HEAD on it.
    private func follow(_ repository: OpaquePointer, branch: String, at id: git_oid) throws(GitFailure) {
        var id = id
        let name = "refs/heads/" + branch
        let reference: OpaquePointer = try make("making the branch") {
            git_reference_create($0, repository, name, &id, 1, "clone: from \(RepositoryAddress.masked(request.url))")
        }
        git_reference_free(reference)
        let config: OpaquePointer = try make("opening the configuration") { git_repository_config($0, repository) }
        defer { git_config_free(config) }
        try call("writing the upstream") { git_config_set_string(config, "branch.\(branch).remote", "origin") }
        try call("writing the upstream") { git_config_set_string(config, "branch.\(branch).merge", name) }
        try call("naming the branch") { git_repository_set_head(repository, name) }
    }

    private func detach(_ repository: OpaquePointer, at text: String) throws(GitFailure) {
        var object: OpaquePointer?
        let code = git_revparse_single(&object, repository, text + "^{commit}")
        guard code == 0, let object, let id = git_object_id(object) else {
            throw Goal.missing(request.ref ?? text, place: RepositoryAddress.masked(request.url), near: nil)
        }
        defer { git_object_free(object) }
        try call("checking out \(text)") { git_repository_set_head_detached(repository, id) }
    }

    func headCommit(_ repository: OpaquePointer) throws(GitFailure) -> git_oid {
        var id = git_oid()
        try call("reading HEAD") { git_reference_name_to_id(&id, repository, "HEAD") }
        return id
    }
}
