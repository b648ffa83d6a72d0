import Base
import Foundation
import HostInterfaces
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A call that goes on while the test does something.
struct Running: Sendable {
    let pidFile: Path
    /// What it writes to standard error.
    let saidFile: Path
    let host: HostInterfaces.Host
    let task: Task<Ended, any Error>

    /// The process id of devinit itself.
    func pid() async throws -> pid_t {
        for _ in 0..<6000 {
            if let pid = Processes.number(in: pidFile, host) { return pid }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Missing(what: "the process id of devinit")
    }

    /// What it has said so far.
    var said: String { host.files.text(of: saidFile) ?? "" }

    func signal(_ number: Int32) async throws { kill(try await pid(), number) }

    func ended() async throws -> Ended { try await task.value }
}

struct Missing: Error { var what: String }

/// Other processes, as a test sees them.
enum Processes {
    /// The number that a file holds; nil until it is there.
    static func number(in file: Path, _ host: HostInterfaces.Host) -> pid_t? {
        host.files.text(of: file).flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Whether a process still runs. One that only waits to be reaped is gone.
    static func isRunning(_ pid: pid_t) -> Bool {
        guard kill(pid, 0) == 0 else { return false }
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
            return !FileManager.default.fileExists(atPath: "/proc/self")
        }
        return stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].dropFirst(2).first != "Z"
    }

    /// The live processes whose parent it is.
    static func children(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
            return stat.split(separator: ") ").last?.split(separator: " ").dropFirst().first == "\(parent)"
        }
    }

    static var isRoot: Bool { geteuid() == 0 }
}
