import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program whose standard input and output are a stream to a server: `docker system dial-stdio`, which knows ssh and
/// TLS. It has no terminal, so that it asks nobody for anything, and ends with the connection.
final class Tunnel: Sendable {
    private let child: pid_t
    /// What it says of its troubles.
    private let errors: Int32

    private static let errorLimit = 4096

    private init(child: pid_t, errors: Int32) {
        self.child = child
        self.errors = errors
    }

    /// Starts the program; the socket is ours to read, write and close.
    static func open(_ program: HTTPRequest.Program) throws(ProcessError) -> (socket: Int32, tunnel: Tunnel) {
        do {
            var ends: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, streamSocket, 0, &ends) == 0 else { throw SystemError("socketpair", "tunnel") }
            let ours = Descriptor(ends[0])
            let theirs = Descriptor(ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            let (reading, writing) = try Pipe().give()
            let errors = Descriptor(reading)
            let theirErrors = Descriptor(writing)
            let request = ProcessRequest(
                program.arguments, environment: program.environment, folder: program.folder)
            ChildSignals.follow()
            let streams = Spawn.Streams(input: theirs.number, output: theirs.number, error: theirErrors.number)
            let child = try ChildRegistry.shared.start(leadsGroup: true) { () throws(ProcessError) in
                try Spawn.start(request, streams: streams, place: devinit_spawn_own_session)
            }
            makeNonBlocking(ours.number)
            makeNonBlocking(errors.number)
            return (ours.release(), Tunnel(child: child, errors: errors.release()))
        } catch let error as ProcessError {
            throw error
        } catch let error as SystemError {
            throw .failed(error)
        } catch {
            throw .failed(SystemError("posix_spawn", program.arguments.first ?? "", code: EIO))
        }
    }

    /// The last line that it wrote about its troubles.
    var lastWords: String? {
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.errorLimit) { buffer, used in
            used = max(0, read(errors, buffer.baseAddress!, buffer.count))
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
    }

    deinit {
        kill(-child, SIGKILL)
        _ = devinit_reap(child)
        ChildRegistry.shared.remove(child)
        close(errors)
    }
}
