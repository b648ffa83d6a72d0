import Foundation
import Synchronization
import Testing

/// Tests/Lab/registry.py, while it is needed; what was fetched from it goes with it.
final class LabRegistry: Sendable {
    let port: Int
    let privatePort: Int
    private let process: LabProcess

    init() throws {
        process = try LabProcess([
            "python3",
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Lab/registry.py").path,
        ])
        port = try #require(process.line().flatMap { Int($0) })
        privatePort = try #require(process.line().flatMap { Int($0) })
    }

    deinit {
        process.end()
        let all = ServiceLab.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split(separator: "\n")
        for image in all where image.hasPrefix("127.0.0.1:\(port)/") || image.hasPrefix("127.0.0.1:\(privatePort)/") {
            ServiceLab.docker("rmi", "-f", String(image))
        }
    }

    func image(_ name: String) -> String { "127.0.0.1:\(port)/\(name):1" }
    func privateImage(_ name: String) -> String { "127.0.0.1:\(privatePort)/\(name):1" }
    func stop() { process.end() }
}

/// A program beside the test, ended with it.
final class LabProcess: Sendable {
    private let process: Mutex<Process>
    private let input = Pipe()
    private let output = Pipe()

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = Mutex(process)
    }

    /// The next line that it writes.
    func line() -> String? {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Foundation's children have SIGTERM blocked, so `terminate` would leave it running.
    func end() {
        process.withLock { process in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }
    }

    deinit { end() }
}

/// A folder that stands for `~/.docker`, with the plugin of the lab's.
final class DockerConfiguration: Sendable {
    let folder: String

    init(_ json: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "devinit-docker-\(UUID().uuidString)").path
        try write("config.json", json)
        if let lab = ServiceLab.environment?["DOCKER_CONFIG"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/cli-plugins", withDestinationPath: lab + "/cli-plugins")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ name: String, _ text: String) throws {
        let path = URL(filePath: folder).appending(path: name)
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
    }
}
