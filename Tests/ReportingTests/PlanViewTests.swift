import Execution
import Reporting
import Testing

@Suite struct PlanViewTests {
    private let plan: Plan = {
        let entries = [
            Plan.Entry(node: ExecutionNode(node("tool:git")), assessment: .upToDate("git 2.43 is installed")),
            Plan.Entry(
                node: ExecutionNode(node("step:install-api"), edges: [Edge(node("tool:git"), "written in needs")]),
                assessment: .work(.run, "inputs changed: package-lock.json")),
            Plan.Entry(
                node: ExecutionNode(node("step:seed"), edges: [Edge(node("step:install-api"), "")]),
                assessment: .unknown("known after step:install-api")),
            Plan.Entry(node: ExecutionNode(node("tool:xcode")), assessment: .skipped("only on macOS")),
        ]
        return Plan(
            entries: entries, criticalPath: [node("step:install-api"), node("step:seed")], expectedSeconds: 32.2)
    }()

    @Test func `what is to do comes last, then the counts`() {
        #expect(
            utf.text(PlanView(style: utf, columns: 80).lines(plan)) == """
                tool:git          up to date  git 2.43 is installed
                tool:xcode        skip        only on macOS
                step:install-api  run         inputs changed: package-lock.json
                step:seed         unknown     known after step:install-api
                2 to do, 1 up to date, 1 skipped, about 32s

                """)
    }

    @Test func `with -v edges have their reasons and the longest chain is named`() {
        let text = utf.text(PlanView(style: utf, columns: nil, isVerbose: true).lines(plan))
        #expect(text.contains("package-lock.json\n    needs tool:git (written in needs)\n"))
        #expect(text.contains("    needs step:install-api\n"))
        #expect(text.contains("critical path: step:install-api → step:seed\n2 to do"))
    }

    @Test func `forty columns put the reason on a line of its own`() {
        #expect(
            utf.text(PlanView(style: utf, columns: 40).lines(plan)) == """
                tool:git          up to date
                    git 2.43 is installed
                tool:xcode        skip
                    only on macOS
                step:install-api  run
                    inputs changed: package-lock.json
                step:seed         unknown
                    known after step:install-api
                2 to do, 1 up to date, 1 skipped, about
                32s

                """)
    }
}
