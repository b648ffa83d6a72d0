import Execution
import Testing

@Suite struct ScheduleTests {
    func id(_ name: String) -> NodeID { NodeID("step", name) }

    func node(
        _ name: String, needs: [String] = [], pool: Pool = .processor, locks: [String] = [], seconds: Double = 1,
        failed: Bool = false
    ) -> ExecutionNode {
        ExecutionNode(
            id(name), edges: needs.map { Edge(id($0), "test") }, pool: pool, locks: locks, expectedSeconds: seconds,
            failedLastTime: failed)
    }

    func schedule(_ nodes: [ExecutionNode], jobs: Int = 2, failFast: Bool = false) throws -> Schedule {
        Schedule(try ExecutionGraph(nodes), limits: .init(processor: jobs, failFast: failFast))
    }

    let done = NodeResult(.done, "")
    let failed = NodeResult(.failed, "broke")

    @Test func `a node starts as soon as its own needs are done and not when a phase is`() throws {
        var schedule = try schedule([node("a"), node("b", seconds: 9), node("c", needs: ["a"])])
        #expect(Set(schedule.handle(.begin)) == [.start(id("a")), .start(id("b"))])
        #expect(schedule.handle(.finished(id("a"), done)) == [.start(id("c"))])
    }

    @Test func `the longest remaining path goes first`() throws {
        var schedule = try schedule(
            [node("short"), node("long"), node("after", needs: ["long"], seconds: 50)], jobs: 1)
        #expect(schedule.handle(.begin) == [.start(id("long")), .hold(id("short"))])
    }

    @Test func `what failed last time goes first, with all that it needs`() throws {
        var schedule = try schedule(
            [
                node("long", seconds: 500), node("tool"), node("broken", needs: ["tool"], failed: true),
                node("after", needs: ["long"], seconds: 900),
            ], jobs: 1)
        #expect(schedule.handle(.begin) == [.start(id("tool")), .hold(id("long"))])
        #expect(schedule.handle(.finished(id("tool"), done)) == [.start(id("broken"))])
        #expect(schedule.handle(.finished(id("broken"), done)) == [.start(id("long"))])
    }

    @Test func `clones hold up no service, and twenty services start together`() throws {
        let clones = (0..<12).map { node("clone\($0)", pool: .network, seconds: 100) }
        let services = (0..<20).map { node("service\($0)", pool: .waiting) }
        var schedule = try schedule(clones + services + [node("step")], jobs: 1)
        let started = schedule.handle(.begin).compactMap { if case .start(let id) = $0 { id.name } else { nil } }
        #expect(started.count { $0.hasPrefix("service") } == 20)
        #expect(started.count { $0.hasPrefix("clone") } == 8)
        #expect(started.contains("step"))
        var alone = try self.schedule([node("service", pool: .waiting), node("login", pool: .interactive)])
        let first = alone.handle(.begin).compactMap { if case .start(let id) = $0 { id.name } else { nil } }
        #expect(first.count == 1, "what has the terminal has it alone")
    }

    @Test func `a thousand ready nodes start in order, and the wait of each is told once`() throws {
        let nodes = (0..<1000).map { node("n\($0)", seconds: Double(($0 * 7919) % 1000)) }
        var schedule = try schedule(nodes, jobs: 1)
        var commands = schedule.handle(.begin)
        var started: [Double] = []
        var held = 0
        while true {
            held += commands.count { if case .hold = $0 { true } else { false } }
            let next = commands.compactMap { if case .start(let id) = $0 { id } else { nil } }
            guard let id = next.first else { break }
            started.append(Double((Int(id.name.dropFirst())! * 7919) % 1000))
            commands = schedule.handle(.finished(id, done))
        }
        #expect(started == (0..<1000).reversed().map(Double.init))
        #expect(held == 999)
    }

    @Test func `a failure skips what needs it and nothing else`() throws {
        var schedule = try schedule([node("a"), node("b", needs: ["a"]), node("c", needs: ["b"]), node("d")], jobs: 1)
        #expect(schedule.handle(.begin) == [.start(id("a")), .hold(id("d"))])
        let commands = schedule.handle(.finished(id("a"), failed))
        #expect(commands.contains(.start(id("d"))))
        let settled = commands.compactMap {
            if case .settle(let id, let result) = $0 { (id.name, result.status) } else { nil }
        }
        #expect(settled.map(\.0) == ["b", "c"])
        #expect(settled.allSatisfy { $0.1 == .skipped })
        #expect(schedule.handle(.finished(id("d"), done)) == [.conclude])
    }

    @Test func `a node that was given up because of another one does not satisfy what needs it`() throws {
        var schedule = try schedule([node("a"), node("b", needs: ["a"])])
        _ = schedule.handle(.begin)
        let commands = schedule.handle(.finished(id("a"), NodeResult(.skipped, "host is away", cause: id("other"))))
        #expect(
            commands == [
                .settle(id("b"), NodeResult(.skipped, "needs step:a, which was not done", cause: id("a"))), .conclude,
            ])
    }

    @Test func `a node that does not apply satisfies what needs it`() throws {
        var schedule = try schedule([node("a"), node("b", needs: ["a"])])
        _ = schedule.handle(.begin)
        #expect(schedule.handle(.finished(id("a"), NodeResult(.skipped, "only on macos"))) == [.start(id("b"))])
    }

    @Test func `steps that share a lock never overlap`() throws {
        var schedule = try schedule([node("a", locks: ["npm"]), node("b", locks: ["npm"])], jobs: 8)
        #expect(schedule.handle(.begin) == [.start(id("a")), .hold(id("b"))])
        #expect(schedule.handle(.finished(id("a"), done)) == [.start(id("b"))])
    }

    @Test func `an interactive node has the terminal to itself`() throws {
        var schedule = try schedule([node("a"), node("talk", pool: .interactive)], jobs: 8)
        #expect(schedule.handle(.begin) == [.start(id("a")), .hold(id("talk"))])
        #expect(schedule.handle(.finished(id("a"), done)) == [.start(id("talk"))])
    }

    @Test func `after an interrupt nothing new starts and the run ends with what was running`() throws {
        var schedule = try schedule([node("a"), node("b", needs: ["a"])])
        _ = schedule.handle(.begin)
        #expect(schedule.handle(.interrupted).count == 1)
        #expect(schedule.handle(.finished(id("a"), done)) == [.conclude])
    }

    @Test func `fail fast stops what has not started`() throws {
        var schedule = try schedule([node("a"), node("b"), node("c")], jobs: 2, failFast: true)
        #expect(schedule.handle(.begin).count == 3)
        #expect(schedule.handle(.finished(id("a"), failed)).contains { if case .settle = $0 { true } else { false } })
        #expect(schedule.handle(.finished(id("b"), done)) == [.conclude])
    }

    @Test func `nodes that come in mid-run wait for those that are there`() throws {
        var schedule = try schedule([node("repo")])
        _ = schedule.handle(.begin)
        #expect(schedule.handle(.grew([node("inner", needs: ["repo"])])).isEmpty)
        #expect(schedule.handle(.finished(id("repo"), done)) == [.start(id("inner"))])
    }

    @Test func `nodes that come in and wait for each other fail at once and the run ends`() throws {
        var schedule = try schedule([node("a")])
        _ = schedule.handle(.begin)
        let commands = schedule.handle(.grew([node("x", needs: ["y"]), node("y", needs: ["x"])]))
        let failed = commands.compactMap { command -> NodeID? in
            if case .settle(let id, let result) = command, result.status == .failed { id } else { nil }
        }
        #expect(failed == [id("x"), id("y")])
        #expect(schedule.handle(.finished(id("a"), done)) == [.conclude])
    }

    @Test func `what comes in behind a failure is skipped and the run ends`() throws {
        var schedule = try schedule([node("a"), node("b")], jobs: 1)
        _ = schedule.handle(.begin)
        _ = schedule.handle(.finished(id("a"), failed))
        let commands = schedule.handle(.grew([node("late", needs: ["a"])]))
        #expect(commands.contains { if case .settle(let id, _) = $0 { id.name == "late" } else { false } })
        #expect(schedule.handle(.finished(id("b"), done)) == [.conclude])
    }

    @Test func `a node that comes in twice at once is done once and the run ends`() throws {
        var schedule = try schedule([node("a")])
        _ = schedule.handle(.begin)
        #expect(schedule.handle(.grew([node("b"), node("b")])) == [.start(id("b"))])
        #expect(schedule.handle(.finished(id("a"), done)).isEmpty)
        #expect(schedule.handle(.finished(id("b"), done)) == [.conclude])
    }

    @Test func `an empty graph ends at once`() throws {
        var schedule = try schedule([])
        #expect(schedule.handle(.begin) == [.conclude])
    }

    @Test func `a cycle is named in its order`() {
        do {
            _ = try ExecutionGraph([node("a", needs: ["b"]), node("b", needs: ["a"])])
            Issue.record("a cycle must be refused")
        } catch {
            #expect(error.nodes == [id("a"), id("b")])
        }
    }
}
