import Base
import CGit2
import CGitSupport
import Git

extension Session {
    /// The callbacks of everything that talks to a server.
    func remoteCallbacks() -> git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        callbacks.payload = payload
        callbacks.credentials = { out, _, _, allowed, payload in
            guard let session = Session.from(payload) else { return GIT_EUSER.rawValue }
            session.output.activity("logging in")
            guard let credential = session.offers.next(allowed: allowed) else { return GIT_EAUTH.rawValue }
            out?.pointee = credential
            return 0
        }
        callbacks.certificate_check = { certificate, isValid, _, payload in
            Session.from(payload)?.judge(certificate, isValid: isValid != 0) ?? GIT_ECERTIFICATE.rawValue
        }
        callbacks.sideband_progress = { text, length, payload in
            guard let session = Session.from(payload), let text else { return 0 }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
            session.heard(String(decoding: bytes, as: UTF8.self))
            return 0
        }
        callbacks.transfer_progress = { progress, payload in
            guard let session = Session.from(payload), let progress = progress?.pointee else { return 0 }
            session.received(progress)
            return 0
        }
        return callbacks
    }

    private func heard(_ words: String) {
        let line = words.split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }.last.map(String.init) ?? ""
        if !line.isEmpty { serverWords = line }
        output.activity(line)
    }

    private func received(_ progress: git_indexer_progress) {
        let bytes = Int(progress.received_bytes)
        if progress.received_objects < progress.total_objects || progress.total_deltas == 0 {
            output.progress(
                GitProgress(
                    .receiving, done: Int(progress.received_objects), total: Int(progress.total_objects), bytes: bytes))
        } else {
            output.progress(
                GitProgress(
                    .resolving, done: Int(progress.indexed_deltas), total: Int(progress.total_deltas), bytes: bytes))
        }
    }

    func fetchOptions() throws(GitFailure) -> git_fetch_options {
        var options = git_fetch_options()
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        options.callbacks = remoteCallbacks()
        options.proxy_opts.type = GIT_PROXY_AUTO
        if let depth = request.depth, devinit_git_set_depth(&options, Int32(clamping: depth)) != 0 {
            throw GitFailure(
                .unsupported, "This libgit2 (\(LIBGIT2_VERSION)) can't clone with a depth; 1.7 and later can.")
        }
        return options
    }

    /// Writes the files of HEAD's commit into a folder that is ours alone.
    func checkout(_ repository: OpaquePointer, force: Bool = true) throws(GitFailure) {
        var options = git_checkout_options()
        git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION))
        options.checkout_strategy = (force ? GIT_CHECKOUT_FORCE : GIT_CHECKOUT_SAFE).rawValue
        options.progress_payload = payload
        options.progress_cb = { _, done, total, payload in
            Session.from(payload)?.output.progress(GitProgress(.checkout, done: Int(done), total: Int(total)))
        }
        try call("writing the files") { git_checkout_head(repository, &options) }
    }
}
