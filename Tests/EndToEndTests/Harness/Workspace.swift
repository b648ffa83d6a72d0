import Base
import Foundation
import HostInterfaces
import POSIXHost
import Testing

/// A temporary folder with a manifest and files, and a user of its own: home, state and configuration stand in
/// the same folder, the environment is clean. Nothing of the real user is read or written.
///
/// The real programs run in it, each call with a bound on its time.
final class Workspace: Sendable {
    /// Holds everything; taken away with the last reference.
    let folder: Path
    /// Where the manifest stands.
    let root: Path
    let host: HostInterfaces.Host
    /// The environment of every call.
    let environment: [String: String]

    init(
        _ manifest: String? = nil, files: [String: String] = [:], environment: [String: String] = [:],
        root named: Path? = nil
    ) throws {
        host = POSIXHost.host()
        let made = URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "devinit-e2e-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
        folder = Path(made.path)
        root = named ?? folder / "work"
        self.environment = [
            "HOME": (folder / "home").text, "XDG_STATE_HOME": (folder / "state").text,
            "XDG_CONFIG_HOME": (folder / "config").text, "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "GIT_CONFIG_NOSYSTEM": "1",
        ].merging(environment) { $1 }
        for path in [root, folder / "home", folder / "config"] { try host.files.makeFolder(path, mode: 0o755) }
        if let manifest { try write("init.yaml", manifest) }
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.text) }

    // MARK: Files

    func path(_ name: String) -> Path { root.appending(Path(name)) }

    func write(_ name: String, _ text: String, mode: UInt16 = 0o644) throws {
        try write(name, Array(text.utf8), mode: mode)
    }

    func write(_ name: String, _ bytes: [UInt8], mode: UInt16 = 0o644) throws {
        try host.files.makeFolder(path(name).parent, mode: 0o755)
        try host.files.replace(path(name), with: bytes, mode: mode)
    }

    /// The text of a file without the newline at its end; nil when it is not there.
    func text(_ name: String) -> String? {
        host.files.text(of: path(name)).map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
    }

    func exists(_ name: String) -> Bool { host.files.exists(path(name)) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name).text) }

    // MARK: Programs

    /// Runs devinit with these words to its end.
    func devinit(
        _ words: String..., environment extra: [String: String] = [:], in below: String = ".",
        limit: Duration = .seconds(60)
    ) async throws -> Ended {
        try await run([Programs.devinit.text] + words, environment: extra, in: below, limit: limit)
    }

    /// Runs `devinit up --trust` with these words to its end.
    func up(_ words: String..., environment extra: [String: String] = [:]) async throws -> Ended {
        try await run([Programs.devinit.text, "up", "--trust"] + words, environment: extra, limit: .seconds(150))
    }

    func run(
        _ arguments: [String], environment extra: [String: String] = [:], in below: String = ".",
        limit: Duration = .seconds(60), input: ProcessRequest.Input = .none
    ) async throws -> Ended {
        let result = try await result(
            of: arguments, environment: extra, in: below, limit: limit, input: input)
        return Ended(result, root: root, folder: folder, words: arguments.dropFirst().joined(separator: " "))
    }

    private func result(
        of arguments: [String], environment extra: [String: String] = [:], in below: String = ".", limit: Duration,
        input: ProcessRequest.Input = .none
    ) async throws -> ProcessResult {
        try await host.processes.run(
            ProcessRequest(
                arguments, environment: environment.merging(extra) { $1 }, folder: path(below).normalized,
                input: input, output: .captured(limit: 64 << 20), timeLimit: limit), onOutput: nil)
    }

    /// A line of shell in the workspace; fails the test when it fails.
    @discardableResult
    func shell(_ script: String) async throws -> String {
        let ended = try await run(["bash", "-euc", script])
        try #require(ended.status == 0, "\(script): \(ended.stderr)")
        return ended.stdout
    }

    /// Starts devinit and returns at once; the call ends with `ended()`.
    func start(
        _ words: String..., environment extra: [String: String] = [:], limit: Duration = .seconds(60)
    ) -> Running {
        let file = folder / "call-\(UInt32.random(in: 0...UInt32.max))"
        let said = Path("\(file).said")
        let script = "echo $$ >'\(file).new'; mv '\(file).new' '\(file)'; exec \"$@\" 2>'\(said)'"
        let arguments = ["sh", "-c", script, "sh", Programs.devinit.text] + words
        return Running(
            pidFile: file, saidFile: said, host: host,
            task: Task {
                let result = try await self.result(of: arguments, environment: extra, limit: limit)
                var told = result
                told.errorOutput = (try? self.host.files.read(said, limit: 1 << 20)) ?? []
                return Ended(told, root: self.root, folder: self.folder, words: words.joined(separator: " "))
            })
    }

    /// Runs devinit on a terminal of its own and types; what it shows on either stream is the standard output.
    func terminal(_ words: String..., typing: String, columns: Int = 80) async throws -> Ended {
        let line = ([Programs.devinit.text] + words).map { "'\($0)'" }.joined(separator: " ")
        return try await run(
            ["script", "-qfec", "stty cols \(columns) rows 40; exec \(line)", "/dev/null"],
            input: .bytes(Array(typing.utf8)))
    }

    /// Waits until something holds; false when it never does.
    func eventually(within limit: Duration = .seconds(30), _ holds: () -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while !holds() {
            if ContinuousClock.now > end { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    /// Starts `up` and returns once it has made that file.
    func upUntilThere(is file: String) async throws -> Running {
        let running = start("up", "--trust")
        #expect(try await eventually { exists(file) })
        return running
    }

    /// Kills an `up` once it has made that file; its children are left to themselves, as a crash leaves them.
    func upKilled(onceThereIs file: String) async throws {
        let running = try await upUntilThere(is: file)
        try await running.signal(9)
        try await running.ended().expect(status: 137)
    }
}
