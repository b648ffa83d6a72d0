import Base
import CGit2
import Git

extension Session {
    /// The submodules of the checkout in the target, their URLs resolved.
    func listSubmodules() throws(GitFailure) -> WorkerResult {
        let repository = try open()
        defer { git_repository_free(repository) }
        let list = SubmoduleList(repository: repository)
        try call("reading the submodules") {
            git_submodule_foreach(
                repository,
                { submodule, _, payload in
                    guard let payload, let submodule else { return 0 }
                    Unmanaged<SubmoduleList>.fromOpaque(payload).takeUnretainedValue().add(submodule)
                    return 0
                }, Unmanaged.passUnretained(list).toOpaque())
        }
        var result = WorkerResult()
        result.submodules = list.found
        return result
    }

    /// Clones the submodule `name` of the checkout in the target and checks out the commit that the checkout
    /// asks for.
    func fillSubmodule() throws(GitFailure) -> WorkerResult {
        let repository = try open()
        defer { git_repository_free(repository) }
        let submodule: OpaquePointer = try make("finding the submodule \(request.name)") {
            git_submodule_lookup($0, repository, request.name)
        }
        defer { git_submodule_free(submodule) }
        try call("entering the submodule") { git_submodule_init(submodule, 0) }
        guard let wanted = git_submodule_index_id(submodule) else {
            throw GitFailure(.refNotFound, "The submodule \(request.name) has no commit in its parent.")
        }
        request.ref = hexadecimal(wanted.pointee)
        var own: OpaquePointer?
        // An earlier try, before the login was known, may have made it.
        if git_submodule_open(&own, submodule) != 0 {
            own = try make("making the submodule's repository") { git_submodule_repo_init($0, submodule, 1) }
        }
        guard let own else { throw GitFailure(.other, "The submodule \(request.name) can't be opened.") }
        defer { git_repository_free(own) }
        return try fill(own)
    }
}

private final class SubmoduleList {
    let repository: OpaquePointer
    var found: [WorkerResult.Submodule] = []

    init(repository: OpaquePointer) { self.repository = repository }

    func add(_ submodule: OpaquePointer) {
        // One that is in .gitmodules but has no commit is none.
        guard git_submodule_index_id(submodule) != nil, let name = git_submodule_name(submodule),
            let path = git_submodule_path(submodule), let url = git_submodule_url(submodule)
        else { return }
        var resolved = git_buf()
        let isResolved = git_submodule_resolve_url(&resolved, repository, url) == 0
        defer { git_buf_dispose(&resolved) }
        let text = isResolved ? resolved.ptr.map { String(cString: $0) } : nil
        found.append(
            WorkerResult.Submodule(
                name: String(cString: name), path: String(cString: path), url: text ?? String(cString: url)))
    }
}
