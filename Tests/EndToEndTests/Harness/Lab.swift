import HostInterfaces
import Base
import Foundation

/// The real container engines of `Tests/Lab`, where they run.
enum Lab {
    /// A script or another file of the lab.
    static func file(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Lab/\(name)").path
    }

    /// The variables that point docker at it; empty where it does not run.
    static let environment = variables(of: "engine")

    /// The variables with which Podman is found; empty where it does not run.
    static let podman = variables(of: "podman")

    /// The variables of engines without root's rights, and their account as DEVINIT_LAB_USER; empty where it does not run.
    static let rootless = variables(of: "rootless")

    private static func variables(of script: String) -> [String: String] {
        guard Processes.isRoot, output(script, "status") != nil, let printed = output(script, "env") else {
            return [:]
        }
        var found: [String: String] = [:]
        for line in printed.split(separator: "\n") where line.hasPrefix("export ") {
            let parts = line.dropFirst(7).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
        }
        return found
    }

    /// What a call of the script prints; nil when it fails.
    private static func output(_ script: String, _ word: String) -> String? {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: file(script))
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
