import Base
import HostInterfaces
import Testing

/// An env file is passed over unread only as long as nothing that decides on it changed.
@Suite struct EnvironmentFileFactTests {
    static let manifest = """
        version: 1
        secrets: { token: { env: TOKEN } }
        env_files:
          .env: { from: example, set: { NAME: one, TOKEN: "${secrets.token}" } }
        """

    /// Written, at rest, and looked at once more, so that everything about it is remembered.
    func workspace() async throws -> Workspace {
        let workspace = try Workspace(
            Self.manifest, files: ["example": "OTHER=1\n", ".gitignore": ".env\n"],
            environment: ["TOKEN": "first-token"])
        try await workspace.shell("git init -q .")
        try await workspace.up().expect(status: 0)
        try await FileFactTests.rest()
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        try #require(workspace.text(".devinit/cache/hashes")?.contains("/.env") == true)
        return workspace
    }

    /// What changes, and what the plan then says of the file. Size and modification time are put back.
    @Test(arguments: [
        ("sed -i s/OTHER=1/OTHER=2/ .env", "none", "yours kept: OTHER"),
        ("sed -i s/NAME=one/NAME=two/ .env", "none", "yours kept: NAME"),
        ("sed -i s/OTHER=1/OTHER=2/ example", "update", "OTHER"),
        ("sed -i s/one/two/ init.yaml", "update", "NAME"),
        ("chmod 644 .env", "update", "mode"),
        ("rm .env", "create", "is not there yet"),
        ("rm .env; mkdir .env", "blocked", "Is a directory"),
        ("cp -p .env ../copy; sed -i s/OTHER=1/OTHER=2/ ../copy; rm .env; ln -s ../copy .env", "none", "OTHER"),
        ("rm example; mkdir example", "blocked", "example"),
    ])
    func `whatever decides on an env file is noticed`(change: String, action: String, word: String) async throws {
        let workspace = try await workspace()
        try await workspace.shell(
            """
            for f in .env example; do touch -r $f ../$f.time; done
            \(change)
            for f in .env example; do if [ -e $f ]; then touch -r ../$f.time $f; fi; done
            """)
        let ended = try await workspace.devinit("plan", "--json").expect(status: 0)
        #expect(try ended.members("nodes", "action")["env:.env"] == action, "\(ended)")
        #expect(try ended.members("nodes", "reason")["env:.env"]?.contains(word) == true, "\(ended)")
    }

    @Test func `another secret and a new reader of the file are noticed`() async throws {
        let workspace = try await workspace()
        let other = try await workspace.devinit("plan", "--json", environment: ["TOKEN": "other-token"])
        #expect(try other.members("nodes", "action")["env:.env"] == "update")
        #expect(!other.stdout.contains("other-token"))
        // vite expands dollars in every kind of quotes, so this value suits it no more.
        try workspace.write("init.yaml", Self.manifest.replacing("one", with: "'a$$b'"))
        try await workspace.up().expect(status: 0)
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
        try workspace.write("package.json", #"{"devDependencies": {"vite": "5"}}"#)
        try await workspace.up().expect(stderr: "…dotenv-expand…", status: 1)
    }
}
