import Base
import Testing

/// What reads files of a repository waits for it, on the first run of a new machine.
@Suite struct ReadingEdgeTests {
    @Test func `stdin, inputs and env files inside a repository wait for its clone`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            repos: { api: ./api.git }
            env_files:
              api/.env: { from: api/.env.example }
            services:
              web: { native: { run: exec sleep 60, env_file: [api/.env] } }
            steps:
              a: { run: "cat >a", stdin: api/sql/schema.sql }
              b: { run: "wc api/x >b", inputs: ["api/x*"] }
              c: { run: "echo $R >c", env_file: [api/.env.example] }
            """)
        try await workspace.shell(
            """
            git init -q -b main made
            cd made && mkdir sql && echo schema >sql/schema.sql && echo x >x && echo R=read >.env.example && echo .env >.gitignore
            git add . && git -c user.name=t -c user.email=t@localhost commit -q -m files
            cd .. && git clone -q --bare made api.git && rm -rf made
            """)
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("a") == "schema" && workspace.text("c") == "read" && workspace.exists("b"))
        let graph = try await workspace.devinit("graph", "--json").expect(status: 0).json()
        let edges = (graph["edges"]?.array ?? []).map { "\($0["node"]?.string ?? "") \($0["needs"]?.string ?? "")" }
        for node in ["step:a", "step:b", "step:c", "service:web"] { #expect(edges.contains("\(node) repo:api")) }
        #expect(edges.contains("service:web env:api/.env"))
        try await workspace.devinit("down").expect(status: 0)
    }
}
