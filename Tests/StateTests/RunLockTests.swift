import Base
import HostFakes
import HostInterfaces
import POSIXHost
import State
import Testing

@Suite struct RunLockTests {
    private let me = RunLock.Holder(pid: 42, command: "devinit up", startedAt: 1_700_000_000)

    private func lock(_ outcome: RunLock.Outcome) -> RunLock? {
        if case .acquired(let lock) = outcome { lock } else { nil }
    }

    private func holder(_ outcome: RunLock.Outcome) -> RunLock.Holder? {
        if case .held(let holder) = outcome { holder } else { nil }
    }

    @Test func `a second run is told who holds the lock after it waited`() async throws {
        let workspace = Workspace()
        let held = lock(try await RunLock.acquire(in: workspace.folder, host: workspace.host, as: me))
        #expect(held != nil)
        let (folder, host, clock, me) = (workspace.folder, workspace.host, workspace.clock, me)
        let second = Task { try await RunLock.acquire(in: folder, host: host, as: me, waiting: .seconds(10)) }
        for _ in 0..<100 {
            await clock.waitForSleepers(1)
            clock.advance(by: .milliseconds(101))
        }
        #expect(holder(try await second.value) == me)
        held?.release()
        #expect(RunLock.holder(in: folder, host: host) == nil)
        #expect(lock(try await RunLock.acquire(in: folder, host: host, as: me, waiting: .zero)) != nil)
    }

    @Test func `a waiting run goes on as soon as the lock is free`() async throws {
        let workspace = Workspace()
        let (folder, host, clock, me) = (workspace.folder, workspace.host, workspace.clock, me)
        let held = lock(try await RunLock.acquire(in: folder, host: host, as: me))
        let second = Task { try await RunLock.acquire(in: folder, host: host, as: me) }
        await clock.waitForSleepers(1)
        held?.release()
        clock.advance(by: .milliseconds(100))
        #expect(lock(try await second.value) != nil)
    }

    @Test func `what a dead holder left written blocks nobody`() async throws {
        let workspace = Workspace()
        workspace.files.add(workspace.folder.path / "lock", #"{"pid":99999,"command":"devinit up","started_at":1}"#)
        let outcome = try await RunLock.acquire(in: workspace.folder, host: workspace.host, as: me, waiting: .zero)
        #expect(lock(outcome) != nil)
        #expect(RunLock.holder(in: workspace.folder, host: workspace.host)?.pid == 42)
    }

    @Test func `the kernel's lock holds, with the holder's name in the locked file`() async throws {
        var host = POSIXHost.host()
        let place = Path("/tmp/devinit-lock-\(UInt64.random(in: 0...UInt64.max))")
        host.environment["XDG_STATE_HOME"] = place.text
        let folder = StateFolder(host: host, workspaceRoot: place)
        let first = lock(try await RunLock.acquire(in: folder, host: host, as: me))
        #expect(first != nil)
        #expect(holder(try await RunLock.acquire(in: folder, host: host, as: me, waiting: .milliseconds(150))) == me)
        first?.release()
        let second = lock(try await RunLock.acquire(in: folder, host: host, as: me, waiting: .zero))
        #expect(second != nil)
        second?.release()
        try host.files.removeTree(place)
    }

    @Test func `concurrent runs get the lock one at a time`() async throws {
        var host = POSIXHost.host()
        let place = Path("/tmp/devinit-lock-\(UInt64.random(in: 0...UInt64.max))")
        host.environment["XDG_STATE_HOME"] = place.text
        let (folder, real, me) = (StateFolder(host: host, workspaceRoot: place), host, me)
        try folder.prepare()
        let won = await withTaskGroup(of: RunLock?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    guard let outcome = try? await RunLock.acquire(in: folder, host: real, as: me, waiting: .zero),
                        case .acquired(let lock) = outcome
                    else { return nil }
                    return lock
                }
            }
            var locks: [RunLock] = []
            for await lock in group { if let lock { locks.append(lock) } }
            return locks
        }
        #expect(won.count == 1)
        won.first?.release()
        try host.files.removeTree(place)
    }
}
