import Base
import Foundation
import HostInterfaces
import Synchronization
import Testing

@testable import Kinds

/// A workspace whose PATH begins with a folder of its own, where every process that is started is written down.
struct ToolFixture {
    let workspace: WorkspaceFixture
    let processes: RecordingProcesses
    var programs: Path { workspace.base / "bin" }

    /// `path` is what follows the own folder; the clock is ahead, so that every file is at rest.
    init(
        _ manifest: String, files: [String: String] = [:], path: String = "/usr/bin:/bin",
        changing change: (inout HostInterfaces.Host) -> Void = { _ in }
    ) throws {
        let processes = RecordingProcesses()
        self.processes = processes
        workspace = try WorkspaceFixture(manifest, files: files) { host in
            host.environment["PATH"] = (host.currentFolder.parent / "bin").text + ":" + path
            host.clock = ShiftedClock(real: host.clock)
            processes.real.withLock { $0 = host.processes }
            host.processes = processes
            // No package manager of this machine is asked unless a test wants it.
            host.machine.operatingSystem = "other"
            change(&host)
        }
        try workspace.host.files.makeFolder(programs, mode: 0o755)
    }

    /// A program as a script of sh.
    func program(_ name: String, _ script: String) throws {
        try workspace.host.files.replace(programs / name, with: Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
    }

    /// The real git, as a file of its own, with another version in it; nil where git is no plain program.
    func copyGit(version: String) throws -> Bool {
        let files = workspace.host.files
        let original = try files.read("/usr/bin/git", limit: 64 << 20)
        guard original.starts(with: [0x7F]) else { return false }
        let found = try #require(
            String(decoding: try Self.output("/usr/bin/git", ["--version"]), as: UTF8.self).split(separator: " ").last)
        var bytes = Data(original)
        let wanted = Data(
            (version + String(repeating: "\0", count: max(0, found.utf8.count - 1 - version.utf8.count))).utf8)
        while let range = bytes.range(of: Data(found.trimmingCharacters(in: .whitespacesAndNewlines).utf8)) {
            bytes.replaceSubrange(range, with: wanted)
        }
        try files.replace(programs / "git", with: Array(bytes), mode: 0o755)
        return true
    }

    private static func output(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }
}

/// The real launcher, with a list of what it started.
final class RecordingProcesses: ProcessLauncher {
    let real = Mutex<(any ProcessLauncher)?>(nil)
    private let started = Mutex<[[String]]>([])

    var commands: [[String]] { started.withLock { $0 } }
    func forget() { started.withLock { $0 = [] } }
    private var launcher: any ProcessLauncher { real.withLock { $0! } }

    func run(
        _ request: ProcessRequest, onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)?
    ) async throws(ProcessError) -> ProcessResult {
        started.withLock { $0.append(request.arguments) }
        return try await launcher.run(request, onOutput: onOutput)
    }

    func startDetached(_ request: ProcessRequest, log: Path) throws(ProcessError) -> ProcessIdentity {
        try launcher.startDetached(request, log: log)
    }

    func search(words: [String]) -> [(process: ProcessIdentity, leadsGroup: Bool)] { launcher.search(words: words) }

    func isRunning(_ process: ProcessIdentity) -> Bool { launcher.isRunning(process) }
    func end(_ process: ProcessIdentity, grace: Duration) async { await launcher.end(process, grace: grace) }
    func find(_ program: String, path: String, folder: Path) -> Path? {
        launcher.find(program, path: path, folder: folder)
    }
}

/// The real clock, a minute ahead in wall time.
struct ShiftedClock: HostInterfaces.Clock {
    let real: any HostInterfaces.Clock

    var monotonicSeconds: Double { real.monotonicSeconds }
    var wallSeconds: Double { real.wallSeconds + 60 }
    func sleep(for duration: Duration) async throws { try await real.sleep(for: duration) }
}
