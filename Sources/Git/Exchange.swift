import Base
import HostInterfaces

/// One piece of work with one server: resolves what is needed to reach it, asks the worker, and turns to the
/// system's git where libgit2 can't.
struct Exchange: Sendable {
    let work: GitWork
    let configuration: GitConfiguration
    let onProgress: @Sendable (GitProgress) -> Void

    /// - Parameters:
    ///   - bare: the request, without what concerns the server.
    ///   - system: the same work done by the system's git, from the start.
    func run(
        _ bare: WorkerRequest, to address: RepositoryAddress, mustUseSystem: Bool = false,
        bySystem system: () async throws(GitFailure) -> WorkerResult
    ) async throws(GitFailure) -> WorkerResult {
        guard work.backend != .system, let worker = work.worker, !mustUseSystem || work.backend == .libgit2 else {
            return try await system()
        }
        let real = try GitWork.address(configuration.rewritten(address.url))
        var request = bare
        request.certificates = configuration.certificates
        var call = WorkerCall(host: work.host, program: worker, limits: work.limits)
        if real.scheme == .ssh {
            let settings = await SSHSettings.resolve(real, host: work.host)
            if work.backend == .auto, settings.exceedsLibrary || configuration.sshCommand != nil {
                return try await system()
            }
            request.ssh = settings.forWorker
            request.connection = settings.connection(to: real)
            if let socket = settings.agentSocket { call.environment["SSH_AUTH_SOCK"] = socket }
        } else {
            request.connection = real.publicURL
            if let password = real.password {
                request.credentials = WorkerCredentials(user: real.user ?? "", password: password)
            } else if let user = real.user, real.loginIsSecret {
                request.credentials = WorkerCredentials(user: user, password: "")
            }
        }
        do throws(GitFailure) {
            return try await ask(call, request, real)
        } catch {
            guard work.backend == .auto, Exchange.systemMayHelp(error, real) else { throw error }
            do throws(GitFailure) { return try await system() } catch let second {
                // The first failure names what was tried; the second only counts when it knows something else.
                throw second.kind == .other || second.kind == .unsupported && error.kind != .unsupported
                    ? error : second
            }
        }
    }

    /// Over http(s) a login is looked for only once the server wants one.
    private func ask(
        _ call: WorkerCall, _ request: WorkerRequest, _ address: RepositoryAddress
    ) async throws(GitFailure) -> WorkerResult {
        let place = RepositoryAddress.masked(address.url)
        do throws(GitFailure) {
            return try await call.run(request, place: place, onProgress: onProgress)
        } catch {
            guard error.kind == .authentication, request.credentials == nil,
                address.scheme == .http || address.scheme == .https,
                let login = await CredentialHelper.login(for: address, host: work.host)
            else { throw error }
            var request = request
            request.credentials = login
            if request.operation == .clone {
                do throws(SystemError) { try work.host.files.removeTree(request.target) } catch {
                    throw PartialFolder.failure(error)
                }
            }
            return try await call.run(request, place: place, onProgress: onProgress)
        }
    }

    /// ssh itself knows more kinds of keys and signatures than libssh2, and its whole configuration; git may have
    /// certificates for one server only, and reads addresses in them where mbedTLS, on Debian, reads names only.
    private static func systemMayHelp(_ failure: GitFailure, _ address: RepositoryAddress) -> Bool {
        failure.kind == .unsupported || failure.kind == .certificate
            || failure.kind == .authentication && address.scheme == .ssh
    }
}
