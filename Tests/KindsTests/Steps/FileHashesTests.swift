import Base
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// A remembered hash is believed only where the file behind it can't have changed.
@Suite struct FileHashesTests {
    private func write(_ fixture: WorkspaceFixture, _ content: String, age seconds: Double = 0) throws {
        try fixture.write("a", content)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: (fixture.root / "a").text)
    }

    @Test func `an edit of the same size in the same tick is noticed`() throws {
        let fixture = try WorkspaceFixture("version: 1\n", files: ["a": "one"])
        let files = CoarseFiles(fixture.host.files)
        var host = fixture.host
        host.files = files
        // The file system's clock stands, half a second behind ours.
        files.freeze(at: Int((host.clock.wallSeconds - 0.5) * 1e9))
        let hashes = FileHashes(root: fixture.root, host: host)
        let first = hashes.hash(of: fixture.root / "a")
        try FileHandle(forWritingTo: URL(filePath: (fixture.root / "a").text)).write(contentsOf: Data("two".utf8))
        #expect(hashes.hash(of: fixture.root / "a") != first)
        hashes.save()
        #expect(FileHashes(root: fixture.root, host: host).hash(of: fixture.root / "a") != first)
    }

    @Test func `an edit that puts size and time back is noticed by the change time`() async throws {
        let fixture = try WorkspaceFixture("version: 1\n")
        try write(fixture, "one", age: 100)
        let hashes = resting(fixture)
        let first = hashes.hash(of: fixture.root / "a")
        hashes.save()
        let times = try FileManager.default.attributesOfItem(atPath: (fixture.root / "a").text)[.modificationDate]
        try await Task.sleep(for: .milliseconds(20))
        try fixture.write("a", "two")
        try FileManager.default.setAttributes(
            [.modificationDate: times as Any], ofItemAtPath: (fixture.root / "a").text)
        #expect(resting(fixture).hash(of: fixture.root / "a") != first)
    }

    /// Hashes on a host whose clock is a minute ahead, so that every file is at rest.
    private func resting(_ fixture: WorkspaceFixture, reads: Bool = true) -> FileHashes {
        var host = fixture.host
        host.clock = AheadClock(inner: fixture.host.clock)
        return FileHashes(root: fixture.root, host: host)
    }

    @Test func `a file at rest is not read again, also in the next run`() throws {
        let fixture = try WorkspaceFixture("version: 1\n")
        try fixture.write("a", "one")
        let hashes = resting(fixture)
        let first = hashes.hash(of: fixture.root / "a")
        hashes.save()
        // Only a cache can answer what can't be read. Root reads everything, so the content is what lies.
        let cache = fixture.text(".devinit/cache/hashes") ?? ""
        #expect(cache.contains("/a\n"))
        let forged =
            cache.split(separator: "\n").dropFirst().joined(separator: "\n")
            .replacing(first ?? "", with: String(repeating: "0", count: 64)) + "\n"
        let sum = HashCacheFile.checksum(Array(forged.utf8)[...])
        try fixture.write(".devinit/cache/hashes", "\(HashCacheFile.header)\(sum)\n\(forged)")
        #expect(resting(fixture).hash(of: fixture.root / "a") == String(repeating: "0", count: 64))
    }

    @Test(arguments: ["", "garbage", "devinit-hashes 2 00\n", "devinit-hashes 3 x\nzz\n"])
    func `a damaged cache is as good as none`(_ content: String) throws {
        let fixture = try WorkspaceFixture("version: 1\n", files: ["a": "one", ".devinit/cache/hashes": content])
        let hash = FileHashes(root: fixture.root, host: fixture.host).hash(of: fixture.root / "a")
        #expect(hash == fixture.host.digests.sha256(Array("one".utf8)))
    }

    @Test func `a changed bit in the cache is not believed`() throws {
        let fixture = try WorkspaceFixture("version: 1\n", files: ["a": "one"])
        let hashes = resting(fixture)
        let first = hashes.hash(of: fixture.root / "a")
        hashes.save()
        let cache = fixture.text(".devinit/cache/hashes") ?? ""
        try fixture.write(
            ".devinit/cache/hashes", cache.replacing(first ?? "", with: String(repeating: "0", count: 64)))
        #expect(resting(fixture).hash(of: fixture.root / "a") == first)
    }
}

private struct AheadClock: HostInterfaces.Clock {
    let inner: any HostInterfaces.Clock
    var monotonicSeconds: Double { inner.monotonicSeconds }
    var wallSeconds: Double { inner.wallSeconds + 60 }
    func sleep(for duration: Duration) async throws { try await inner.sleep(for: duration) }
}
