import Base
import Execution
import HostInterfaces
import Testing

@testable import Kinds

@Suite struct FileTests {
    static func workspace(_ entries: String, files: [String: String] = [:]) throws -> WorkspaceFixture {
        try WorkspaceFixture(
            """
            version: 1
            vars: {region: eu}
            secrets: {pw: {generate: hex, length: 24}}
            files:
              \(entries)
            """, files: files)
    }

    func link(_ path: String, _ workspace: WorkspaceFixture) -> String? {
        try? workspace.host.files.linkTarget(of: workspace.root / path)
    }

    func mode(_ path: String, _ workspace: WorkspaceFixture) throws -> UInt16? {
        try workspace.host.files.status(of: workspace.root / path, followingLinks: false)?.mode
    }

    // MARK: Copies

    @Test func `a copy is made where nothing is, and never again`() async throws {
        let workspace = try Self.workspace("a/b.txt: {copy: src.txt, mode: 0600}", files: ["src.txt": "one"])
        #expect(try await workspace.plan()["file:a/b.txt"] == .work(.create, "is not there yet"))
        #expect(try await workspace.up()["file:a/b.txt"]?.status == .done)
        #expect(workspace.text("a/b.txt") == "one")
        #expect(try mode("a/b.txt", workspace) == 0o600)
        try workspace.write("src.txt", "two")
        #expect(try await workspace.up()["file:a/b.txt"]?.status == .upToDate)
        #expect(workspace.text("a/b.txt") == "one")
    }

    @Test func `a copy that follows its source leaves a developer's change alone`() async throws {
        let workspace = try Self.workspace("b.txt: {copy: src.txt, if: changed}", files: ["src.txt": "one"])
        try await workspace.up()
        #expect(try await workspace.up()["file:b.txt"]?.status == .upToDate)
        try workspace.write("src.txt", "two")
        #expect(try await workspace.plan()["file:b.txt"] == .work(.update, "what it is made from changed"))
        try await workspace.up()
        #expect(workspace.text("b.txt") == "two")
        try workspace.write("b.txt", "mine")
        try workspace.write("src.txt", "three")
        #expect(try await workspace.up()["file:b.txt"]?.reason == "yours kept: you changed it")
        #expect(workspace.text("b.txt") == "mine")
    }

    @Test func `what was there before devinit is kept`() async throws {
        let workspace = try Self.workspace(
            "b.txt: {copy: src.txt, if: changed}", files: ["src.txt": "one", "b.txt": "mine"])
        #expect(try await workspace.up()["file:b.txt"]?.reason == "was there before devinit: kept")
        #expect(workspace.text("b.txt") == "mine")
    }

    @Test func `a source that is missing or a folder is named`() async throws {
        let workspace = try Self.workspace("b.txt: {copy: nothing}\n  c.txt: {copy: dir}", files: ["dir/x": ""])
        let results = try await workspace.up()
        #expect(results["file:b.txt"]?.failure?.message == "nothing, from which b.txt is made, is not there")
        #expect(results["file:c.txt"]?.failure?.message == "dir, from which c.txt is made, is a folder")
    }

    // MARK: Templates and replacements

    @Test func `a template fills in only what the manifest knows`() async throws {
        let text = "r=${region} w=${workspace.name} n=$http_host u=${UNKNOWN:-x} d=$$region c=$(date) one=${1} $\n"
        let workspace = try Self.workspace("nginx.conf: {template: nginx.tpl}", files: ["nginx.tpl": text])
        try await workspace.up()
        #expect(
            workspace.text("nginx.conf")
                == "r=eu w=workspace n=$http_host u=${UNKNOWN:-x} d=$$region c=$(date) one=${1} $\n")
    }

    @Test func `a template with a secret waits for it and is closed to others`() async throws {
        let workspace = try Self.workspace("app.conf: {template: t}", files: ["t": "password=${secrets.pw}\n"])
        #expect(workspace.edges(of: "file:app.conf") == ["secret:pw: refers to it"])
        try await workspace.up()
        #expect(workspace.text("app.conf")?.count == "password=\n".count + 24)
        #expect(try mode("app.conf", workspace) == 0o600)
        let text = workspace.text("app.conf")
        #expect(try await workspace.plan()["file:app.conf"] == .upToDate("is as wanted"))
        #expect(try await workspace.up()["file:app.conf"]?.status == .upToDate)
        #expect(workspace.text("app.conf") == text)
    }

    @Test func `replacing twice is replacing once, also when the value holds the text`() async throws {
        let workspace = try Self.workspace(
            "conf.ini: {replace: {db: db.local, '5432': '5433'}}", files: ["conf.ini": "host=db\nport=5432\nold=5433\n"]
        )
        try await workspace.up()
        #expect(workspace.text("conf.ini") == "host=db.local\nport=5433\nold=5433\n")
        #expect(try await workspace.up()["file:conf.ini"]?.status == .upToDate)
        #expect(workspace.text("conf.ini") == "host=db.local\nport=5433\nold=5433\n")

        try workspace.write("conf.ini", "host=db.local\nport=5433\nold=5433\nmine=1\n")
        #expect(try await workspace.up()["file:conf.ini"]?.status == .upToDate)
    }

    @Test func `a new value goes where the old one was put, and nowhere else`() async throws {
        let workspace = try Self.workspace(
            "conf.ini: {replace: {'@PORT@': '5433'}}", files: ["conf.ini": "port=@PORT@\nold=5433\n"])
        try await workspace.up()
        try workspace.write("init.yaml", workspace.text("init.yaml")!.replacing("'5433'", with: "'6000'"))
        try await workspace.up()
        #expect(workspace.text("conf.ini") == "port=6000\nold=5433\n")
    }

    @Test func `replacements stand beside a copy`() async throws {
        let workspace = try Self.workspace(
            "b: {copy: a, replace: {HOST: '${region}.example'}}", files: ["a": "x=HOST\n"])
        try await workspace.up()
        #expect(workspace.text("b") == "x=eu.example\n")
    }

    // MARK: Links and folders

    @Test func `a link is relative and its target is seen from the root`() async throws {
        let workspace = try Self.workspace("deep/er/link: {symlink: shared/conf}", files: ["shared/conf": "x"])
        try await workspace.up()
        #expect(link("deep/er/link", workspace) == "../../shared/conf")
        #expect(workspace.text("deep/er/link") == "x")
        #expect(try await workspace.up()["file:deep/er/link"]?.status == .upToDate)
    }

    @Test func `a link that dangles is right, and says so`() async throws {
        let workspace = try Self.workspace("link: {symlink: later}")
        try await workspace.up()
        #expect(try await workspace.plan()["file:link"] == .upToDate("is there, but later is not"))
    }

    @Test func `devinit's own link follows the manifest, another's is left`() async throws {
        let workspace = try Self.workspace("link: {symlink: a}", files: ["a": "1", "b": "2"])
        try await workspace.up()
        try workspace.write("init.yaml", workspace.text("init.yaml")!.replacing("symlink: a", with: "symlink: b"))
        #expect(try await workspace.up()["file:link"]?.status == .done)
        #expect(link("link", workspace) == "b")

        try workspace.host.files.remove(workspace.root / "link")
        try workspace.host.files.makeLink(at: workspace.root / "link", to: "c")
        let failure = try await workspace.up()["file:link"]?.failure
        #expect(failure?.message == "link is a link to c, which devinit did not make")
        #expect(link("link", workspace) == "c")
    }

    @Test func `a file in a link's place is not lost`() async throws {
        let workspace = try Self.workspace("link: {symlink: a}", files: ["a": "1", "link": "mine"])
        #expect(try await workspace.up()["file:link"]?.status == .failed)
        #expect(workspace.text("link") == "mine")
    }

    @Test func `a folder is made once, and a file in its place is not lost`() async throws {
        let workspace = try Self.workspace("data/x: {dir: true, mode: 0750}\n  f: {dir: true}", files: ["f": "mine"])
        let results = try await workspace.up()
        #expect(try mode("data/x", workspace) == 0o750)
        #expect(results["file:f"]?.failure?.message == "f is no folder")
        #expect(workspace.text("f") == "mine")
        #expect(try await workspace.up()["file:data/x"]?.status == .upToDate)
    }

    // MARK: Care

    @Test func `nothing is made through a link that leaves the workspace`() async throws {
        let workspace = try Self.workspace(
            "out/a: {copy: src}\n  out/l: {symlink: src}\n  out/d: {dir: true}", files: ["src": "x"])
        let outside = workspace.base / "outside"
        try workspace.host.files.makeFolder(outside, mode: 0o755)
        try workspace.host.files.makeLink(at: workspace.root / "out", to: outside.text)
        let results = try await workspace.up()
        for id in ["file:out/a", "file:out/l", "file:out/d"] { #expect(results[id]?.status == .failed, "\(id)") }
        #expect(try workspace.host.files.entries(of: outside).isEmpty)
    }

    @Test func `entries that say nothing or too much are reported`() throws {
        let workspace = try Self.workspace(
            """
            ../up: {dir: true}
              a: {mode: 0644}
              b: {dir: false}
              c: {copy: x, symlink: y}
              d: {symlink: y, replace: {A: b}}
              e: {symlink: y, mode: 0644}
            """)
        #expect(workspace.problems.count == 6, "\(workspace.problems)")
    }
}
