import HostInterfaces
import Base
import Foundation
import Testing

/// What a person sees on a terminal of 40, 80 and 200 columns, kept under `Tests/Screens` and compared.
/// DEVINIT_KEEP_SCREENS=1 writes them anew.
@Suite(.serialized, .needs(.tmux)) struct ScreenTests {
    static let columns = [40, 80, 200]

    // Every step waits for the one before it, by need, so that the order is always the same.
    static let success = """
        version: 1
        steps:
          api-deps: { run: "sleep 0.2; echo installed 214 packages" }
          web-deps: { run: "echo installed 1081 packages", needs: [seed] }
          migrate: { run: "echo migrated", needs: [api-deps], inputs: [schema] }
          seed: { run: "sleep 0.1", needs: [migrate] }
          a-step-whose-name-is-much-longer-than-any-sensible-name: { run: "true", needs: [web-deps] }
        message: |
          Web: http://localhost:3000, log in as demo@acme.test
        """

    static let failure = """
        version: 1
        steps:
          api-deps: { run: "echo installed 214 packages" }
          migrate:
            needs: [docs]
            run: |
              echo 'connecting to the database'
              echo 'ERROR: 数据库 does not exist, and this line is long enough to be wrapped on any terminal that is narrower than it: it has many words' >&2
              exit 1
          seed: { run: "echo seeded", needs: [migrate] }
          docs: { run: "sleep 0.1", needs: [api-deps] }
        """

    static let cancel = """
        version: 1
        defaults: { grace: 2s }
        steps:
          api-deps: { run: "echo installed 214 packages" }
          forever: { run: "echo $$ >child; echo waiting for something that never comes; sleep 300", needs: [api-deps] }
          seed: { run: "echo seeded", needs: [forever] }
        """

    @Test(arguments: columns) func `the end of a run that succeeds`(columns: Int) async throws {
        let screen = try await Screen.capture(Self.success, files: ["schema": ""], columns: columns)
        #expect(screen.status == 0)
        try screen.compare("success")
    }

    @Test(arguments: columns) func `the end of a run that fails`(columns: Int) async throws {
        let screen = try await Screen.capture(Self.failure, columns: columns)
        #expect(screen.status == 1)
        try screen.compare("failure")
    }

    @Test(arguments: columns) func `the end of a run that is cancelled`(columns: Int) async throws {
        let screen = try await Screen.capture(Self.cancel, columns: columns) { workspace, session in
            #expect(try await workspace.eventually { workspace.exists("child") })
            // The line of output must have arrived, or the last words differ.
            try await Task.sleep(for: .milliseconds(400))
            try await workspace.shell("tmux -L '\(session)' send-keys -t '\(session)' C-c")
        }
        #expect(screen.status == 130)
        try screen.compare("cancel")
    }
}
