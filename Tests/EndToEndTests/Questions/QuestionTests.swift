import Testing

/// What `up` asks, it asks at the start; what can't be undone is answered by a person or by a flag of its own.
@Suite struct QuestionTests {
    static let missingTool = """
        version: 1
        requires:
          thing: { check: test -e thing, fix: touch thing }
        steps:
          use: { run: "cat thing && touch used" }
        """

    @Test(.needs(.script)) func `a missing tool is mended where a person agrees, and the run goes on`() async throws {
        try require(.script)
        let workspace = try Workspace(Self.missingTool)
        try await workspace.terminal("up", "--trust", typing: "\n").expect(
            stdout: "…run the fix of thing? (touch thing) [y/N]…", status: 78)
        #expect(!workspace.exists("thing") && !workspace.exists("used"))
        try await workspace.terminal("up", "--trust", typing: "y\n").expect(status: 0)
        #expect(workspace.exists("used"))
        let again = try await workspace.terminal("up", "--trust", typing: "").expect(status: 0)
        #expect(!again.stdout.contains("[y/N]"), "what is there is not asked about: \(again)")
    }

    @Test func `yes to everything agrees to no installation, its own flag does`() async throws {
        let workspace = try Workspace(Self.missingTool)
        try await workspace.up("-y").expect(status: 78)
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("doctor", "--fix", "-y").expect(status: 1)
        #expect(!workspace.exists("thing"))
        try await workspace.devinit("doctor", "--fix", "--install", "thing").expect(status: 0)
        #expect(workspace.exists("thing"))
        try workspace.remove("thing")
        try await workspace.up("--install").expect(status: 0)
    }

    static let contested = """
        version: 1
        env_files:
          .env: { set: { NAME: theirs, OTHER: same } }
        """

    @Test(
        .needs(.script),
        arguments: [("m\n", 0, "NAME=mine"), ("t\n", 0, "NAME=theirs"), ("\n", 78, "NAME=mine")]
            as [(
                String, Int32, String
            )])
    func `a file of an old script keeps its values until a person says whose stay`(
        answer: String, status: Int32, line: String
    ) async throws {
        try require(.script)
        let workspace = try Workspace(Self.contested, files: [".env": "NAME=mine\nOTHER=same\n"])
        try await workspace.terminal("up", typing: answer).expect(
            stdout: "….env was there before devinit, and NAME differs from the manifest. Whose stay?…", status: status)
        #expect(workspace.text(".env")?.contains(line) == true)
        if status == 0 {
            let again = try await workspace.terminal("up", typing: "").expect(status: 0)
            #expect(!again.stdout.contains("Whose"), "asked once: \(again)")
        }
    }
}
