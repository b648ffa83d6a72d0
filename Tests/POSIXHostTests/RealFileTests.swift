import Base
import HostInterfaces
import POSIXHost
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

#if canImport(Glibc)
    /// `setfsuid`, which Swift's Glibc leaves out.
    @_silgen_name("setfsuid") private func setThreadFileUser(_ user: uid_t) -> Int32
#endif

/// What only a real disk can show.
@Suite struct RealFileTests {
    let files = POSIXHost.host().files
    let folder: Path

    init() throws {
        folder = "/tmp" / "devinit-disk-\(UInt64.random(in: 0...UInt64.max))"
        try files.makeFolder(folder, mode: 0o755)
    }

    @Test func `a full disk leaves the old file and no other`() throws {
        defer { try? files.removeTree(folder) }
        let place = folder / "small"
        try files.makeFolder(place, mode: 0o755)
        #if canImport(Glibc)
            // Needs root; others see nothing here.
            guard mount("tmpfs", place.text, "tmpfs", 0, "size=64k") == 0 else { return }
            defer { umount(place.text) }
            try files.replace(place / "file", with: Array("old".utf8), mode: 0o644)
            do {
                try files.replace(place / "file", with: [UInt8](repeating: 1, count: 200_000), mode: 0o644)
                Issue.record("it fitted")
            } catch {
                #expect(error.code == ENOSPC)
                #expect(error.reason == "No space left on device")
            }
            #expect(files.text(of: place / "file") == "old")
            #expect(try files.entries(of: place).map(\.name) == ["file"])
            // A mounted folder is not emptied.
            #expect(throws: SystemError.self) { try files.removeTree(folder) }
            #expect(files.text(of: place / "file") == "old")
        #endif
    }

    @Test func `root who replaces a user's file leaves it theirs`() throws {
        defer { try? files.removeTree(folder) }
        guard geteuid() == 0 else { return }
        let file = folder / "file"
        try files.replace(file, with: [], mode: 0o644)
        chown(file.text, 12345, 12345)
        try files.replace(file, with: [1], mode: 0o600)
        let status = try files.status(of: file, followingLinks: false)
        #expect(status?.owner == 12345)
        #expect(status?.mode == 0o600)
    }

    @Test func `a tree with folders that may not be read or written goes all the same`() async throws {
        defer { try? files.removeTree(folder) }
        try files.makeFolder(folder / "tree/a/b", mode: 0o755)
        try files.replace(folder / "tree/a/b/file", with: [], mode: 0o400)
        for (name, mode) in [("tree/a/b", UInt16(0o555)), ("tree/a", 0o000)] {
            try files.setMode(of: folder / name, to: mode)
        }
        // Root may do everything, so there somebody else must.
        if geteuid() == 0 {
            let stranger = uid_t(12345)
            for name in ["", "tree", "tree/a", "tree/a/b", "tree/a/b/file"] {
                lchown((folder / name).text, stranger, stranger)
            }
            #if canImport(Glibc)
                let failure = await Blocking.run { () -> String? in
                    // Changes the calling thread alone, which is back as it was before it does other work.
                    _ = setThreadFileUser(stranger)
                    defer { _ = setThreadFileUser(0) }
                    do { try files.removeTree(folder / "tree") } catch { return "\(error)" }
                    return nil
                }
                #expect(failure == nil)
            #endif
        } else {
            try files.removeTree(folder / "tree")
        }
        #expect(!files.exists(folder / "tree"))
    }

    @Test func `a tree deeper than descriptors and path names reach goes`() throws {
        defer { try? files.removeTree(folder) }
        let top = folder / "deep"
        try files.makeFolder(top, mode: 0o755)
        var place = open(top.text, O_RDONLY | O_DIRECTORY)
        for _ in 0..<2100 {
            mkdirat(place, "d", 0o755)
            let next = openat(place, "d", O_RDONLY | O_DIRECTORY)
            close(place)
            place = next
        }
        close(place)
        try files.removeTree(top)
        #expect(!files.exists(top))
    }

    @Test func `names that are no text are removed too`() throws {
        defer { try? files.removeTree(folder) }
        let top = folder / "tree"
        try files.makeFolder(top, mode: 0o755)
        let descriptor = open(top.text, O_RDONLY | O_DIRECTORY)
        let name: [CChar] = [-1, -2, 65, 0]
        close(openat(descriptor, name, O_CREAT | O_WRONLY, 0o600))
        close(descriptor)
        try files.removeTree(top)
        #expect(!files.exists(top))
    }

    @Test func `a device is not replaced by a file`() throws {
        defer { try? files.removeTree(folder) }
        let pipe = folder / "pipe"
        mkfifo(pipe.text, 0o600)
        #expect(throws: SystemError.self) { try files.replace(pipe, with: [], mode: 0o600) }
        #expect(try files.read(pipe, limit: 10) == [])
        #expect(try files.status(of: pipe, followingLinks: false)?.kind == .other)
    }

    @Test func `a file of a size that is not known is read whole`() throws {
        defer { try? files.removeTree(folder) }
        #expect(try files.read("/proc/self/status", limit: 1 << 20).count > 100)
    }

    @Test func `a name of full length can be replaced`() throws {
        defer { try? files.removeTree(folder) }
        let file = folder / String(repeating: "n", count: 255)
        try files.replace(file, with: [1], mode: 0o600)
        #expect(try files.read(file, limit: 1) == [1])
    }

    @Test func `a lock is not inherited by a child`() async throws {
        defer { try? files.removeTree(folder) }
        let held = try #require(try files.lock(folder / "lock"))
        let processes = POSIXHost.host().processes
        let request = ProcessRequest(["sleep", "60"], environment: ["PATH": "/usr/bin:/bin"], folder: "/tmp")
        let sleeper = try processes.startDetached(request, log: folder / "log")
        held.release()
        #expect(try files.lock(folder / "lock") != nil)
        await processes.end(sleeper, grace: .seconds(1))
    }
}
