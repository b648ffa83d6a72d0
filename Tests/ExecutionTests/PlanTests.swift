import Base
import Execution
import Testing

@Suite struct PlanTests {
    func node(_ name: String, needs: [String] = [], seconds: Double = 1) -> ExecutionNode {
        ExecutionNode(
            NodeID("step", name), edges: needs.map { Edge(NodeID("step", $0), "test") }, expectedSeconds: seconds)
    }

    func plan(_ assessments: [Assessment], seconds: Double? = nil) -> Plan {
        Plan(
            entries: assessments.enumerated().map {
                .init(node: node("\($0)", needs: $0 == 0 ? [] : ["0"]), assessment: $1)
            }, criticalPath: [NodeID("step", "0")], expectedSeconds: seconds)
    }

    @Test(arguments: [
        (Assessment.upToDate("same"), "none", "same", false),
        (.work(.create, "missing"), "create", "missing", true), (.work(.run, "changed"), "run", "changed", true),
        (.unknown("after a clone"), "unknown", "after a clone", true),
        (.skipped("only on macOS"), "skip", "only on macOS", false),
        (.blocked(NodeFailure(.network, "no route")), "blocked", "no route", true),
    ])
    func `what a look found is told in the plan's words, and only work counts as work`(
        found: Assessment, action: String, reason: String, isWork: Bool
    ) {
        let plan = plan([found])
        #expect(plan.json["nodes"]?.array?.first?["action"]?.string == action)
        #expect(plan.json["nodes"]?.array?.first?["reason"]?.string == reason)
        #expect(plan.hasWork == isWork)
    }

    @Test func `the plan's document names needs, the longest chain and a time only where one is known`() {
        let json = plan([.upToDate("same"), .work(.run, "changed")], seconds: 2.5).json
        #expect(json["schema"] == "devinit.plan/1")
        #expect(json["nodes"]?.array?.map { $0["id"]?.string } == ["step:0", "step:1"])
        #expect(json["nodes"]?.array?.map { $0["kind"]?.string } == ["step", "step"])
        #expect(json["nodes"]?.array?.map { $0["needs"] } == [[], ["step:0"]])
        #expect(json["critical_path"] == ["step:0"] && json["eta_seconds"]?.number == 2.5)
        #expect(plan([]).json["eta_seconds"] == .null && !plan([]).hasWork)
    }

    @Test func `the longest chain goes by time and not by length, and edges that lead nowhere count for nothing`()
        throws
    {
        let graph = try ExecutionGraph([
            node("long", seconds: 9), node("after", needs: ["long", "long", "after", "not here"]),
            node("a"), node("b", needs: ["a"]), node("c", needs: ["b"]), node("d", needs: ["c"]),
        ])
        #expect(graph.criticalPath(among: Set(graph.order)).map(\.name) == ["long", "after"])
        #expect(graph.priorities[NodeID("step", "long")] == 10)
        #expect(graph.nodes[NodeID("step", "after")]?.edges.map(\.need.name) == ["long"])
        #expect(Set(graph.order.prefix(2).map(\.name)) == ["a", "long"])
    }

    @Test func `a cycle is told as the way round it`() {
        let error = #expect(throws: CycleError.self) {
            _ = try ExecutionGraph([node("a", needs: ["b"]), node("b", needs: ["a"])])
        }
        #expect(error?.description == "step:a → step:b → step:a")
    }

    @Test func `a node's name may hold colons, and none without a kind is one`() {
        #expect(NodeID("step:web:deps") == NodeID("step", "web:deps"))
        #expect(NodeID("web") == nil)
        #expect(NodeID("repo", "z") < NodeID("step", "a") && NodeID("step", "a") < NodeID("step", "b"))
    }

    @Test func `a summary finds each node's end, in the order of the ends`() {
        let (first, second) = (NodeID("step", "b"), NodeID("step", "a"))
        let summary = RunSummary(
            run: "1", status: .failed, seconds: 3,
            nodes: [(first, NodeResult(.done, "x")), (second, NodeResult(.failed, "broke"))])
        #expect(summary.nodes.map(\.id) == [first, second])
        #expect(summary.failures.map(\.id) == [second])
        #expect(summary.result(of: first)?.satisfies == true && summary.result(of: NodeID("step", "c")) == nil)
        let progress = NodeProgress("receiving objects", done: 3, total: 9, bytes: 12)
        #expect(progress != NodeProgress("receiving objects") && progress.total == 9)
    }
}
