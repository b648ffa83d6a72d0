import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder by its descriptor, reached name by name and through no link.
final class POSIXHeldFolder: HeldFolder {
    private let path: Path
    private let descriptor: Int32

    /// Reading a folder is not needed to work in it.
    private static let flags = devinit_search_flag() | O_DIRECTORY | O_NOFOLLOW

    init(_ path: Path, making mode: UInt16?) throws(SystemError) {
        self.path = path
        var folder = try Descriptor.open("/", in: AT_FDCWD, Self.flags, of: "/")
        var place: Path = "/"
        for name in path.segments.map(String.init) {
            place = place / name
            folder = try Self.step(into: name, of: folder.number, place, making: mode)
        }
        descriptor = folder.release()
    }

    private static func step(
        into name: String, of folder: Int32, _ place: Path, making mode: UInt16?
    ) throws(SystemError) -> Descriptor {
        do throws(SystemError) {
            return try Descriptor.open(name, in: folder, flags, of: place)
        } catch {
            guard error.code == ENOENT, let mode else { throw error }
            // Another may have been faster.
            guard mkdirat(folder, name, mode_t(mode)) == 0 || errno == EEXIST else {
                throw SystemError("mkdir", place.text)
            }
        }
        return try Descriptor.open(name, in: folder, flags, of: place)
    }

    func replace(_ name: String, with content: [UInt8], mode: UInt16) throws(SystemError) {
        try POSIXFileReplacement.replace(path / name, named: name, in: descriptor, with: content, mode: mode)
    }

    func replaceLink(_ name: String, to target: String) throws(SystemError) {
        if symlinkat(target, descriptor, name) == 0 { return }
        guard errno == EEXIST else { throw SystemError("symlink", (path / name).text) }
        var found = stat()
        guard fstatat(descriptor, name, &found, AT_SYMLINK_NOFOLLOW) == 0, found.st_mode & S_IFMT == S_IFLNK else {
            throw SystemError("symlink", (path / name).text, code: EEXIST)
        }
        let beside = TemporaryName.next
        guard symlinkat(target, descriptor, beside) == 0 else { throw SystemError("symlink", (path / name).text) }
        guard renameat(descriptor, beside, descriptor, name) == 0 else {
            let code = errno
            unlinkat(descriptor, beside, 0)
            throw SystemError("rename", (path / name).text, code: code)
        }
    }

    func makeFolder(_ name: String, mode: UInt16) throws(SystemError) {
        _ = try Self.step(into: name, of: descriptor, path / name, making: mode)
    }

    func setMode(of name: String, to mode: UInt16) throws(SystemError) {
        // Not waiting for the other end of a pipe.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
        do throws(SystemError) {
            let file = try Descriptor.open(name, in: descriptor, flags, of: path / name)
            guard fchmod(file.number, mode_t(mode)) == 0 else { throw SystemError("chmod", (path / name).text) }
        } catch {
            // What we may not read we may still own.
            guard error.code == EACCES else { throw error }
            guard fchmodat(descriptor, name, mode_t(mode), Int32(AT_SYMLINK_NOFOLLOW)) == 0 else {
                throw SystemError("chmod", (path / name).text)
            }
        }
    }

    deinit { close(descriptor) }
}
