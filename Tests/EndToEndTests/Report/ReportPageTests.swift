import HostInterfaces
import Base
import Testing

/// The page of a run in a real browser.
@Suite(.serialized, .needs(.browser)) struct ReportPageTests {
    /// The record of a run of so many nodes, four at once, the last ones with a log.
    static func record(nodes count: Int, in workspace: Workspace) throws -> Path {
        let names = (0..<count).map { "\($0 % 5 == 0 ? "repo" : "step"):n\($0)" }
        let needs = names.indices.dropFirst(4).map { "\"\(names[$0])\":[\"\(names[$0 - 4])\"]" }
        var lines = [
            """
            {"event":"started","at":0,"run":"x","nodes":[\(names.map { "\"\($0)\"" }.joined(separator: ","))],\
            "needs":{\(needs.joined(separator: ","))},"wall_seconds":1700000000}
            """
        ]
        for (index, name) in names.enumerated() {
            let start = Double(index / 4)
            let status = index == count - 1 ? "failed" : "done"
            lines.append(
                "{\"event\":\"running\",\"at\":\(start),\"node\":\"\(name)\",\"reason\":\"never run\",\"attempt\":1}")
            lines.append(
                "{\"event\":\"finished\",\"at\":\(start + 1),\"node\":\"\(name)\",\"status\":\"\(status)\",\"reason\":\"never run\"}"
            )
        }
        lines.append("{\"event\":\"ended\",\"at\":\(count / 4),\"status\":\"failed\",\"seconds\":\(count / 4)}")
        let folder = ".devinit/runs/20200101-000000-\(count)"
        try workspace.write("\(folder)/events.ndjson", lines.joined(separator: "\n") + "\n")
        for name in names.suffix(200) { try workspace.write("\(folder)/\(name).log", "words of \(name)\n") }
        return workspace.path("\(folder)/report.html")
    }

    /// At 10,000 the browser must not have a row for each.
    @Test(arguments: [10, 10_000])
    func `the rows are there, few of them, filters and links work, no script fails`(count: Int) async throws {
        try require(.browser)
        let workspace = try Workspace("version: 1\n")
        let file = try Self.record(nodes: count, in: workspace)
        try await workspace.devinit("report").expect(status: 0)
        let size = try #require(try workspace.host.files.status(of: file, followingLinks: true)).size
        #expect(size < 60_000 + count * 600)

        let page = try await Browser.open(file, in: workspace)
        page.expectNoErrors()
        #expect(page.told("shown") == "\(count)")
        #expect(page.rows.first == "repo:n0" && page.rows.count >= min(count, 10) && page.rows.count < 100)
        #expect(page.shows("Critical path: \(count == 10 ? "3" : "2,500") nodes"))
        #expect(page.seconds < 30, "\(page.seconds) s")

        let filtered = try await Browser.open(file, fragment: "filter=REPO:+n&sort=name", in: workspace)
        filtered.expectNoErrors()
        #expect(filtered.told("shown") == "\(count / 5)" && filtered.rows.allSatisfy { $0.hasPrefix("repo:") })

        // Far below what fits on the screen: the page scrolls there, and the log is open.
        let chosen = try await Browser.open(file, fragment: "node=step:n\(count - 1)", in: workspace)
        chosen.expectNoErrors()
        #expect(chosen.told("node") == "step:n\(count - 1)" && chosen.rows.contains("step:n\(count - 1)"))
        #expect(chosen.shows(">words of step:n\(count - 1)</pre>"))

        if count > 10 { return }
        let failed = try await Browser.open(file, fragment: "status=failed", in: workspace)
        failed.expectNoErrors()
        #expect(failed.told("shown") == "1")

        let none = try await Browser.open(
            file, fragment: "filter=nothing-is-called-so&node=step:nowhere", in: workspace)
        none.expectNoErrors()
        #expect(none.told("shown") == "0" && none.rows == [])
    }

    @Test func `what a run says is text in the page, whatever it looks like`() async throws {
        try require(.browser)
        let workspace = try Workspace("version: 1\n")
        let bad = "</script><img src=x onerror=alert(1)><b id=forged>{{data}}\u{202E}"
        let name = JSON.string("step:\(bad)").text()
        let words = JSON.string(bad).text()
        try ReportTests.record(
            "20200101-000000-0001", in: workspace,
            events: """
                {"event":"started","at":0,"run":\(words),"nodes":[\(name),"step:b"],"needs":{"step:b":[\(name)]}}
                {"event":"notice","at":0,"message":\(words)}
                {"event":"running","at":0,"node":\(name),"reason":\(words),"attempt":1}
                {"event":"retrying","at":0.5,"node":\(name),"failure":{"message":\(words)},"after":0.5}
                {"event":"running","at":1,"node":\(name),"reason":\(words),"attempt":2}
                {"event":"note","at":1,"node":\(name),"message":\(words)}
                {"event":"finished","at":2,"node":\(name),"status":"failed","reason":\(words),\
                "failure":{"message":\(words),"remedy":\(words),"output":[\(words)]}}
                {"event":"running","at":2,"node":"step:b","attempt":1}
                """, logs: ["step:b": bad + "\u{1B}]0;title\u{7}\n\u{0}"])
        let page = workspace.path(".devinit/runs/20200101-000000-0001/report.html")
        try await workspace.devinit("report").expect(status: 0)
        for fragment in ["", "status=failed&node=step:b", "node=step:" + bad.replacing("<", with: "%3C")] {
            let shown = try await Browser.open(page, fragment: fragment, in: workspace)
            shown.expectNoErrors()
            let body = shown.dom.replacing(#/<script.*?</script>/#.dotMatchesNewlines(), with: "")
            #expect(!body.contains("<img") && !body.contains("<b "), "\(fragment)")
            #expect(!body.unicodeScalars.contains("\u{202E}") && body.contains("&lt;img src=x"), "\(fragment)")
        }
    }

    @Test func `a record with hardly anything in it still makes a page`() async throws {
        try require(.browser)
        let workspace = try Workspace("version: 1\n")
        for (number, events) in [
            "{\"event\":\"started\",\"at\":0,\"nodes\":[]}", "{\"event\":\"started\",\"at\":0,\"nodes\":[\"step:a\"]}",
            "{\"event\":\"running\",\"at\":7,\"node\":\"odd\"}\n{\"torn",
            "{\"event\":\"ready\",\"at\":3,\"node\":\"step:a\"}",
        ].enumerated() {
            try ReportTests.record("2020010\(number)", in: workspace, events: events)
            try await workspace.devinit("report").expect(stderr: "…did not end…", status: 0)
            let page = try await Browser.open(
                workspace.path(".devinit/runs/2020010\(number)/report.html"), in: workspace)
            page.expectNoErrors()
            #expect(page.told("shown") == (number == 0 ? "0" : "1") && page.shows("did not end"))
        }
    }

    /// Plays keys and clicks on the page, with a script that the page's own policy would refuse.
    private func play(_ script: String, on file: Path, in workspace: Workspace) async throws -> Browser.Page {
        let text = try #require(workspace.host.files.text(of: file))
        let played = text.replacing("http-equiv=\"Content-Security-Policy\"", with: "name=\"policy\"").replacing(
            "</body>",
            with: """
                <script>
                const at = (id) => document.getElementById(id);
                const press = (id, key) => at(id).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                const root = document.documentElement;
                const tell = (name) => { root.dataset[name] = `${root.dataset.shown} ${root.dataset.node}`; };
                at("grid").focus();
                \(script)
                </script></body>
                """)
        try workspace.write("played.html", played)
        return try await Browser.open(workspace.path("played.html"), in: workspace)
    }

    @Test func `keys alone lead to each node, its log and back, also where rows are made anew`() async throws {
        try require(.browser)
        let workspace = try Workspace("version: 1\n")
        let file = try Self.record(nodes: 500, in: workspace)
        try await workspace.devinit("report").expect(status: 0)
        let page = try await play(
            """
            press("grid", "ArrowDown"); press("grid", "Enter"); tell("one");
            press("grid", "ArrowDown"); tell("two");
            press("grid", "End"); tell("end");
            root.dataset.far = String(at("r499") !== null && at("grid").getAttribute("aria-activedescendant") === "r499");
            press("grid", "PageUp"); press("grid", "Home"); tell("home");
            press("grid", "+"); press("grid", "+"); press("grid", "-"); press("grid", "0");
            press("grid", "Escape"); tell("closed");
            press("grid", "/"); root.dataset.typing = document.activeElement.id;
            at("filter").value = "REPO"; at("filter").dispatchEvent(new Event("input")); tell("filtered");
            press("filter", "Enter"); root.dataset.back = document.activeElement.id;
            document.querySelector("#chips [data-key=failed]").click(); tell("none");
            at("clear").click(); tell("all");
            document.querySelector("#failures .link").click(); tell("linked");
            at("theme").click(); root.dataset.first = root.dataset.theme; at("theme").click();
            """, on: file, in: workspace)
        page.expectNoErrors()
        let told = [
            "one", "two", "end", "far", "home", "closed", "typing", "filtered", "back", "none", "all", "linked",
            "first",
            "theme",
        ].map { page.told($0) }
        #expect(
            told == [
                "500 step:n1", "500 step:n2", "500 step:n499", "true", "500 repo:n0", "500 ", "filter", "100 ", "grid",
                "0 ", "500 ", "500 step:n499", "light", "dark",
            ])
        #expect(page.shows("Needs 1"))
    }

    @Test func `an error of the page's script is seen in the page, and by these tests`() async throws {
        try require(.browser)
        let workspace = try Workspace("version: 1\n")
        let file = try Self.record(nodes: 10, in: workspace)
        try await workspace.devinit("report").expect(status: 0)
        for script in [
            "nothing.here();", "console.error('bad');", "Promise.reject(new Error('bad'));",
            "press('grid', 'Enter'); at('no').x;",
        ] {
            let page = try await play(script, on: file, in: workspace)
            #expect(page.told("errors") == "1" && page.shows("This page is not whole: "), "\(script): \(page)")
        }
        let text = try #require(workspace.host.files.text(of: file))
        try workspace.write("refused.html", text.replacing("</body>", with: "<script>1</script></body>"))
        let refused = try await Browser.open(workspace.path("refused.html"), in: workspace)
        #expect(refused.told("errors") == "1" && refused.shows("was refused"), "\(refused)")
    }
}
