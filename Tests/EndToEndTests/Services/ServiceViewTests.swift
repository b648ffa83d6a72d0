import Base
import HostInterfaces
import Testing

/// What is told of services without an engine: pages, templates, what is written for other programs.
@Suite struct ServiceViewTests {
    @Test func `a page is the manifest's own, the template's, or told to be missing`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            services:
              mq: { use: rabbitmq, ports: { management: 15999 } }
              db: { use: postgres }
              ours: { compose: { image: x }, ports: { web: "8123:80", admin: "8124:81" }, open: admin }
              path: { native: { run: "true" }, port: 3999, open: /start }
              plain: { compose: { image: x }, port: "8125:80" }
            """, environment: ["DOCKER_HOST": "unix:///nonexistent"])
        for (name, page) in [
            ("mq", "http://127.0.0.1:15999"), ("ours", "http://127.0.0.1:8124/"),
            ("path", "http://127.0.0.1:3999/start"),
            ("plain", "http://127.0.0.1:8125"),
        ] {
            try await workspace.devinit("open", name, "--print").expect(stdout: page, status: 0)
        }
        try await workspace.devinit("open", "db", "--print").expect(stderr: "…has no page…'open: /path'…", status: 1)
        try await workspace.devinit("open", "path").expect(stderr: "…'path' is not running…", status: 78)
        // On a terminal a browser gets it.
        try workspace.write("bin/xdg-open", "#!/bin/sh\necho \"$1\" >\"$(dirname \"$0\")/../opened\"\n", mode: 0o755)
        let ended = try await workspace.run(
            [
                "script", "-qfec", "PATH=\(workspace.root)/bin:$PATH DISPLAY=:9 \(Programs.devinit) open plain",
                "/dev/null",
            ])
        #expect(ended.stdout.contains("opened http://127.0.0.1:8125"), "\(ended)")
        #expect(
            try await workspace.eventually(within: .seconds(5)) { workspace.text("opened") == "http://127.0.0.1:8125" })
    }

    @Test func `templates are listed and explained, a team's own file too`() async throws {
        let workspace = try Workspace(files: [
            "ours.yaml":
                "description: Ours\nparameters: { size: { type: text, choices: [s, l] } }\ncompose: { image: x }\n"
        ])
        let list = try await workspace.devinit("services").expect(status: 0)
        #expect(list.stdout.contains("postgres") && list.stdout.contains("adminer"))
        try await workspace.devinit("services", "show", "postgres").expect(
            stdout: "…postgres: 5432…/run/secrets/password…native…yes…", status: 0)
        let json = try await workspace.devinit("services", "show", "./ours.yaml", "--json").expect(status: 0).json()
        #expect(json["schema"]?.string == "devinit.services/1")
        #expect(json["services"]?[0]?["parameters"]?[0]?["choices"]?.array?.count == 2)
        try await workspace.devinit("services", "show", "postgrs").expect(
            stderr: "…did you mean 'postgres'…", status: 64)
    }

    @Test func `a devcontainer is written once, and what was changed by hand is not written over`() async throws {
        let workspace = try Workspace("version: 1\nservices: { redis: redis }\n")
        try await workspace.devinit("export", "devcontainer").expect(
            stdout: "…dockerComposeFile…forwardPorts…", stderr: "…note: …", status: 0)
        #expect(!workspace.exists(".devcontainer"))
        try await workspace.devinit("export", "devcontainer", "--write").expect(status: 0)
        try await workspace.devinit("export", "devcontainer", "--write").expect(status: 0)
        try workspace.write(
            ".devcontainer/compose.yaml", (workspace.text(".devcontainer/compose.yaml") ?? "") + "# mine\n")
        try await workspace.devinit("export", "devcontainer", "--write").expect(stderr: "…--force…", status: 1)
        try await workspace.devinit("export", "devcontainer", "--write", "--force").expect(status: 0)
        #expect(workspace.text(".devcontainer/compose.yaml")?.contains("mine") == false)
    }
}
