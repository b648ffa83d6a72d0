import Base
import Execution
import HostInterfaces
import Testing

@testable import Kinds

/// Containers that end, or end once and then serve, and checks that don't agree.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct LabEndingTests {
    private static func shell(_ name: String, _ script: String, compose: String = "", _ keys: String = "") -> String {
        """
        \(name): { compose: { image: "devinit-lab/base:12", init: true, stop_grace_period: 1s, command: [sh, -c, "\(script)"]\(compose) }\(keys) }
        """
    }

    @Test func `one that ends is no service, well or soon as it may end, and one that got up again is one`()
        async throws
    {
        let fixture = try ServiceFixture(
            [
                // It has a port, so it is there to be reached.
                Self.shell("well", "exit 0", ", port: \"\(22000 + Int.random(in: 0..<9000)):80\""),
                Self.shell("soon", "sleep 0.45; exit 4"),
                Self.shell(
                    "again", "test -e /tmp/again || { touch /tmp/again; exit 1; }; exec sleep 600",
                    compose: ", healthcheck: { test: [CMD, test, -e, /tmp/again], interval: 1s }", ", restart: always"),
            ].joined(separator: "\n"))
        let summary = try await fixture.up()
        #expect(summary["service:well"]?.failure?.message == "'well' ended with exit status 0", "\(summary.words)")
        #expect(summary["service:soon"]?.failure?.message == "'soon' ended with exit status 4", "\(summary.words)")
        #expect(summary["service:again"]?.status == .done, "\(summary.words)")
    }

    @Test func `a container that calls itself healthy is not done before the check from outside`() async throws {
        let fixture = try ServiceFixture(
            """
            web:
              compose: { image: "devinit-lab/nginx:1", command: [sh, -c, "sleep 3; exec nginx -g 'daemon off;'"], init: true, healthcheck: { test: [CMD, "true"], interval: 1s } }
              ports: { http: "\(22000 + Int.random(in: 0..<9000)):80" }
              health: { http: / }
            """)
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        // It must answer at once.
        let port = try #require(fixture.workspace.read().workspace.containerServices.first?.ports.first)
        guard case .fixed(let number) = port.host else { return }
        let answer = try await fixture.workspace.host.network.exchange(
            HTTPRequest(.tcp(host: "127.0.0.1", port: number), target: "/", headers: ["Host": "localhost"]))
        #expect(answer.status == 200)
    }

    @Test func `a check from outside that never passes says what it saw`() async throws {
        let fixture = try ServiceFixture(
            """
            web:
              compose: { image: "devinit-lab/nginx:1", init: true }
              ports: { http: "\(22000 + Int.random(in: 0..<9000)):80" }
              health: { http: /none, timeout: 2s }
            quiet:
              compose: { image: "devinit-lab/base:12", init: true, command: [sh, -c, "seq 1 9; exec sleep 600"] }
              health: { log: "^ready$", timeout: 2s }
            """)
        let summary = try await fixture.up()
        #expect(
            summary["service:web"]?.failure?.output.last?.hasSuffix("/none answered 404") == true, "\(summary.words)")
        let said = summary["service:quiet"]?.failure?.output.last
        #expect(said == "the last look from outside: no line of its log matches '^ready$'", "\(summary.words)")
        // A look at what is unhealthy comes to an end.
        #expect(try await fixture.plan()["service:quiet"]?.isWork == true)
    }
}
