import Base
import Foundation
import HostInterfaces
import Testing

/// An engine that does not run is offered to be started, on a terminal or with `--yes`, and waited for.
@Suite(
    .enabled(
        if: !FileManager.default.fileExists(atPath: "/var/run/docker.sock"),
        "an engine of this machine's own would answer"))
struct EngineQuestionTests {
    static let manifest = """
        version: 1
        workspace: shop
        services:
          db: { compose: { image: "db:1" } }
        """

    /// Stands for systemd: what it starts answers a second later, and knows of no image.
    static let systemctl = """
        #!/bin/sh
        echo "$*" >>"$HOME/started"
        rm -f "$HOME/docker.sock"
        exec python3 -c '
        import os, socket, sys, threading, time
        if os.fork(): sys.exit()
        os.setsid()
        for descriptor in (0, 1, 2): os.close(descriptor)
        time.sleep(1)
        server = socket.socket(socket.AF_UNIX)
        server.bind(os.environ["XDG_RUNTIME_DIR"] + "/docker.sock")
        server.listen(64)
        server.settimeout(20)
        while True:
            client, _ = server.accept()
            head = client.recv(65536)
            status, body = ("200 OK", b"[]") if b"/containers/json" in head else ("404 Not Found", b"{\\"message\\": \\"manifest unknown\\"}")
            client.sendall(b"HTTP/1.1 " + status.encode() + b"\\r\\nContent-Length: " + str(len(body)).encode() + b"\\r\\n\\r\\n" + body)
            client.close()
        '
        """

    private func workspace() throws -> Workspace {
        let workspace = try Workspace(Self.manifest, environment: ["DOCKER_CONFIG": "/nonexistent"])
        try workspace.write("bin/systemctl", Self.systemctl, mode: 0o755)
        try workspace.write("bin/docker", "#!/bin/sh\nexit 1\n", mode: 0o755)
        return workspace
    }

    private func environment(_ workspace: Workspace) -> [String: String] {
        [
            "PATH": "\(workspace.path("bin")):/usr/local/bin:/usr/bin:/bin",
            "XDG_RUNTIME_DIR": workspace.root.text,
        ]
    }

    @Test func `with yes a stopped engine is started and waited for, else the service says how`() async throws {
        let workspace = try workspace()
        let environment = environment(workspace)
        let without = try await workspace.up(environment: environment).expect(status: 78)
        #expect(without.stderr.contains("systemctl start docker"), "\(without)")
        #expect(!workspace.exists("../home/started"))
        let with = try await workspace.up("-y", environment: environment)
        #expect(with.stderr.contains("starting Docker: "), "\(with)")
        #expect(workspace.text("../home/started")?.hasSuffix("start docker") == true)
        // It was found: what fails now is the image.
        #expect(with.stderr.contains("the image of 'db', db:1, is not there"), "\(with)")
        let again = try await workspace.up("-y", environment: environment)
        #expect(!again.stderr.contains("starting Docker"), "it runs: \(again)")
    }

    @Test(.needs(.script)) func `a person is asked before an engine is started`() async throws {
        try require(.script)
        let workspace = try workspace()
        let words = environment(workspace).map { "\($0.key)=\($0.value)" }
        let no = try await workspace.run(
            ["env"] + words + ["script", "-qfec", "\(Programs.devinit) up --trust", "/dev/null"],
            input: .bytes(Array("n\n".utf8)))
        #expect(no.stdout.contains("Docker does not run, and services need it. Start it?"), "\(no)")
        #expect(no.status == 78 && !workspace.exists("../home/started"), "\(no)")
        let yes = try await workspace.run(
            ["env"] + words + ["script", "-qfec", "\(Programs.devinit) up --trust", "/dev/null"],
            input: .bytes(Array("y\n".utf8)))
        #expect(workspace.exists("../home/started"), "\(yes)")
        #expect(yes.stdout.contains("the image of 'db', db:1, is not there"), "\(yes)")
    }
}
