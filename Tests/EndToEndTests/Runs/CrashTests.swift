import Base
import Foundation
import Testing

/// A short turn of `benchmarks/crash`, which has the long one: killed, on a full disk, and with syncs that fail, `up`
/// always completes afterwards, does no `once` work twice and loses no value.
@Suite struct CrashTests {
    static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "benchmarks/crash").path

    @Test(.needs(.python), arguments: ["kill", "fsync"])
    func `hurt at sixty random moments, the next up completes and nothing is done twice or lost`(
        how: String
    ) throws {
        try require(.python)
        try crash(how)
    }

    @Test(.needs(.root), .needs(.python))
    func `on a disk that runs full at sixty random moments, the next up completes and nothing is lost`() throws {
        try require(.root)
        try require(.python)
        try crash("full")
    }

    func crash(_ how: String) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Self.script, how, "--rounds", "60", "--devinit", Programs.devinit.text]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let told = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(told)")
        #expect(told.contains("holds: \(how): 60 rounds"), "\(told)")
    }
}
