import Base
import CGit2
import Git

/// A branch or tag that the server offers.
struct RemoteHead {
    var name: String
    var id: git_oid
    /// What HEAD stands for, where the server says it.
    var target: String?
}

extension Session {
    /// A remote without a name that connects to the resolved address; `insteadOf` was applied before.
    func remote(of repository: OpaquePointer) throws(GitFailure) -> OpaquePointer {
        var options = git_remote_create_options()
        git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION))
        options.repository = repository
        options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC.rawValue
        return try make("naming the server") { git_remote_create_with_opts($0, request.connection, &options) }
    }

    /// Connects and reads what the server offers. A key file that libssh2 can't use ends a whole connection, so
    /// the next one is tried on a new connection.
    func connect(_ remote: OpaquePointer) throws(GitFailure) -> [RemoteHead] {
        output.progress(GitProgress(.connecting))
        var callbacks = remoteCallbacks()
        var proxy = git_proxy_options()
        git_proxy_options_init(&proxy, UInt32(GIT_PROXY_OPTIONS_VERSION))
        proxy.type = GIT_PROXY_AUTO
        while true {
            let left = offers.keysLeft
            do throws(GitFailure) {
                try call(Doing.connect) { git_remote_connect(remote, GIT_DIRECTION_FETCH, &callbacks, &proxy, nil) }
                break
            } catch {
                guard refusal == nil, offers.keysLeft > 0, offers.keysLeft < left else { throw error }
            }
        }
        var list: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try call("reading the branches") { git_remote_ls(&list, &count, remote) }
        var heads: [RemoteHead] = []
        for index in 0..<count {
            guard let head = list?[index]?.pointee, let name = head.name else { continue }
            heads.append(
                RemoteHead(
                    name: String(cString: name), id: head.oid,
                    target: head.symref_target.map { String(cString: $0) }))
        }
        return heads
    }

    /// Fetches over the open connection.
    func fetch(
        _ remote: OpaquePointer, _ refspecs: [String], tags: git_remote_autotag_option_t, prune: Bool = false
    ) throws(GitFailure) {
        var options = try fetchOptions()
        options.download_tags = tags
        options.prune = prune ? GIT_FETCH_PRUNE : GIT_FETCH_NO_PRUNE
        try call("fetching") {
            withStrings(refspecs) { git_remote_fetch(remote, &$0, &options, "devinit: fetch") }
        }
    }
}

/// The texts as libgit2 wants a list, valid inside the closure only.
private func withStrings(_ texts: [String], _ body: (inout git_strarray) -> Int32) -> Int32 {
    var copies: [UnsafeMutablePointer<CChar>?] = texts.map { text in
        let bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        return copy
    }
    defer { for copy in copies { copy?.deallocate() } }
    return copies.withUnsafeMutableBufferPointer { buffer in
        var list = git_strarray(strings: buffer.baseAddress, count: buffer.count)
        return body(&list)
    }
}
