import Base
import Execution
import HostFakes
import HostInterfaces
import Testing

@testable import Reporting

@Suite struct ReportPageTests {
    private let folder = RunFolder(runs: "/w/.devinit/runs", run: "r")

    /// What could end a script element, run, load, or turn the reader's eyes.
    static let hostile = [
        "</script><script>alert(1)</script>", "<!--<script>", "{{script}}", "\u{202E}txt.exe",
        "a\u{0}b\u{7}\u{1B}[31mc",
        "\u{2028}\u{2029}", "&lt;img src=x onerror=alert(1)>", "\\u003c", "'\"`${x}",
    ]

    private func logs(
        _ files: FakeFiles, _ text: String = ReportScript.failed, bounds: (Int, Int) = (64 << 10, 8 << 20)
    )
        -> [String: ReportLogs.Log]
    {
        let report = ReportScript.report(text)
        let found = ReportLogs(perLog: bounds.0, inAll: bounds.1)
            .read(report, critical: CriticalPath.of(report), in: folder, root: "/w", files: files)
        return Dictionary(uniqueKeysWithValues: found.map { (report.nodes[$0].name, $1) })
    }

    @Test func `nothing that a run says leaves the data, whatever it is made of`() throws {
        for hostile in Self.hostile {
            let name = JSON.string("step:" + hostile)
            let other = JSON.string(hostile)
            let text = """
                {"event":"started","at":0,"nodes":[\(name.text())]}
                {"event":"running","at":1,"node":\(name.text()),"reason":\(other.text())}
                {"event":"notice","at":1,"message":\(other.text())}
                {"event":"finished","at":2,"node":\(name.text()),"status":"failed","reason":\(other.text()),\
                "failure":{"message":\(other.text()),"remedy":\(other.text()),"output":[\(other.text())]}}
                """
            let page = ReportPage(
                page: "<title>{{title}}</title><meta content=\"{{policy}}\"><script>{{data}}</script>{{script}}|",
                style: "", script: "ours", digests: LengthDigests())
            let html = String(
                decoding: page.html(title: hostile, data: ReportScript.document(text)), as: UTF8.self)
            #expect(html.hasSuffix("</script>ours|"), "\(html)")
            #expect(html.split(separator: "<script>").count == 2, "\(html)")
            let data = try #require(html.firstRange(of: "<script>")).upperBound
            let end = try #require(html.firstRange(of: "</script>")).lowerBound
            let json = try JSON(parsing: String(html[data..<end]))
            #expect(!html[data..<end].contains { $0 == "<" || $0 == ">" || $0 == "&" })
            let message = try #require(json["nodes"]?.array?.first?["failure"]?["message"]?.string)
            #expect(message == SafeText.line(hostile))
            for scalar in message.unicodeScalars {
                #expect(
                    scalar.value >= 0x20 && !(0x202A...0x202E).contains(scalar.value), "\(message.debugDescription)")
            }
        }
    }

    @Test func `only hashes of our own style and script are allowed, and nothing is loaded`() {
        let page = ReportPage(page: "{{policy}}", style: "a{}", script: "1", digests: LengthDigests())
        let policy = String(decoding: page.html(title: "", data: .null), as: UTF8.self)
        let zeros = String(repeating: "A", count: 40)
        #expect(
            policy == "default-src 'none'; style-src 'sha256-\(zeros)AAM='; script-src 'sha256-\(zeros)AAE='; "
                + "base-uri 'none'; form-action 'none'")
    }

    @Test func `a long log keeps its beginning and its end, in whole lines, and says what is missing`() throws {
        let files = FakeFiles()
        let lines = (0..<10_000).map { "line \($0)\n" }.joined()
        files.add(folder.log(of: node("step:b")), lines)
        files.add(folder.log(of: node("step:a")), "\u{1B}[1mshort\u{1B}[0m\n</script>\n")
        let found = logs(files)
        #expect(found["step:a"]?.parts == ["short\n</script>"] && found["step:a"]?.leftOut == 0)
        let long = try #require(found["step:b"])
        #expect(long.path == ".devinit/runs/r/step:b.log" && long.bytes == lines.utf8.count)
        #expect(long.parts.count == 2 && long.parts[0].hasPrefix("line 0\n") && long.parts[1].hasSuffix("line 9999"))
        let kept = long.parts.joined(separator: "\n").split(separator: "\n")
        #expect(kept.allSatisfy { line in line.wholeMatch(of: #/line \d+/#) != nil })
        #expect(kept.reduce(0) { $0 + $1.utf8.count + 1 } + long.leftOut == long.bytes)
    }

    @Test func `all logs together stay within the bound, and what failed comes first`() {
        let files = FakeFiles()
        for name in ["step:a", "step:b", "step:c"] {
            files.add(folder.log(of: node(name)), String(repeating: "0123456789\n", count: 1000))
        }
        // a was tried again and b failed; c did well.
        let found = logs(files, bounds: (6 << 10, 12 << 10))
        #expect(found["step:a"]?.parts.isEmpty == false && found["step:b"]?.parts.isEmpty == false)
        #expect(found["step:c"]?.parts == [] && found["step:c"]?.leftOut == 11_000)
        #expect(found.values.reduce(0) { $0 + $1.bytes - $1.leftOut } <= 12 << 10)
    }

    @Test func `a link in the place of a log is not read`() throws {
        let files = FakeFiles(["/home/me/.ssh/id_ed25519": "PRIVATE KEY", "/w/.devinit/runs/r/step:b.log": "ours\n"])
        try files.makeLink(at: folder.log(of: node("step:a")), to: "/home/me/.ssh/id_ed25519")
        #expect(logs(files).keys.sorted() == ["step:b"])
    }

    @Test func `a word means the run of that id, or those that begin with it; a link is no run`() throws {
        let runs: Path = "/w/.devinit/runs"
        let files = FakeFiles([
            runs / "20260101-a/events.ndjson": ReportScript.failed, runs / "20260101-ab/events.ndjson": "",
            runs / "20260102-c/events.ndjson": "", runs / "20260103-empty/x.log": "", "/secret/events.ndjson": "x",
        ])
        try files.makeLink(at: runs / "20260104-link", to: "/secret")
        let records = RecordedRuns(files: files, runs: runs)
        #expect(records.ids == ["20260101-a", "20260101-ab", "20260102-c"])
        #expect(records.matching("20260101-a") == ["20260101-a"])
        #expect(records.matching("20260101") == ["20260101-a", "20260101-ab"])
        #expect(records.matching("../runs/20260102-c") == [] && records.matching("/secret") == [])
    }

    @Test func `a list reads the ends of a record and tells the same as the whole`() throws {
        let runs: Path = "/w/.devinit/runs"
        let lines = ReportScript.failed.split(separator: "\n")
        let middle = Array(repeating: String(lines[10]), count: 2000)
        let long = ([String(lines[0])] + middle + [String(lines[lines.count - 1])]).joined(separator: "\n") + "\n"
        let files = FakeFiles([
            runs / "long/events.ndjson": long, runs / "short/events.ndjson": ReportScript.failed,
            runs / "one/events.ndjson": String(lines[0]), runs / "none/events.ndjson": "",
        ])
        let records = RecordedRuns(files: files, runs: runs)
        for id in records.ids {
            let whole = try records.report(of: id) { _ in false }
            let list = try records.overview(of: id) { _ in false }
            #expect(list.status == whole.status && list.nodeCount == whole.nodeCount, "\(id)")
            #expect(list.damagedLines == whole.damagedLines, "\(id)")
            #expect(list.seconds == whole.seconds && list.startedAt == whole.startedAt, "\(id)")
        }
    }
}

/// A digest that is not one: it ends with how many bytes there were.
private struct LengthDigests: Digests {
    func sha256(_ bytes: [UInt8]) -> String { String(repeating: "0", count: 63) + String(bytes.count) }
}
