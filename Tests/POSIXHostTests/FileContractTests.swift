import Base
import HostFakes
import HostInterfaces
import POSIXHost
import Testing

/// A file system under test, with a folder to work in.
struct FileSubject: Sendable, CustomTestStringConvertible {
    enum Kind: String, CaseIterable { case fake, real }

    let kind: Kind
    let files: any FileSystem
    let folder: Path

    init(_ kind: Kind) throws {
        self.kind = kind
        let name = "devinit-files-\(UInt64.random(in: 0...UInt64.max))"
        switch kind {
        case .fake:
            files = FakeFiles()
            folder = "/tmp" / name
        case .real:
            files = POSIXHost.host().files
            folder = try files.resolve("/tmp") / name
        }
        try files.makeFolder(folder, mode: 0o755)
    }

    func end() { try? files.removeTree(folder) }
    var testDescription: String { kind.rawValue }

    func write(_ name: String, _ text: String = "old", mode: UInt16 = 0o644) throws {
        try files.replace(folder / name, with: Array(text.utf8), mode: mode)
    }

    func status(_ name: String, followingLinks: Bool = false) throws -> FileStatus? {
        try files.status(of: folder / name, followingLinks: followingLinks)
    }
}

/// What every file system must do, the fake and the real one alike: so the fake can't drift.
@Suite struct FileContractTests {
    static let kinds = FileSubject.Kind.allCases

    func with(_ kind: FileSubject.Kind, _ body: (FileSubject) throws -> Void) throws {
        let subject = try FileSubject(kind)
        defer { subject.end() }
        try body(subject)
    }

    func code(_ body: () throws -> Void) -> Int32? {
        do { try body() } catch let error as SystemError { return error.code } catch {}
        return nil
    }

    @Test(arguments: kinds) func `what is missing has no status, also below a file`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.write("file")
            #expect(try it.status("none") == nil)
            #expect(try it.status("none/deeper") == nil)
            #expect(try it.status("file/deeper") == nil)
            let status = try #require(try it.status("file"))
            #expect(status.kind == .file && status.size == 3 && status.mode == 0o644)
        }
    }

    @Test(arguments: kinds) func `replacing keeps a link and changes its target`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.files.makeFolder(it.folder / "real", mode: 0o755)
            try it.write("real/file")
            try it.files.makeLink(at: it.folder / "second", to: "real/file")
            try it.files.makeLink(at: it.folder / "first", to: (it.folder / "second").text)
            try it.write("first", "new", mode: 0o600)
            #expect(try it.status("first")?.kind == .link)
            #expect(try it.status("second")?.kind == .link)
            #expect(it.files.text(of: it.folder / "real/file") == "new")
            #expect(try it.status("real/file")?.mode == 0o600)
            #expect(try it.files.entries(of: it.folder / "real").map(\.name) == ["file"])
        }
    }

    @Test(arguments: kinds) func `replacing through a dangling link makes its target`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.files.makeLink(at: it.folder / "link", to: "target")
            try it.write("link", "new")
            #expect(try it.status("target")?.kind == .file)
            #expect(try it.status("link")?.kind == .link)
        }
    }

    @Test(arguments: kinds) func `a folder is not replaced, a loop is refused, a missing folder too`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            try it.files.makeFolder(it.folder / "folder", mode: 0o755)
            #expect(code { try it.write("folder") } == FakeCode.isFolder)
            try it.files.makeLink(at: it.folder / "a", to: "b")
            try it.files.makeLink(at: it.folder / "b", to: "a")
            #expect(code { try it.write("a") } == FakeCode.linkLoop)
            #expect(code { try it.write("none/file") } == FakeCode.noEntry)
        }
    }

    @Test(arguments: kinds) func `replacing gives a new file, so that an open one keeps its content`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            try it.write("file")
            let before = try it.status("file")
            try it.write("file", "new")
            #expect(try it.status("file")?.inode != before?.inode)
        }
    }

    @Test(arguments: kinds) func `reading beyond the limit is refused, at the limit not`(_ kind: FileSubject.Kind)
        throws
    {
        try with(kind) { it in
            try it.write("file", "12345")
            #expect(try it.files.read(it.folder / "file", limit: 5) == Array("12345".utf8))
            #expect(code { _ = try it.files.read(it.folder / "file", limit: 4) } == FakeCode.tooBig)
            #expect(code { _ = try it.files.read(it.folder, limit: 4) } == FakeCode.isFolder)
            #expect(code { _ = try it.files.read(it.folder / "none", limit: 4) } == FakeCode.noEntry)
        }
    }

    @Test(arguments: kinds) func `a part of a file is what stands there, and beyond its end is nothing`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            try it.write("file", "12345")
            func part(_ offset: Int, _ count: Int) throws -> String {
                String(decoding: try it.files.read(it.folder / "file", from: offset, count: count), as: UTF8.self)
            }
            #expect(try part(0, 2) == "12" && part(3, 2) == "45" && part(3, 10) == "45")
            #expect(try part(5, 1) == "" && part(9, 1) == "" && part(2, 0) == "" && part(-3, 2) == "12")
            #expect(code { _ = try it.files.read(it.folder, from: 0, count: 4) } == FakeCode.invalid)
            #expect(code { _ = try it.files.read(it.folder / "none", from: 0, count: 4) } == FakeCode.noEntry)
        }
    }

    @Test(arguments: kinds) func `a torn record can be cut off and writing goes on at the end`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            let file = try it.files.append(to: it.folder / "journal", mode: 0o600)
            try file.append(Array("one\ntw".utf8))
            try file.truncate(to: 4)
            try file.append(Array("two\n".utf8))
            try file.synchronize()
            let again = try it.files.append(to: it.folder / "journal", mode: 0o644)
            try again.append(Array("three\n".utf8))
            #expect(it.files.text(of: it.folder / "journal") == "one\ntwo\nthree\n")
            #expect(try it.status("journal")?.mode == 0o600)
        }
    }

    @Test(arguments: kinds) func `entries are sorted and links are not followed`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.write("b")
            try it.files.makeFolder(it.folder / "c", mode: 0o755)
            try it.files.makeLink(at: it.folder / "a", to: "c")
            let expected = [
                FolderEntry(name: "a", kind: .link), FolderEntry(name: "b", kind: .file),
                FolderEntry(name: "c", kind: .folder),
            ]
            #expect(try it.files.entries(of: it.folder) == expected)
            #expect(code { _ = try it.files.entries(of: it.folder / "b") } == FakeCode.notFolder)
            #expect(code { _ = try it.files.entries(of: it.folder / "none") } == FakeCode.noEntry)
        }
    }

    @Test(arguments: kinds) func `making folders makes parents and is content with what is there`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            try it.files.makeFolder(it.folder / "a/b/c", mode: 0o755)
            try it.files.makeFolder(it.folder / "a/b/c", mode: 0o755)
            try it.files.makeLink(at: it.folder / "link", to: "a")
            try it.files.makeFolder(it.folder / "link/d", mode: 0o700)
            try it.files.makeFolder(it.folder / "link", mode: 0o755)
            #expect(it.files.isFolder(it.folder / "a/d"))
            try it.write("file")
            #expect(code { try it.files.makeFolder(it.folder / "file", mode: 0o755) } == FakeCode.exists)
        }
    }

    @Test(arguments: kinds) func `removing takes the link and not its target, and nothing is fine`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            try it.write("file")
            try it.files.makeLink(at: it.folder / "link", to: "file")
            try it.files.remove(it.folder / "link")
            try it.files.remove(it.folder / "link")
            try it.files.remove(it.folder / "none/deeper")
            #expect(it.files.isFile(it.folder / "file"))
            #expect(code { try it.files.remove(it.folder) } != nil)
        }
    }

    @Test(arguments: kinds) func `removing a tree never leaves it through a link`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.files.makeFolder(it.folder / "tree/deep/er", mode: 0o755)
            try it.files.makeFolder(it.folder / "kept", mode: 0o755)
            try it.write("kept/file")
            try it.write("tree/deep/file")
            try it.files.makeLink(at: it.folder / "tree/link", to: "../kept")
            try it.files.makeLink(at: it.folder / "way", to: "kept")
            try it.files.removeTree(it.folder / "tree")
            try it.files.removeTree(it.folder / "tree")
            try it.files.removeTree(it.folder / "way")
            #expect(!it.files.exists(it.folder / "tree") && !it.files.exists(it.folder / "way"))
            #expect(it.files.text(of: it.folder / "kept/file") == "old")
        }
    }

    @Test(arguments: kinds) func `renaming replaces a file, not a full folder`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.write("a", "a")
            try it.write("b", "b")
            try it.files.rename(it.folder / "a", to: it.folder / "b")
            #expect(it.files.text(of: it.folder / "b") == "a")
            #expect(!it.files.exists(it.folder / "a"))
            try it.files.makeFolder(it.folder / "full/inside", mode: 0o755)
            try it.files.makeFolder(it.folder / "other", mode: 0o755)
            let rename = code { try it.files.rename(it.folder / "other", to: it.folder / "full") }
            #expect(rename == FakeCode.notEmpty)
            #expect(code { try it.files.rename(it.folder / "b", to: it.folder / "full") } == FakeCode.isFolder)
            #expect(code { try it.files.rename(it.folder / "full", to: it.folder / "full/x") } == FakeCode.invalid)
        }
    }

    @Test(arguments: kinds) func `resolving follows every link and needs the end to stand`(_ kind: FileSubject.Kind)
        throws
    {
        try with(kind) { it in
            try it.files.makeFolder(it.folder / "a/b", mode: 0o755)
            try it.files.makeLink(at: it.folder / "link", to: "a")
            try it.files.makeLink(at: it.folder / "lost", to: "nowhere")
            #expect(try it.files.resolve(it.folder / "link/b/..") == it.folder / "a")
            #expect(code { _ = try it.files.resolve(it.folder / "lost") } == FakeCode.noEntry)
            #expect(it.files.exists(it.folder / "lost") && !it.files.isFile(it.folder / "lost"))
            #expect(try it.files.linkTarget(of: it.folder / "lost") == "nowhere")
            #expect(code { _ = try it.files.linkTarget(of: it.folder / "a") } == FakeCode.invalid)
        }
    }

    @Test(arguments: kinds) func `a lock is held once until it is released or forgotten`(_ kind: FileSubject.Kind)
        throws
    {
        try with(kind) { it in
            let place = it.folder / "lock"
            let held = try #require(try it.files.lock(place))
            #expect(try it.files.lock(place) == nil)
            held.release()
            held.release()
            do {
                let again = try it.files.lock(place)
                #expect(again != nil)
                #expect(try it.files.lock(place) == nil)
                withExtendedLifetime(again) {}
            }
            #expect(try it.files.lock(place) != nil)
            #expect(code { _ = try it.files.lock(it.folder / "none/lock") } == FakeCode.noEntry)
        }
    }

    @Test(arguments: kinds) func `the mode is what was asked for, whatever the umask`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            try it.write("file", mode: 0o666)
            #expect(try it.status("file")?.mode == 0o666)
            try it.files.setMode(of: it.folder / "file", to: 0o4711)
            #expect(try it.status("file")?.mode == 0o4711)
            #expect(try it.files.freeBytes(at: it.folder / "not/yet") > 0)
        }
    }

    @Test(arguments: kinds) func `an error says what, where and why`(_ kind: FileSubject.Kind) throws {
        try with(kind) { it in
            do {
                _ = try it.files.read(it.folder / "none", limit: 1)
            } catch let error as SystemError {
                #expect(error.subject == (it.folder / "none").text)
                #expect(error.reason == "No such file or directory")
            }
        }
    }

    @Test(arguments: kinds) func `names of a folder can be made safe, and of nothing else`(
        _ kind: FileSubject.Kind
    ) throws {
        try with(kind) { it in
            try it.write("file")
            try it.files.synchronizeFolder(it.folder)
            #expect(code { try it.files.synchronizeFolder(it.folder / "file") } == FakeCode.notFolder)
            #expect(code { try it.files.synchronizeFolder(it.folder / "none") } == FakeCode.noEntry)
        }
    }
}
