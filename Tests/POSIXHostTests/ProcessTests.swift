import Base
import HostInterfaces
import POSIXHost
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite(.serialized) struct ProcessTests {
    let host = POSIXHost.host()

    func run(
        _ arguments: [String], input: ProcessRequest.Input = .none,
        output: ProcessRequest.Output = .captured(limit: 1 << 20), timeLimit: Duration? = .seconds(20),
        grace: Duration = .seconds(5), onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)? = nil
    ) async throws -> ProcessResult {
        let request = ProcessRequest(
            arguments, environment: ["PATH": "/usr/bin:/bin", "WORD": "a word"], folder: "/tmp", input: input,
            output: output, timeLimit: timeLimit, grace: grace)
        return try await host.processes.run(request, onOutput: onOutput)
    }

    func shell(_ script: String, timeLimit: Duration? = .seconds(20), grace: Duration = .seconds(5)) async throws
        -> ProcessResult
    {
        try await run(["sh", "-c", script], timeLimit: timeLimit, grace: grace)
    }

    @Test func `output, error, status, folder and environment arrive`() async throws {
        let result = try await shell("echo out $WORD; pwd; echo err >&2; exit 3")
        #expect(result.end == .exited(3))
        #expect(result.text == "out a word\n/tmp\n")
        #expect(result.errorText == "err\n")
    }

    @Test func `a signal is told from a status`() async throws {
        #expect(try await shell("kill -9 $$").end == .signalled(9))
    }

    @Test func `a missing program, a missing folder and a file that is no program are told apart`() async throws {
        await #expect(throws: ProcessError.programNotFound("no-such-program")) { try await run(["no-such-program"]) }
        await #expect(throws: ProcessError.notExecutable("/etc/passwd")) { try await run(["/etc/passwd"]) }
        let lost = ProcessRequest(["true"], environment: [:], folder: "/no/such")
        await #expect(throws: ProcessError.folderMissing("/no/such")) {
            try await host.processes.run(lost, onOutput: nil)
        }
    }

    @Test func `a script without a first line runs in sh`() async throws {
        let script = Path("/tmp/devinit-test-\(getpid())-script")
        defer { try? host.files.remove(script) }
        try host.files.replace(script, with: Array("echo $1".utf8), mode: 0o755)
        #expect(try await run([script.text, "hello"]).text == "hello\n")
    }

    @Test func `a missing interpreter is not a missing program`() async throws {
        let script = Path("/tmp/devinit-test-\(getpid())-interpreter")
        defer { try? host.files.remove(script) }
        try host.files.replace(script, with: Array("#!/no/such\n".utf8), mode: 0o755)
        do {
            _ = try await run([script.text])
            Issue.record("it ran")
        } catch ProcessError.failed(let error) {
            #expect(error.reason.contains("interpreter"))
        }
    }

    @Test func `both pipes are drained at once and the last bytes kept`() async throws {
        let script = "i=0; while [ $i -lt 3000 ]; do printf '%0100d' $i; printf '%0100d' $i >&2; i=$((i+1)); done"
        let result = try await run(["sh", "-c", script], output: .captured(limit: 1000))
        #expect(result.end == .exited(0))
        #expect(result.output.count == 1000)
        #expect(result.text.hasSuffix("2999"))
        #expect(result.errorOutput.count == 1000)
    }

    @Test func `every byte is handed over in order`() async throws {
        let seen = Mutex<[UInt8]>([])
        let result = try await run(["seq", "1", "50000"], output: .captured(limit: 10)) { stream, bytes in
            if stream == .output { seen.withLock { $0 += bytes } }
        }
        let expected = (1...50000).map(String.init).joined(separator: "\n") + "\n"
        #expect(seen.withLock { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(result.text == String(expected.suffix(10)))
    }

    @Test func `a large input that comes back does not deadlock`() async throws {
        let input = [UInt8](repeating: 97, count: 3_000_000)
        let result = try await run(["cat"], input: .bytes(input), output: .captured(limit: 4_000_000))
        #expect(result.output == input)
    }

    @Test func `a child that does not read its input is no error`() async throws {
        let result = try await run(["true"], input: .bytes([UInt8](repeating: 97, count: 1_000_000)))
        #expect(result.end == .exited(0))
    }

    @Test func `without input the child reads nothing`() async throws {
        #expect(try await run(["cat"]).output == [])
        let name = try host.files.read("/etc/hostname", limit: 99)
        #expect(try await run(["cat"], input: .file("/etc/hostname")).output == name)
    }

    @Test func `standard output goes to a file that only the owner reads`() async throws {
        let file = Path("/tmp/devinit-test-\(getpid())-output")
        defer { try? host.files.remove(file) }
        let result = try await run(["sh", "-c", "echo one; echo two >&2"], output: .file(file, limit: 100))
        #expect(host.files.text(of: file) == "one\n")
        #expect(result.errorText == "two\n")
        let status = try host.files.status(of: file, followingLinks: true)
        #expect(status?.mode == 0o600)
    }

    @Test func `a child has default signals, an empty mask, its own group and no descriptor of ours`() async throws {
        let held = open("/dev/null", O_RDONLY)
        defer { close(held) }
        let script = "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; ls /proc/self/fd | wc -l; ps -o pid=,pgid= -p $$"
        let result = try await shell(script)
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(lines[0].hasSuffix("0000000000000000"))
        // glibc's posix_spawn ignores the two signals (32, 33) that it keeps for its own threads.
        let ignored = UInt64(lines[1].suffix(16), radix: 16)
        #expect(ignored.map { $0 & ~0x1_8000_0000 } == 0)
        // ls itself holds 0 to 2 and the folder that it lists.
        #expect(lines[3].filter(\.isNumber) == "4")
        if lines.count > 4 {
            let ids = lines[4].split(separator: " ")
            #expect(ids[0] == ids[1])
        }
    }

    @Test func `the time limit ends the whole group, even one that ignores TERM`() async throws {
        let polite = try await shell("sleep 60 & sleep 60", timeLimit: .milliseconds(100))
        #expect(polite.end == .timedOut)
        #expect(polite.seconds < 2)
        let stubborn = try await shell(
            "trap '' TERM; echo started; while :; do sleep 0.05; done", timeLimit: .milliseconds(200),
            grace: .milliseconds(200))
        #expect(stubborn.end == .timedOut)
        #expect(stubborn.text == "started\n")
        #expect(stubborn.seconds < 2)
    }

    @Test func `a child that ends politely within the grace is heard to the end`() async throws {
        let result = try await shell(
            "trap 'echo bye; exit 0' TERM; while :; do sleep 0.02; done", timeLimit: .milliseconds(150))
        #expect(result.end == .timedOut)
        #expect(result.text == "bye\n")
    }

    @Test func `cancelling the task ends the group`() async throws {
        let task = Task { try await shell("sleep 60 & echo $!; wait", timeLimit: nil) }
        try await Task.sleep(for: .milliseconds(150))
        task.cancel()
        let result = try await task.value
        #expect(result.end == .cancelled)
        let sleeper = try #require(Int32(result.text.filter(\.isNumber)))
        #expect(isGone(sleeper))
    }

    @Test func `a cancelled task starts nothing`() async throws {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await shell("echo ran")
        }
        task.cancel()
        #expect(try await task.value == ProcessResult(end: .cancelled))
    }

    @Test func `a grandchild that holds the pipe neither hangs the run nor outlives it`() async throws {
        let result = try await shell("sleep 60 & echo $!")
        #expect(result.end == .exited(0))
        #expect(result.seconds < 1)
        let sleeper = try #require(Int32(result.text.filter(\.isNumber)))
        #expect(isGone(sleeper))
    }

    @Test func `a grandchild that ignores TERM is killed after a normal end`() async throws {
        let result = try await shell(
            "(trap '' TERM; while :; do sleep 0.05; done) & echo $!", grace: .milliseconds(100))
        #expect(result.end == .exited(0))
        #expect(result.seconds < 1.5)
        let stubborn = try #require(Int32(result.text.filter(\.isNumber)))
        #expect(isGone(stubborn))
    }

    @Test func `a stopped child hears TERM too`() async throws {
        let result = try await shell("kill -STOP $$", timeLimit: .milliseconds(200))
        #expect(result.end == .timedOut)
        #expect(result.seconds < 2)
    }

    /// Children of ours that have ended, wait to be reaped, and run that program: detached ones of other suites are
    /// not counted.
    func zombies(of program: String) throws -> Int {
        try host.files.entries(of: "/proc").count { entry in
            guard Int(entry.name) != nil, let text = host.files.text(of: Path("/proc") / entry.name / "stat") else {
                return false
            }
            let fields = text.split(separator: " ")
            return fields.count > 3 && fields[1] == "(\(program))" && fields[2] == "Z" && fields[3] == "\(getpid())"
        }
    }

    @Test func `ten thousand runs leave no descriptor and no zombie behind`() async throws {
        _ = try await run(["true"])
        let before = try openDescriptors()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<5000 {
                        let result = try await run(["true"])
                        #expect(result.succeeded)
                    }
                }
            }
            try await group.waitForAll()
        }
        let after = try openDescriptors()
        // Other suites open files at the same time; a leak would be thousands.
        #expect(after <= before + 100)
        #expect(try zombies(of: "true") == 0)
    }

    @Test func `a detached program stays, is recognised and is ended with its group`() async throws {
        let log = Path("/tmp/devinit-test-\(getpid())-log")
        defer { try? host.files.remove(log) }
        let request = ProcessRequest(
            ["sh", "-c", "cat; sleep 60 & sleep 60"], environment: ["PATH": "/usr/bin:/bin"], folder: "/tmp",
            input: .bytes(Array("fed\n".utf8)))
        let identity = try host.processes.startDetached(request, log: log)
        #expect(host.processes.isRunning(identity))
        #expect(getsid(identity.id) == identity.id)
        #expect(!host.processes.isRunning(ProcessIdentity(id: identity.id, startTime: identity.startTime + 1)))
        try await Task.sleep(for: .milliseconds(150))
        #expect(host.files.text(of: log) == "fed\n")
        await host.processes.end(ProcessIdentity(id: identity.id, startTime: identity.startTime + 1), grace: .zero)
        #expect(host.processes.isRunning(identity))
        await host.processes.end(identity, grace: .seconds(5))
        #expect(!host.processes.isRunning(identity))
        #expect(kill(-identity.id, 0) == -1 || isGone(identity.id))
    }

    @Test func `a detached program that ended by itself is not running`() async throws {
        let log = Path("/tmp/devinit-test-\(getpid())-short-log")
        defer { try? host.files.remove(log) }
        let request = ProcessRequest(["true"], environment: ["PATH": "/usr/bin:/bin"], folder: "/tmp")
        let identity = try host.processes.startDetached(request, log: log)
        try await Task.sleep(for: .milliseconds(100))
        #expect(!host.processes.isRunning(identity))
        var status: Int32 = 0
        #expect(waitpid(identity.id, &status, WNOHANG) == -1)
    }

    @Test func `programs are found as execvp finds them`() async throws {
        let folder = Path("/tmp/devinit-test-\(getpid())-find")
        defer { try? host.files.removeTree(folder) }
        try host.files.makeFolder(folder / "a", mode: 0o755)
        try host.files.makeFolder(folder / "b/tool", mode: 0o755)
        try host.files.replace(folder / "a/tool", with: [], mode: 0o644)
        try host.files.replace(folder / "tool", with: [], mode: 0o755)
        let find = host.processes.find
        #expect(find("tool", "\(folder)/a:\(folder)/b", "/" as Path) == nil)
        #expect(find("tool", "\(folder)/a:\(folder)/b:\(folder)", "/" as Path) == folder / "tool")
        #expect(find("tool", "a:", folder) == folder / "tool")
        #expect(find("./tool", "", folder).map(\.normalized) == folder / "tool")
        #expect(find("", "/bin", folder) == nil)
    }

    private func openDescriptors() throws -> Int { try host.files.entries(of: "/proc/self/fd").count }

    /// No more than a zombie: process 1 of a container may not reap.
    private func isGone(_ process: Int32) -> Bool {
        guard let text = host.files.text(of: Path("/proc/\(process)/stat")) else { return true }
        return text.contains(") Z")
    }
}
