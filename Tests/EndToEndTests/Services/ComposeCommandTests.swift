import Base
import Testing

/// `devinit compose`, and what commands say of a generated file that somebody edited.
@Suite(.needs(.engine)) struct ComposeCommandTests {
    private static let manifest = """
        version: 1
        workspace: WORKSPACE
        services:
          box: { compose: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true } }
        """

    @Test(arguments: Lab.Compose.allCases)
    func `words go to Compose with the workspace's files, once they are approved, and its exit status comes back`(
        compose: Lab.Compose
    ) async throws {
        try await ServiceTests.withWorkspace(compose, Self.manifest) { workspace in
            try await workspace.devinit("compose", "--", "ps").expect(stderr: "…nobody approved…", status: 77)
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("trust", "-y").expect(status: 0)
            try await workspace.devinit("compose", "--", "ps", "--services").expect(stdout: "box\n", status: 0)
            try await workspace.devinit("compose", "--", "exec", "-T", "box", "sh", "-c", "exit 9").expect(status: 9)
        }
    }

    @Test func `a compose file that a clone brings is known in the same up`() async throws {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            repos: { app: { url: "file://BASE/src" } }
            compose: { files: app/compose.yaml, project: WORKSPACE }
            """
        try await ServiceTests.withWorkspace(.plugin, manifest) { workspace in
            try await workspace.shell(
                """
                sed -i "s|BASE|$(dirname "$PWD")|" init.yaml
                git init -q -b main ../src
                echo 'services: { box: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true } }' > ../src/compose.yaml
                git -C ../src add . && git -C ../src -c user.name=a -c user.email=a@b.test commit -qm one
                """)
            try await workspace.devinit("plan").expect(stdout: "…known after app is cloned…", status: 0)
            let document = try await workspace.up("--json").expect(status: 0).json()
            #expect(document["nodes"]?.array?.count == 2, "\(document)")
            try await workspace.devinit("status").expect(stdout: "…box  running…", status: 0)
        }
    }

    @Test func `a change by hand of the generated file is told by plan, status and doctor`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest) { workspace in
            try await workspace.up().expect(status: 0)
            let before = try await workspace.devinit("plan").expect(status: 0)
            #expect(!before.stderr.contains("by hand"))
            try await workspace.shell("sed -i s/600/601/ .devinit/compose.yaml")
            for command in ["plan", "status"] {
                try await workspace.devinit(command).expect(
                    stderr: "…note: .devinit/compose.yaml was changed by hand; devinit up keeps that copy aside…",
                    status: 0)
            }
            try await workspace.devinit("doctor", "compose-file").expect(stdout: "…changed by hand…", status: 0)
        }
    }
}
