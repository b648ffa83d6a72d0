import Base
import HostInterfaces

/// Names for what can't be read: it is kept beside, never overwritten.
enum SetAside {
    /// The first of `NAME.WORD-1`, `NAME.WORD-2` … that is free.
    static func path(for path: Path, as word: String, in files: any FileSystem) -> Path {
        var number = 1
        while files.exists(Path("\(path).\(word)-\(number)")) { number += 1 }
        return Path("\(path).\(word)-\(number)")
    }

    /// Moves the file there and says where it is now, once it would be found there after a loss of power: the next thing
    /// to come under its old name must not be the one that survives.
    static func move(_ path: Path, as word: String, in files: any FileSystem) throws(SystemError) -> Path {
        let target = self.path(for: path, as: word, in: files)
        try files.rename(path, to: target)
        try files.synchronizeFolder(path.parent)
        return target
    }
}
