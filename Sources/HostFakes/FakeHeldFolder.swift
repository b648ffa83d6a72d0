import Base
import HostInterfaces

/// A folder of the fake by its path; no link leads to it.
final class FakeHeldFolder: HeldFolder {
    private let files: FakeFiles
    private let path: Path

    init(_ files: FakeFiles, _ path: Path) throws(SystemError) {
        guard try files.resolve(path) == path else {
            throw SystemError(call: "open", subject: path.text, code: 40, reason: "Too many levels of symbolic links")
        }
        self.files = files
        self.path = path
    }

    func replace(_ name: String, with content: [UInt8], mode: UInt16) throws(SystemError) {
        try files.replace(path / name, with: content, mode: mode)
    }

    func replaceLink(_ name: String, to target: String) throws(SystemError) {
        if try files.status(of: path / name, followingLinks: false)?.kind == .link { try files.remove(path / name) }
        try files.makeLink(at: path / name, to: target)
    }

    func makeFolder(_ name: String, mode: UInt16) throws(SystemError) { try files.makeFolder(path / name, mode: mode) }

    func setMode(of name: String, to mode: UInt16) throws(SystemError) { try files.setMode(of: path / name, to: mode) }
}
