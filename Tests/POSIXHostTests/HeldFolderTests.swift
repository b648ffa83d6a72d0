import Base
import Foundation
import HostInterfaces
import POSIXHost
import Testing

/// A folder that is held stays the one that was checked.
@Suite struct HeldFolderTests {
    private let files = POSIXHost.host().files
    private let root: Path

    init() throws {
        let folder = URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "devinit-held-\(UUID().uuidString)")
        root = Path(folder.path)
        for name in ["inside", "outside"] { try files.makeFolder(root / name, mode: 0o755) }
    }

    private func end() { try? FileManager.default.removeItem(atPath: root.text) }

    @Test func `a link that is put in the way after the check leads nothing out`() throws {
        defer { end() }
        let held = try files.hold(root / "inside", making: nil)
        try files.rename(root / "inside", to: root / "moved")
        try files.makeLink(at: root / "inside", to: "outside")
        try held.replace(".env", with: Array("A=1\n".utf8), mode: 0o600)
        try held.replaceLink("link", to: "x")
        try held.makeFolder("folder", mode: 0o700)
        try held.setMode(of: ".env", to: 0o640)
        #expect(try files.entries(of: root / "outside").isEmpty)
        #expect(try files.entries(of: root / "moved").map(\.name) == [".env", "folder", "link"])
        #expect(try files.status(of: root / "moved/.env", followingLinks: false)?.mode == 0o640)
    }

    @Test func `a link on the way is refused, wherever it is and whatever is missing below it`() throws {
        defer { end() }
        try files.makeLink(at: root / "link", to: "outside")
        for path in ["link", "link/deep", "link/deep/er", "inside/../link"] {
            #expect(throws: SystemError.self) { try files.hold(root.appending(Path(path)), making: 0o755) }
        }
        #expect(try files.entries(of: root / "outside").isEmpty)
    }

    @Test func `links in the place of a file, a folder or a mode are not followed`() throws {
        defer { end() }
        try files.replace(root / "outside/file", with: [1], mode: 0o644)
        let held = try files.hold(root / "inside", making: nil)
        try files.makeLink(at: root / "inside/file", to: "../outside/file")
        try files.makeLink(at: root / "inside/folder", to: "../outside")
        #expect(throws: SystemError.self) { try held.replace("file", with: [2], mode: 0o644) }
        #expect(throws: SystemError.self) { try held.setMode(of: "file", to: 0o777) }
        #expect(throws: SystemError.self) { try held.makeFolder("folder", mode: 0o755) }
        #expect(try files.read(root / "outside/file", limit: 10) == [1])
        #expect(try files.status(of: root / "outside/file", followingLinks: false)?.mode == 0o644)
        try held.replaceLink("file", to: "other")
        #expect(try files.linkTarget(of: root / "inside/file") == "other")
        try files.replace(root / "inside/plain", with: [3], mode: 0o644)
        #expect(throws: SystemError.self) { try held.replaceLink("plain", to: "other") }
        #expect(try files.read(root / "inside/plain", limit: 10) == [3])
    }

    @Test func `missing folders are made with their mode, and held folders need not be readable`() throws {
        defer { end() }
        try files.setMode(of: root / "inside", to: 0o311)
        let held = try files.hold(root / "inside/a/b", making: 0o750)
        try held.replace("file", with: [1], mode: 0o600)
        try files.setMode(of: root / "inside", to: 0o755)
        #expect(try files.read(root / "inside/a/b/file", limit: 10) == [1])
        #expect(throws: SystemError.self) { try files.hold(root / "inside/none", making: nil) }
    }
}
