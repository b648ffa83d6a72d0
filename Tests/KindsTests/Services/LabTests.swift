import Base
import Execution
import HostInterfaces
import Testing

@testable import Kinds

/// Real containers, with both generations of Compose.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct LabTests {
    static let three = """
        postgres: { use: postgres, with: { image: "devinit-lab/postgres:15", databases: [app, audit], password: "p@ss/w$$rd" }, port: auto }
        redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
        rabbit: { use: rabbitmq, with: { image: "devinit-lab/rabbitmq:3-management" }, ports: { amqp: auto, management: auto } }
        """

    @Test(arguments: ServiceLab.Generation.allCases)
    func `each service is done at its own health, and a second up does nothing`(_ generation: ServiceLab.Generation)
        async throws
    {
        let fixture = try ServiceFixture(Self.three, generation: generation)
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        let order = fixture.events.finished.map(\.id)
        #expect(order.last == "service:rabbit", "\(order)")

        // Both databases are there, under the stated password, from outside the container.
        let names = ServiceLab.docker(
            "exec", "-e", "PGPASSWORD=p@ss/w$rd", fixture.container("postgres"), "psql", "-h", "postgres", "-U",
            "postgres",
            "-d", "audit", "-Atc", "select datname from pg_database order by 1")
        #expect(names.split(separator: "\n").contains("app") && names.split(separator: "\n").contains("audit"))

        let before = fixture.container("postgres")
        let plan = try await fixture.plan()
        for (_, assessment) in plan { #expect(assessment == .upToDate("running, healthy")) }
        let again = try await fixture.up()
        #expect(again.nodes.allSatisfy { $0.result.status == .upToDate })
        #expect(fixture.container("postgres") == before)
    }
}
