import Base
import CGit2
import CGitSupport
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One request, from standard input to the last line of output.
final class Session {
    var request: WorkerRequest
    let output: EventWriter
    /// What a callback decided; it says more than what libgit2 makes of it.
    var refusal: GitFailure?
    var offers: CredentialOffers
    /// What the server said on its side band last: often the reason of a failure.
    var serverWords = ""

    init(_ request: WorkerRequest, output: EventWriter) {
        self.request = request
        self.output = output
        offers = CredentialOffers(request)
    }

    /// Whether it went well.
    static func run() -> Bool {
        let output = EventWriter()
        do throws(GitFailure) {
            guard let json = try? JSON(parsing: input()), let request = WorkerRequest(json) else {
                throw GitFailure(.refused, "devinit-worker reads one request as a JSON object on standard input.")
            }
            guard git_libgit2_init() > 0 else { throw GitFailure(.other, "libgit2 could not be started.") }
            if let certificates = request.certificates {
                guard devinit_git_set_certificates(certificates.text, nil) == 0 else {
                    throw GitFailure(
                        .certificate, "The certificates in \(certificates) can't be read.",
                        hint: "Correct GIT_SSL_CAINFO or git's http.sslCAInfo.")
                }
            }
            _ = devinit_git_set_user_agent("devinit")
            let session = Session(request, output: output)
            output.write(.result(try session.perform()))
            return true
        } catch {
            output.write(.failure(error))
            return false
        }
    }

    private func perform() throws(GitFailure) -> WorkerResult {
        switch request.operation {
        case .clone: try clone()
        case .submodules: try listSubmodules()
        case .submodule: try fillSubmodule()
        case .status: try status()
        case .fetch: try fetch()
        case .fastForward: try fastForward()
        }
    }

    private static func input() -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return all }
            all += piece[..<count]
        }
    }

    // MARK: Pointers for callbacks

    var payload: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func from(_ payload: UnsafeMutableRawPointer?) -> Session? {
        payload.map { Unmanaged<Session>.fromOpaque($0).takeUnretainedValue() }
    }
}
