import Base
import HostFakes
import HostInterfaces
import POSIXHost
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite(.serialized) struct HostTests {
    static let hosts = [Host.fake(), POSIXHost.host()]

    @Test(arguments: [0, 1]) func `digests are SHA-256`(_ index: Int) {
        let digests = Self.hosts[index].digests
        #expect(digests.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(digests.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        for length in [1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 1000] {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            #expect(digests.sha256(bytes) == Self.hosts[1].digests.sha256(bytes))
        }
    }

    @Test(arguments: [0, 1]) func `random bytes are as many as asked and not twice the same`(_ index: Int) {
        let randomness = Self.hosts[index].randomness
        #expect([0, 1, 7, 8, 33].map { randomness.bytes($0).count } == [0, 1, 7, 8, 33])
        #expect(randomness.bytes(32) != randomness.bytes(32))
    }

    @Test(arguments: [0, 1]) func `a cancelled sleep throws at once`(_ index: Int) async {
        let clock = Self.hosts[index].clock
        let task = Task { try await clock.sleep(for: .seconds(60)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test(arguments: [0, 1]) func `a host knows where and on what it runs`(_ index: Int) {
        let host = Self.hosts[index]
        #expect(host.currentFolder.isAbsolute && host.files.isFolder(host.currentFolder))
        #expect(host.machine.home.isAbsolute)
        #expect(host.machine.cores >= 1 && host.machine.memory > 1 << 20 && !host.machine.identity.isEmpty)
        #expect(["linux", "macos"].contains(host.machine.operatingSystem))
        #expect(["x86_64", "arm64"].contains(host.machine.architecture))
        #expect(host.environment["PATH"]?.isEmpty == false)
    }

    @Test func `building the host takes no time worth naming`() {
        let begin = Moments.now
        for _ in 0..<20 { _ = POSIXHost.host() }
        let each = (Moments.now - begin) / 20
        print("a host: \(each * 1000) ms")
        #expect(each < 0.005)
    }

    @Test func `time in a fake passes only when a test says so`() async throws {
        let clock = FakeClock()
        let task = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(9))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        try await task.value
        #expect(clock.monotonicSeconds == 10)
    }

    @Test func `a program that no script covers is refused and remembered`() async throws {
        let processes = FakeProcesses()
        processes.on(["git", "status"], output: "clean\n")
        let known = ProcessRequest(["git", "status"], environment: [:], folder: "/")
        let unknown = ProcessRequest(["rm", "-rf", "/"], environment: [:], folder: "/")
        #expect(try await processes.run(known, onOutput: nil).text == "clean\n")
        await #expect(throws: ProcessError.self) { try await processes.run(unknown, onOutput: nil) }
        #expect(processes.unscripted == [["rm", "-rf", "/"]])
        #expect(throws: ProcessError.self) { try processes.startDetached(unknown, log: "/log") }
    }

    @Test func `a fake disk fails on demand and forgets what was not synchronized`() throws {
        let files = FakeFiles(["/a/file": "old"])
        files.fail(.replace, at: "/a/file", code: FakeCode.noAccess, times: 1)
        #expect(throws: SystemError.self) { try files.replace("/a/file", with: [1], mode: 0o600) }
        files.limitCapacity(to: 10)
        #expect(throws: SystemError.self) {
            try files.replace("/a/file", with: Array(repeating: 1, count: 8), mode: 0o600)
        }
        #expect(files.text(of: "/a/file") == "old")
        let journal = try files.append(to: "/a/journal", mode: 0o600)
        try journal.append([65])
        try journal.synchronize()
        try journal.append([66])
        _ = try files.append(to: "/a/lost", mode: 0o600)
        files.losePower()
        #expect(files.snapshot == ["/a": "/", "/a/file": "old", "/a/journal": "A"])
        files.makeReadOnly("/a")
        #expect(throws: SystemError.fake("replace", "/a/file", FakeCode.readOnly)) {
            try files.replace("/a/file", with: [], mode: 0o600)
        }
    }

    @Test func `a signal arrives as a value, and its default action comes back`() async throws {
        let (signals, continuation) = AsyncStream.makeStream(of: HostSignal.self)
        let source = SignalSource([.resized, .hangUp]) { continuation.yield($0) }
        kill(getpid(), SIGWINCH)
        var received: HostSignal?
        for await signal in signals {
            received = signal
            break
        }
        #expect(received == .resized)
        source.stop()
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        #if canImport(Glibc)
            #expect(action.__sigaction_handler.sa_handler == nil)
        #endif
    }

    @Test func `a hidden answer is not shown, and showing comes back`() async throws {
        let terminal = try #require(PseudoTerminal())
        defer { terminal.close() }
        let task = Task { await POSIXHost.host().terminal.ask("", hidden: true) }
        while terminal.echoes { try await Task.sleep(for: .milliseconds(5)) }
        terminal.type("se\u{7f}ecret\n")
        #expect(await task.value == "secret")
        #expect(terminal.echoes)
        #expect(!terminal.screen().contains("ecret"))
    }

    @Test func `a question whose task is cancelled is over, and its typing shown again`() async throws {
        let terminal = try #require(PseudoTerminal())
        defer { terminal.close() }
        let task = Task { await POSIXHost.host().terminal.ask("", hidden: true) }
        while terminal.echoes { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value == nil)
        #expect(terminal.echoes)
    }

    @Test func `what follows the answer is left for others, and the end of input is nil`() async throws {
        let terminal = try #require(PseudoTerminal())
        defer { terminal.close() }
        terminal.type("one\ntwo\n\u{4}")
        let real = POSIXHost.host().terminal
        #expect(await real.ask("", hidden: false) == "one")
        #expect(await real.ask("", hidden: false) == "two")
        #expect(await real.ask("", hidden: false) == nil)
    }
}

#if canImport(Glibc)
    // Swift's Glibc leaves them out.
    @_silgen_name("posix_openpt") private func posix_openpt(_ flags: Int32) -> Int32
    @_silgen_name("grantpt") private func grantpt(_ descriptor: Int32) -> Int32
    @_silgen_name("unlockpt") private func unlockpt(_ descriptor: Int32) -> Int32
    @_silgen_name("ptsname") private func ptsname(_ descriptor: Int32) -> UnsafeMutablePointer<CChar>?
#endif

/// A terminal in the place of standard input, until it is closed.
private struct PseudoTerminal {
    let main: Int32
    let kept: Int32

    init?() {
        main = posix_openpt(O_RDWR | O_NOCTTY)
        guard main >= 0, grantpt(main) == 0, unlockpt(main) == 0, let name = ptsname(main) else { return nil }
        let side = open(name, O_RDWR | O_NOCTTY)
        guard side >= 0 else { return nil }
        kept = dup(STDIN_FILENO)
        dup2(side, STDIN_FILENO)
        _ = sysClose(side)
    }

    func type(_ text: String) { _ = text.withCString { write(main, $0, strlen($0)) } }

    var echoes: Bool {
        var state = termios()
        tcgetattr(STDIN_FILENO, &state)
        return state.c_lflag & tcflag_t(ECHO) != 0
    }

    func screen() -> String {
        _ = fcntl(main, F_SETFL, O_NONBLOCK)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(main, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    func close() {
        dup2(kept, STDIN_FILENO)
        _ = sysClose(kept)
        _ = sysClose(main)
    }

    private func sysClose(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }
}
