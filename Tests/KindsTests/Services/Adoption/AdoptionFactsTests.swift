import Base
import Execution
import HostInterfaces
import Testing

@testable import Kinds

/// What only the engine knows of services in existing Compose files.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct AdoptionFactsTests {
    @Test func `what is to be done first is done to its end, and a port that the engine chose is that of the steps`()
        async throws
    {
        let fixture = try ServiceFixture(
            "",
            more: """
                compose: docker-compose.yml
                steps: { tell: { run: "echo $PORT >port", env: { PORT: "${services.web.port}" } } }
                """,
            files: [
                "docker-compose.yml": """
                services:
                  migrate: { image: "devinit-lab/base:12", init: true, command: [sh, -c, "sleep 4"] }
                  web:
                    image: "devinit-lab/nginx:1"
                    ports: ["127.0.0.1::80"]
                    depends_on: { migrate: { condition: service_completed_successfully } }
                """
            ])
        let manifest = try #require(fixture.workspace.text("init.yaml")).replacing("services:\n  \n", with: "")
        try fixture.workspace.write(
            "init.yaml",
            manifest.replacing(
                "compose: docker-compose.yml",
                with: "compose: { files: docker-compose.yml, project: \(fixture.project) }"))
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        let web = fixture.container("web")
        let started = ServiceLab.docker("inspect", "-f", "{{.State.StartedAt}}", web)
        let ended = ServiceLab.docker("inspect", "-f", "{{.State.FinishedAt}}", fixture.container("migrate"))
        #expect(ended < started, "it was started \(started), before \(ended)")
        let published = ServiceLab.docker("port", web, "80/tcp")
        let port = fixture.workspace.text("port")?.split(separator: "\n").first.map(String.init) ?? ""
        #expect(!port.isEmpty && published.hasSuffix(":\(port)"), "\(published) \(port)")
    }
}
