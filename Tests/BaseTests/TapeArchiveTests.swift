import Base
import Foundation
import Testing

/// Archives, read by the real tar.
struct TapeArchiveTests {
    @Test func `tar unpacks what was put in, with its mode and the folders above it`() throws {
        var archive = TapeArchive()
        let content = (0..<1500).map { UInt8(truncatingIfNeeded: $0) }
        let isAdded = archive.add("/run/secrets/password", content, mode: 0o600)
        let isEmptyAdded = archive.add("/run/secrets/empty", [], mode: 0o755)
        #expect(isAdded && isEmptyAdded)
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "devinit-tar-\(UInt32.random(in: 0...UInt32.max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "files.tar")
        try Data(archive.bytes).write(to: file)
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = ["tar", "-xpf", file.path, "-C", folder.path]
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        let unpacked = folder.appending(path: "run/secrets/password")
        #expect(try Data(contentsOf: unpacked) == Data(content))
        let mode = try FileManager.default.attributesOfItem(atPath: unpacked.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try Data(contentsOf: folder.appending(path: "run/secrets/empty")).isEmpty)
    }

    @Test func `a path that has no room in the format is refused, not cut`() {
        var archive = TapeArchive()
        let long = "/" + String(repeating: "a", count: TapeArchive.longestName + 1)
        let isAdded = archive.add(long, [1], mode: 0o644) || archive.add("/", [1], mode: 0o644)
        #expect(!isAdded)
        #expect(archive.bytes == TapeArchive().bytes)
    }
}
