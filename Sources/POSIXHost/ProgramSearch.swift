import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a program is, as `execvp` looks for it.
enum ProgramSearch {
    enum Outcome {
        case found(Path)
        /// Something of that name stands there, but can't be executed.
        case notExecutable(Path)
        case missing
    }

    /// A name with `/` is taken as it is, from `folder`; others are looked up in `path`, whose empty and
    /// relative parts are seen from `folder` too.
    static func search(_ program: String, path: String, folder: Path) -> Outcome {
        guard !program.isEmpty else { return .missing }
        if program.utf8.contains(UInt8(ascii: "/")) { return check(folder.appending(Path(program))) }
        var refused: Path?
        for part in path.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            let place = part.isEmpty ? folder : folder.appending(Path(String(Substring(part))))
            switch check(place / program) {
            case .found(let found): return .found(found)
            case .notExecutable(let path): refused = refused ?? path
            case .missing: continue
            }
        }
        return refused.map { .notExecutable($0) } ?? .missing
    }

    private static func check(_ path: Path) -> Outcome {
        var status = stat()
        guard stat(path.text, &status) == 0 else { return errno == EACCES ? .notExecutable(path) : .missing }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        return isFile && access(path.text, X_OK) == 0 ? .found(path) : .notExecutable(path)
    }
}
