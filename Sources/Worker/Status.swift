import Base
import CGit2
import Git

extension Session {
    /// Opens the checkout in the target itself, not one that stands further up.
    func open() throws(GitFailure) -> OpaquePointer {
        try make("opening the checkout") {
            git_repository_open_ext($0, request.target.text, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
        }
    }

    func status() throws(GitFailure) -> WorkerResult {
        let repository = try open()
        defer { git_repository_free(repository) }
        var result = WorkerResult()
        result.state = try state(of: repository)
        return result
    }

    func state(of repository: OpaquePointer) throws(GitFailure) -> CheckoutState {
        var state = CheckoutState()
        state.remotes = try remotes(of: repository)
        try readBranch(of: repository, into: &state)
        var options = git_status_options()
        git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
        options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
        options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED.rawValue | GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
        let list: OpaquePointer = try make("comparing the files") { git_status_list_new($0, repository, &options) }
        defer { git_status_list_free(list) }
        for index in 0..<git_status_list_entrycount(list) {
            guard let flags = git_status_byindex(list, index)?.pointee.status.rawValue else { continue }
            if flags & GIT_STATUS_CONFLICTED.rawValue != 0 {
                state.conflicts += 1
            } else if flags == GIT_STATUS_WT_NEW.rawValue {
                state.untracked += 1
            } else if flags & ~GIT_STATUS_IGNORED.rawValue != 0 {
                state.changed += 1
            }
        }
        return state
    }

    private func readBranch(of repository: OpaquePointer, into state: inout CheckoutState) throws(GitFailure) {
        let head: OpaquePointer = try make("reading HEAD") { git_reference_lookup($0, repository, "HEAD") }
        defer { git_reference_free(head) }
        if let target = git_reference_symbolic_target(head).map({ String(cString: $0) }),
            target.hasPrefix("refs/heads/")
        {
            state.branch = String(target.dropFirst(11))
        }
        var own = git_oid()
        guard git_reference_name_to_id(&own, repository, "HEAD") == 0 else { return }
        state.commit = hexadecimal(own)
        guard let branch = state.branch else { return }
        var name = git_buf()
        defer { git_buf_dispose(&name) }
        guard git_branch_upstream_name(&name, repository, "refs/heads/" + branch) == 0, let text = name.ptr else {
            return
        }
        let upstream = String(cString: text)
        state.upstream = upstream.hasPrefix("refs/remotes/") ? String(upstream.dropFirst(13)) : upstream
        var other = git_oid()
        // The branch may be gone on the server.
        guard git_reference_name_to_id(&other, repository, upstream) == 0 else { return }
        try call("counting commits") { git_graph_ahead_behind(&state.ahead, &state.behind, repository, &own, &other) }
    }

    func remotes(of repository: OpaquePointer) throws(GitFailure) -> [String: String] {
        var names = git_strarray()
        try call("reading the remotes") { git_remote_list(&names, repository) }
        defer { git_strarray_dispose(&names) }
        let config: OpaquePointer = try make("opening the configuration") {
            git_repository_config_snapshot($0, repository)
        }
        defer { git_config_free(config) }
        var all: [String: String] = [:]
        for index in 0..<names.count {
            guard let name = names.strings[index].map({ String(cString: $0) }) else { continue }
            var url: UnsafePointer<CChar>?
            // As written, before any `insteadOf`.
            if git_config_get_string(&url, config, "remote.\(name).url") == 0, let url {
                all[name] = String(cString: url)
            }
        }
        return all
    }
}
