import Base
import HostInterfaces
import Synchronization

/// The same work by the system's git: what libgit2 can't do, and all of it with `git.backend: system`.
struct SystemGit: Sendable {
    let host: Host
    let limits: GitTimeLimits

    init(_ work: GitWork) {
        host = work.host
        limits = work.limits
    }

    func clone(
        _ request: CloneRequest, address: RepositoryAddress, into checkout: Path,
        onProgress: @escaping @Sendable (GitProgress) -> Void
    ) async throws(GitFailure) -> WorkerResult {
        let call = Call(address: address, ref: request.ref, onProgress: onProgress)
        // A commit can't be named to `clone`.
        let isCommit = request.ref.map { (7...64).contains($0.utf8.count) && $0.allSatisfy(\.isHexDigit) } ?? false
        var arguments = ["clone", "--progress", "--origin=origin"]
        if isCommit || !request.sparse.isEmpty { arguments.append("--no-checkout") }
        if let ref = request.ref, !isCommit { arguments.append("--branch=\(ref)") }
        if let depth = request.depth { arguments.append("--depth=\(depth)") }
        if !request.sparse.isEmpty { arguments.append("--filter=blob:none") }
        // With a depth, git takes a path as a copy of everything; as a URL it is a server.
        let isPath = address.scheme == .file && request.depth != nil
        let url =
            isPath && address.path.hasPrefix("/")
            ? "file://" + RepositoryAddress.encoded(address.path, path: true) : address.publicURL
        try await run(arguments + ["--", url, checkout.text], in: checkout.parent, call)
        if !request.sparse.isEmpty {
            try await run(["sparse-checkout", "set", "--"] + request.sparse, in: checkout, call)
        }
        if isCommit, let ref = request.ref {
            let isKnown = (try? await run(["cat-file", "-e", ref + "^{commit}"], in: checkout, call)) != nil
            if !isKnown, ref.utf8.count >= 40 {
                let depth = request.depth.map { ["--depth=\($0)"] } ?? []
                // Servers may refuse single commits; the checkout then says what is missing.
                _ = try? await run(["fetch", "--progress"] + depth + ["origin", ref], in: checkout, call)
            }
            try await run(["checkout", "--progress", ref, "--"], in: checkout, call)
        } else if !request.sparse.isEmpty {
            try await run(["checkout", "--progress"], in: checkout, call)
        }
        if request.lfs { try await run(["lfs", "pull"], in: checkout, call) }
        if request.submodules {
            try await run(["submodule", "update", "--init", "--recursive", "--progress"], in: checkout, call)
        }
        try await run(["remote", "set-url", "origin", address.storedURL], in: checkout, call)
        for (name, url) in request.remotes.sorted(by: { $0.key < $1.key }) {
            let stored = RepositoryAddress(url)?.storedURL ?? url
            try await run(["remote", "add", "--", name, stored], in: checkout, call)
        }
        var result = WorkerResult()
        result.state = try await status(of: checkout)
        return result
    }

    func fetch(
        _ folder: Path, address: RepositoryAddress, onProgress: @escaping @Sendable (GitProgress) -> Void
    ) async throws(GitFailure) {
        try await run(["fetch", "--progress", "origin"], in: folder, Call(address: address, onProgress: onProgress))
    }

    func fillSubmodule(
        _ path: String, of folder: Path, onProgress: @escaping @Sendable (GitProgress) -> Void
    ) async throws(GitFailure) {
        try await run(
            ["submodule", "update", "--init", "--progress", "--", path], in: folder,
            Call(place: path, onProgress: onProgress))
    }

    /// Writes the files of a clone that libgit2 fetched, through the filters that git runs.
    func writeFiles(_ folder: Path, filters: [String]) async throws(GitFailure) {
        guard host.processes.find("git", path: host.environment["PATH"] ?? "", folder: folder) != nil else {
            throw GitFailure(
                .unsupported, "The repository uses the filter \(filters.joined(separator: ", ")), which git runs.",
                hint: "Install git.")
        }
        try await run(["reset", "--quiet", "--hard"], in: folder, Call(place: folder.text))
    }

    func fastForward(_ folder: Path) async throws(GitFailure) -> CheckoutState {
        let before = try await status(of: folder)
        guard before.branch != nil, before.upstream != nil, before.isClean, before.ahead == 0 else {
            throw GitFailure(
                .refused, "\(folder) has changes or commits of its own, or follows no branch; it was left as it is.")
        }
        try await run(["merge", "--quiet", "--ff-only", "@{upstream}"], in: folder, Call(place: folder.text))
        return try await status(of: folder)
    }

    func status(of folder: Path) async throws(GitFailure) -> CheckoutState {
        let call = Call(place: folder.text)
        let output = try await run(
            ["status", "--porcelain=v2", "--branch", "--ignore-submodules", "-z"], in: folder, call)
        var state = CheckoutState(porcelain: output)
        state.remotes = Checkout.read(at: folder, files: host.files)?.remotes ?? [:]
        return state
    }

    // MARK: Running

    struct Call: Sendable {
        var address: RepositoryAddress?
        var place: String
        var ref: String?
        var onProgress: @Sendable (GitProgress) -> Void

        init(
            address: RepositoryAddress? = nil, place: String? = nil, ref: String? = nil,
            onProgress: @escaping @Sendable (GitProgress) -> Void = { _ in }
        ) {
            self.address = address
            self.place = place ?? RepositoryAddress.masked(address?.url ?? "")
            self.ref = ref
            self.onProgress = onProgress
        }
    }

    @discardableResult
    private func run(_ arguments: [String], in folder: Path, _ call: Call) async throws(GitFailure) -> [UInt8] {
        let watch = SilenceWatch(clock: host.clock, limits: limits)
        let progress = Mutex(SystemProgress())
        let (options, environment) = surroundings(call)
        let request = ProcessRequest(
            ["git"] + options + arguments, environment: environment, folder: folder,
            output: .captured(limit: 8 << 20), grace: .milliseconds(500))
        let processes = host.processes
        let ended = await watch.run {
            do throws(ProcessError) {
                return .success(
                    try await processes.run(request) { stream, bytes in
                        guard stream == .error else { return watch.sign(.working) }
                        for step in progress.withLock({ $0.take(bytes) }) {
                            watch.sign(step.phase == .receiving ? .working : .onDisk)
                            call.onProgress(step)
                        }
                        watch.sign(.working)
                    })
            } catch {
                return .failure(error)
            }
        }
        if Task.isCancelled { throw GitFailure(.cancelled, "The work on \(call.place) was cancelled.") }
        switch ended {
        case nil: throw WorkerCall.silence(call.place)
        case .failure(let error):
            throw GitFailure(.unsupported, "git can't be started: \(error)", hint: "Install git.")
        case .success(let result):
            guard result.succeeded else {
                throw SystemErrorReading(text: result.errorText, end: result.end, call: call).failure
            }
            return result.output
        }
    }

    /// No questions, no login in the arguments: a login from the URL is handed on in the environment.
    private func surroundings(_ call: Call) -> (options: [String], environment: [String: String]) {
        var environment = CredentialHelper.silent(host.environment)
        environment["LC_ALL"] = "C"
        environment["GIT_ALLOW_PROTOCOL"] =
            call.address.map { $0.scheme == .file } ?? true
            ? "file:git:http:https:ssh" : "git:http:https:ssh"
        // ssh would ask on the terminal, and a program in the background would stop there for ever.
        if let command = environment["GIT_SSH_COMMAND"] {
            environment["GIT_SSH_COMMAND"] = command + " -o BatchMode=yes"
        } else if environment["GIT_SSH"] == nil {
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
        }
        guard let address = call.address, address.scheme == .http || address.scheme == .https, let user = address.user
        else { return ([], environment) }
        environment["DEVINIT_GIT_USER"] = user
        environment["DEVINIT_GIT_PASSWORD"] = address.password ?? ""
        guard address.password != nil || address.loginIsSecret else {
            return (["-c", "credential.username=\(user)"], environment)
        }
        let helper =
            #"!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$DEVINIT_GIT_USER" "$DEVINIT_GIT_PASSWORD"; }; f"#
        return (["-c", "credential.helper=", "-c", "credential.helper=\(helper)"], environment)
    }
}
