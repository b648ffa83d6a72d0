import Base
import CSpawn
import HostInterfaces
import Synchronization
import Testing

@testable import POSIXHost

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct ChildRegistryTests {
    let registry = ChildRegistry()

    /// Starts it as `run` does, but lets a while pass between its first moment and the one at which it is listed.
    func start(_ script: String, leadsGroup: Bool = true, lingering: UInt32 = 0, begun: Mark = Mark()) async -> pid_t? {
        await Blocking.run { [registry] in
            try? registry.start(leadsGroup: leadsGroup) { () throws(ProcessError) in
                begun.set()
                let request = ProcessRequest(
                    ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"], folder: "/tmp")
                let place = leadsGroup ? devinit_spawn_own_group : devinit_spawn_same_group
                let child = try Spawn.start(request, streams: Spawn.Streams(), place: place)
                usleep(lingering)
                return child
            }
        }
    }

    func end(_ child: pid_t) {
        kill(child, SIGKILL)
        _ = devinit_reap(child)
        registry.remove(child)
    }

    /// The kernel's letter for what it does; waits for that one, a second at most.
    func state(_ child: pid_t, awaiting letter: Character) -> Character? {
        var state: Character?
        for _ in 0..<200 where state != letter {
            state = POSIXHost.host().files.text(of: Path("/proc/\(child)/stat"))?.split(separator: ") ").last?.first
            usleep(5_000)
        }
        return state
    }

    @Test func `a child that is being started while all are stopped is stopped too`() async throws {
        let begun = Mark()
        async let started = start("exec sleep 60", lingering: 200_000, begun: begun)
        while !begun.isSet { try await Task.sleep(for: .milliseconds(1)) }
        await Blocking.run { [registry] in registry.withAll { $0.signal(SIGTSTP) } }
        let child = try #require(await started)
        defer { end(child) }
        #expect(state(child, awaiting: "T") == "T")
        registry.withAll { $0.signal(SIGCONT) }
        #expect(state(child, awaiting: "S") == "S")
    }

    @Test func `no child is started while all others are stopped`() async throws {
        let begun = Mark()
        async let started = Blocking.run { [self] in
            registry.withAll { _ in
                Blocking.detach { Task { if let child = await start("exec sleep 60", begun: begun) { end(child) } } }
                usleep(100_000)
                return begun.isSet
            }
        }
        #expect(await started == false)
        for _ in 0..<1_000 where !begun.isSet { try await Task.sleep(for: .milliseconds(5)) }
        #expect(begun.isSet, "it was to start afterwards")
    }

    @Test func `a stopped child whose time is over is not continued alone`() async throws {
        let child = try #require(await start("exec sleep 60"))
        defer { end(child) }
        let isStopped = await Blocking.run { [self] in
            registry.withAll { children in
                children.signal(SIGTSTP)
                Blocking.detach { registry.send([SIGCONT], to: -child) }
                usleep(100_000)
                return state(child, awaiting: "T") == "T"
            }
        }
        #expect(isStopped)
        #expect(state(child, awaiting: "S") == "S")
    }

    @Test func `a start that hangs does not hold up the second Ctrl-C`() async throws {
        let begun = Mark()
        async let started = start("exec sleep 60", lingering: 4_000_000, begun: begun)
        while !begun.isSet { try await Task.sleep(for: .milliseconds(1)) }
        let moment = Moment.now
        await Blocking.run { [registry] in registry.withAll { $0.signal(SIGKILL) } }
        #expect(Moment.now - moment < 3_000_000_000)
        if let child = await started { end(child) }
    }

    @Test func `starts that go on and on do not hold up a stop`() async throws {
        let isOver = Mark()
        async let starts: Void = withTaskGroup(of: Void.self) { group in
            for number in 1...4 {
                group.addTask {
                    await Blocking.run { [registry] in
                        for _ in 0..<15_000 where !isOver.isSet {
                            _ = registry.start(leadsGroup: true) { () throws(Never) -> pid_t in
                                usleep(2_000)
                                return pid_t(number)
                            }
                            registry.remove(pid_t(number))
                        }
                    }
                }
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        let moment = Moment.now
        await Blocking.run { [registry] in registry.withAll { _ in } }
        let waited = Moment.now - moment
        isOver.set()
        await starts
        #expect(waited < 15_000_000_000)
    }

    @Test func `a child that shares our group hears of a stop that came from no terminal`() async throws {
        let child = try #require(
            await start("trap 'exit 7' TSTP; while :; do sleep 0.02; done", leadsGroup: false))
        defer { registry.remove(child) }
        // Again and again: the first may come before the trap is set, and nothing stops where no shell could continue it.
        for _ in 0..<200 where devinit_child_state(child) != devinit_child_ended {
            registry.withAll { children in
                children.signal(SIGTSTP)
                children.signal(SIGCONT)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        kill(child, SIGKILL)
        #expect(devinit_reap(child) == 7)
    }

    @Test func `killing all children ends runs at once`() async throws {
        let request = ProcessRequest(
            ["sh", "-c", "trap '' TERM; sleep 60"], environment: ["PATH": "/usr/bin:/bin"], folder: "/tmp")
        let processes = POSIXProcesses(registry: registry)
        let task = Task { try await processes.run(request, onOutput: nil) }
        try await Task.sleep(for: .milliseconds(150))
        registry.withAll { $0.signal(SIGKILL) }
        #expect(try await task.value.end == .signalled(9))
    }
}
