import Base
import Execution
import Foundation
import State
import Testing

@testable import Kinds

@Suite struct EnvironmentFileTakingTests {
    static func manifest(_ set: String) -> String {
        """
        version: 1
        secrets: {pw: {generate: hex, length: 24}}
        env_files: {.env: {from: .env.example, set: {\(set)}}}
        """
    }

    static func workspace(_ set: String, files: [String: String] = [:]) throws -> WorkspaceFixture {
        try WorkspaceFixture(
            manifest(set), files: [".env.example": "A=1\nB=2\nOPEN=\nKEY=changeme\n"].merging(files) { $1 })
    }

    static let file = NodeID("env", ".env")

    func take(
        _ side: EnvironmentFiles.Side, _ keys: [String], in workspace: WorkspaceFixture, writing: Bool = false
    ) async throws -> EnvironmentFiles.Settled {
        let run = try workspace.runWorkspace(RunSettings(jobs: 1), writing: true)
        return try await EnvironmentFiles.take(side, keys, of: Self.file, writing: writing, in: run)
    }

    func plan(_ workspace: WorkspaceFixture) async throws -> Assessment? { try await workspace.plan()["env:.env"] }

    @Test func `an edit that was settled as mine is reported again only when the manifest wants something new`()
        async throws
    {
        let workspace = try Self.workspace("A: 10, B: 20")
        try await workspace.up()
        try workspace.write(".env", "A=mine\nB=20\nOPEN=\nKEY=changeme\n")
        #expect(try await plan(workspace) == .upToDate("yours kept: A"))
        #expect(try await take(.mine, ["A"], in: workspace).keys == ["A"])
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
        #expect(try await workspace.up()["env:.env"]?.status == .upToDate)
        try workspace.write(".env", "A=mine again\nB=20\nOPEN=\nKEY=changeme\n")
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
        try workspace.write("init.yaml", Self.manifest("A: 11, B: 21"))
        #expect(try await workspace.up()["env:.env"]?.reason == "B changed in the manifest")
        #expect(try await plan(workspace) == .upToDate("yours kept: A"))
        #expect(workspace.text(".env") == "A=mine again\nB=21\nOPEN=\nKEY=changeme\n")
    }

    @Test func `a key that was given back to the manifest is written and follows it from then on`() async throws {
        let workspace = try Self.workspace("A: 10, B: 20")
        try await workspace.up()
        try workspace.write(".env", "A=mine # why\nOPEN=\nKEY=changeme\n")
        #expect(try await take(.manifest, ["A", "B"], in: workspace).isWritten == false)
        #expect(try await plan(workspace) == .work(.update, "A, B follow the manifest again"))
        let settled = try await take(.manifest, ["A", "B"], in: workspace, writing: true)
        #expect(settled.isWritten)
        #expect(workspace.text(".env") == "A=10 # why\nB=20\nOPEN=\nKEY=changeme\n")
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
        try workspace.write("init.yaml", Self.manifest("A: 11"))
        #expect(try await workspace.up()["env:.env"]?.status == .done)
        #expect(workspace.text(".env")?.hasPrefix("A=11 # why\nB=2\n") == true, "\(workspace.text(".env") ?? "")")
    }

    @Test func `keys of a file without a record are settled one by one, and nothing is written before the last`()
        async throws
    {
        let old = "A=x\nB=y\nOPEN=z\n"
        let workspace = try Self.workspace("A: 10, B: 20", files: [".env": old])
        let first = try await take(.mine, ["A"], in: workspace, writing: true)
        #expect(first.open == ["B"] && !first.isWritten)
        #expect(workspace.text(".env") == old)
        #expect(try await take(.manifest, ["B"], in: workspace, writing: true).isWritten)
        #expect(workspace.text(".env") == "A=x\nB=20\nOPEN=z\nKEY=changeme\n")
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
    }

    @Test func `a whole file that was taken as mine is not reported again`() async throws {
        let workspace = try Self.workspace("A: 10", files: [".env": "A=x\nB=2\nOPEN=\nKEY=changeme\n"])
        var settings = RunSettings(jobs: 1)
        settings.take = "mine"
        try await workspace.up(settings: settings)
        #expect(workspace.text(".env") == "A=x\nB=2\nOPEN=\nKEY=changeme\n")
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
    }

    @Test func `what was left open and is filled in is no edit to be reported`() async throws {
        let workspace = try Self.workspace("A: 10")
        try await workspace.up()
        try workspace.write(".env", "A=10\nB=2\nOPEN=here\nKEY=sk_1\n")
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
        #expect(try await workspace.up()["env:.env"]?.status == .upToDate)
        #expect(workspace.text(".env") == "A=10\nB=2\nOPEN=here\nKEY=sk_1\n")
    }

    @Test func `a key that is wanted no more and was changed becomes the developer's own`() async throws {
        let workspace = try Self.workspace("A: 10, NEW: 1")
        try await workspace.up()
        try workspace.write(".env", "A=10\nB=2\nOPEN=\nKEY=changeme\nNEW=mine\n")
        try workspace.write("init.yaml", Self.manifest("A: 10"))
        try await workspace.up()
        #expect(try await plan(workspace) == .upToDate("yours kept: NEW"))
        _ = try await take(.mine, ["NEW"], in: workspace)
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
        #expect(workspace.text(".env") == "A=10\nB=2\nOPEN=\nKEY=changeme\nNEW=mine\n")
    }

    @Test func `a secret that was settled is kept as a hash alone`() async throws {
        let workspace = try Self.workspace("A: \"${secrets.pw}\"")
        try await workspace.up()
        let secret = try #require(workspace.text(".env")).dropFirst(2).prefix(24)
        try workspace.write(".env", "A=mine\nB=2\nOPEN=\nKEY=changeme\n")
        _ = try await take(.mine, ["A"], in: workspace)
        let choices = try workspace.runWorkspace(RunSettings(jobs: 1), writing: false).journal.fact("env-take/.env")
        #expect(choices?["A"]?["instead_of"]?["secret"]?.string?.count == 64)
        #expect(choices?.text().contains(secret) == false)
        #expect(try await plan(workspace) == .upToDate("is as wanted"))
    }

    @Test func `a difference names all three sides and shows no secret`() async throws {
        let workspace = try Self.workspace("A: 10, B: 20, URL: 'x://u:${secrets.pw}@h', TOKEN: abcdefgh")
        try await workspace.up()
        let text = try #require(workspace.text(".env"))
        let secret = try #require(text.components(separatedBy: "x://u:").last?.prefix(24))
        try workspace.write(".env", text.replacingOccurrences(of: "A=10", with: "A=mine") + "OWN=\(secret)\n")
        try workspace.write(
            "init.yaml", Self.manifest("A: 11, B: 21, URL: 'x://u:${secrets.pw}@h2', TOKEN: zyxwvuts"))
        let run = try workspace.runWorkspace(RunSettings(jobs: 1), writing: false)
        let difference = try #require(EnvironmentFiles.differences([Self.file], in: run).first)
        let entries = Dictionary(difference.entries.map { ($0.key, $0) }) { $1 }
        #expect(entries["A"] == .init(key: "A", kind: .yours, written: "10", found: "mine", wanted: "11"))
        #expect(entries["B"] == .init(key: "B", kind: .changed, written: "20", found: "20", wanted: "21"))
        #expect(entries["URL"]?.wanted == "x://u:***@h2")
        #expect(entries["TOKEN"] == .init(key: "TOKEN", kind: .changed, written: "***", found: "***", wanted: "***"))
        #expect(!"\(difference)".contains(secret))
        let contents = try EnvironmentFiles.contents(Self.file, revealing: false, in: run)
        #expect(!"\(contents)".contains(secret) && contents.coveredCount == 3)
        let revealed = try EnvironmentFiles.contents(Self.file, revealing: true, in: run)
        #expect(revealed.values.last?.value == String(secret))
    }

    @Test func `what a shell could execute or not hold does not get into the text for it`() throws {
        let workspace = try Self.workspace("")
        try workspace.write(".env", "A='it'\nB=$(id)`id`\n1X=1\nA.B=2\nC=\"x\ny\"\nD='\u{301}'\n")
        let run = try workspace.runWorkspace(RunSettings(jobs: 1), writing: false)
        let (text, notes) = try EnvironmentFiles.contents(Self.file, revealing: true, in: run).text(.shell)
        #expect(
            text.utf8.elementsEqual(
                "export A='it'\nexport B='$(id)`id`'\nexport C='x\ny'\nexport D='\u{301}'\n".utf8), "\(text)")
        #expect(notes.count == 2)
    }
}
