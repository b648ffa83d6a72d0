import HostInterfaces
import Base
import Foundation

/// The real container engine of `Tests/Lab`, where it runs.
enum Lab {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Lab/engine").path

    /// The variables that point docker at it; empty where it does not run.
    static let environment: [String: String] = {
        guard Processes.isRoot, output("status") != nil, let printed = output("env") else { return [:] }
        var found: [String: String] = [:]
        for line in printed.split(separator: "\n") where line.hasPrefix("export ") {
            let parts = line.dropFirst(7).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
        }
        return found
    }()

    /// What a call of the script prints; nil when it fails.
    private static func output(_ word: String) -> String? {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: script)
        process.arguments = [word]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The two generations of Compose. The old one is the only one left where docker finds no plugin.
    enum Compose: String, CaseIterable, Sendable {
        case plugin, standalone

        var part: Part { self == .plugin ? .engine : .oldCompose }

        /// For a workspace whose calls are to use this one.
        func environment(emptyFolder: Path) -> [String: String] {
            var environment = Lab.environment
            if self == .standalone { environment["DOCKER_CONFIG"] = emptyFolder.text }
            return environment
        }
    }
}
