import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns a request into a call of `posix_spawn`.
enum Spawn {
    /// Descriptors for the child's streams; -1 leaves ours.
    struct Streams {
        var input: Int32 = -1
        var output: Int32 = -1
        var error: Int32 = -1
    }

    /// Starts the program with these streams and returns its id.
    static func start(
        _ request: ProcessRequest, streams: Streams, place: devinit_spawn_place
    ) throws(ProcessError) -> pid_t {
        // Both a missing folder and a missing program are ENOENT later, so they are told apart first.
        try checkFolder(request.folder)
        let executable = try executable(of: request)
        let environment = request.environment.map { name, value in name + "=" + value }
        do {
            return try spawn(executable, request.arguments, environment, request.folder, streams, place)
        } catch  where error.code == ENOEXEC {
            // A script without a first line, which shells and `execvp` hand to sh.
            let arguments = ["/bin/sh", executable.text] + request.arguments.dropFirst()
            do {
                return try spawn("/bin/sh", arguments, environment, request.folder, streams, place)
            } catch { throw .failed(error) }
        } catch {
            var error = error
            if error.code == ENOENT { error.reason = "the interpreter named in its first line is missing" }
            throw .failed(error)
        }
    }

    private static func checkFolder(_ folder: Path) throws(ProcessError) {
        var status = stat()
        guard stat(folder.text, &status) == 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { throw .folderMissing(folder) }
            throw .failed(SystemError("chdir", folder.text, code: code))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .folderMissing(folder) }
    }

    private static func executable(of request: ProcessRequest) throws(ProcessError) -> Path {
        guard let program = request.arguments.first else { throw .programNotFound("") }
        let path = request.environment["PATH"] ?? "/usr/local/bin:/bin:/usr/bin"
        switch ProgramSearch.search(program, path: path, folder: request.folder) {
        case .found(let found): return found
        case .notExecutable(let found): throw .notExecutable(found)
        case .missing: throw .programNotFound(program)
        }
    }

    private static func spawn(
        _ executable: Path, _ arguments: [String], _ environment: [String], _ folder: Path, _ streams: Streams,
        _ place: devinit_spawn_place
    ) throws(SystemError) -> pid_t {
        let texts = [executable.text, folder.text] + arguments + environment
        // C would take what stands before a zero byte for the whole text.
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw SystemError("posix_spawn", executable.text, code: EINVAL)
        }
        var child: pid_t = 0
        var code: Int32 = 0
        // A script that another thread has just written counts as open for writing until that thread's
        // own child has reached its program: ETXTBSY passes by itself.
        for attempt in 0..<8 {
            code = withCStrings(arguments) { arguments in
                withCStrings(environment) { environment in
                    executable.text.withCString { executable in
                        folder.text.withCString { folder in
                            var request = devinit_spawn_request(
                                executable: executable, folder: folder, arguments: arguments, environment: environment,
                                input: streams.input, output: streams.output, error: streams.error, place: place)
                            return devinit_spawn(&request, &child)
                        }
                    }
                }
            }
            if code != ETXTBSY { break }
            usleep(UInt32(1000 << attempt))
        }
        guard code == 0 else { throw SystemError("posix_spawn", executable.text, code: code) }
        return child
    }

    /// The texts as a C array that ends with a null pointer, valid during the call.
    private static func withCStrings(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
