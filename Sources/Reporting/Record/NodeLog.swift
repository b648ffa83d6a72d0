public import Base
public import HostInterfaces
import Synchronization

/// The whole output of one node, as it came, in a file. Secrets must be masked before.
///
/// The file and its folder are made with the first bytes, so a silent node leaves none. A log that can't be
/// written never fails the work: it goes quiet and keeps the reason.
public final class NodeLog: Sendable {
    private enum State {
        case unopened
        case open(any AppendableFile)
        case failed(SystemError)
    }

    public let path: Path
    private let files: any FileSystem
    private let state = Mutex(State.unopened)

    public init(files: any FileSystem, path: Path) {
        self.files = files
        self.path = path
    }

    /// Whether something has been written.
    public var isWritten: Bool { state.withLock { if case .open = $0 { true } else { false } } }
    /// Why the log is not whole; nil when it is.
    public var problem: SystemError? { state.withLock { if case .failed(let error) = $0 { error } else { nil } } }

    /// Appends a line and its break.
    public func append(line: String) { append(Array(line.utf8) + [UInt8(ascii: "\n")]) }

    /// Appends bytes as they are.
    public func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        state.withLock { state in
            do throws(SystemError) {
                switch state {
                case .failed: return
                case .open(let file): try file.append(bytes)
                case .unopened:
                    try files.makeFolder(path.parent, mode: 0o700)
                    let file = try files.append(to: path, mode: 0o600)
                    state = .open(file)
                    try file.append(bytes)
                }
            } catch {
                state = .failed(error)
            }
        }
    }
}
