import Base
import HostFakes
import HostInterfaces
import Testing

@testable import State

/// Several instances write into one folder's journal.
@Suite struct InstanceRecordTests {
    private func journal(_ workspace: Workspace, _ instance: String?) throws -> Journal {
        let folder = StateFolder(host: workspace.host, workspaceRoot: "/home/ana/shop", instance: instance)
        return try Journal.open(in: folder, host: workspace.host).journal
    }

    @Test func `what one instance knows of its services is not believed by another, and files are everybody's`() throws
    {
        let workspace = Workspace()
        func write(_ instance: String?, _ port: Int, _ identity: String) throws {
            let journal = try journal(workspace, instance)
            try journal.append(.fact("service:db/port/main", .integer(port)))
            try journal.append(.fact("services/engine", .string("engine of \(port)")))
            try journal.append(.data(service: "db", identity: identity))
            try journal.append(.created(LedgerEntry(kind: .volume, name: identity, node: "service:db")))
            try journal.append(.done("service:db", .string(identity)))
            try journal.append(.done("env:.env", .string(identity)))
        }
        try write(nil, 1, "first")
        try write("b", 2, "second")
        for (instance, port, identity) in [(nil, 1, "first"), ("b", 2, "second")] as [(String?, Int, String)] {
            let journal = try journal(workspace, instance)
            #expect(journal.fact("service:db/port/main") == .integer(port))
            #expect(journal.fact("services/engine") == .string("engine of \(port)"))
            #expect(journal.factNames(beginning: "service:") == ["service:db/port/main"])
            #expect(journal.data(of: "db")?.identity == identity)
            #expect(journal.ledger.map(\.name) == [identity])
            #expect(journal.created("service:db").map(\.name) == [identity])
            #expect(journal.lastDone("service:db")?.fingerprint == .string(identity))
            #expect(journal.lastDone("env:.env")?.fingerprint == "second")
        }
        #expect(try journal(workspace, "c").fact("service:db/port/main") == nil)
        #expect(try journal(workspace, "c").ledger.isEmpty)
    }

    @Test func `what one instance forgets or loses, another keeps`() throws {
        let workspace = Workspace()
        let entry = LedgerEntry(kind: .volume, name: "v", node: "service:db")
        for instance in [nil, "b"] {
            let journal = try journal(workspace, instance)
            try journal.append(.fact("service:db/process", 17))
            try journal.append(.done("service:db"))
        }
        try journal(workspace, "b").append(.created(LedgerEntry(kind: .volume, name: "b_v", node: "service:db")))
        try journal(workspace, nil).append(.created(entry))
        let main = try journal(workspace, nil)
        try main.append(.fact("service:db/process", .null))
        try main.append(.forgotten(node: "service:db"))
        try main.append(.removed(entry))
        let other = try journal(workspace, "b")
        #expect(other.fact("service:db/process") == 17 && other.lastDone("service:db") != nil)
        #expect(other.ledger.map(\.name) == ["b_v"])
    }

    @Test func `records of a data are found, and no others`() throws {
        let journal = try journal(Workspace(), nil)
        try journal.append(.done(node: "step:seed", fingerprint: 1, seconds: 1, data: "d", once: true))
        try journal.append(.done(node: "step:migrate", fingerprint: 2, seconds: 1, data: "d"))
        try journal.append(.done(node: "step:migrate", fingerprint: 3, seconds: 1, data: "e"))
        try journal.append(.done(node: "step:install", fingerprint: 4, seconds: 1))
        #expect(journal.records(ofData: "d").map(\.node) == ["step:seed", "step:migrate"])
        #expect(journal.records(ofData: "d").map(\.once) == [true, false])
    }

    @Test func `a port is not chosen twice while nobody listens on it yet`() async throws {
        let workspace = Workspace()
        workspace.files.addFolder("/home/ana/other")
        let folders = ["/home/ana/shop", "/home/ana/other"].map {
            StateFolder(host: workspace.host, workspaceRoot: Path($0))
        }
        var chosen: Set<Int> = []
        for round in 0..<150 {
            for folder in folders {
                let port = try await PortReservations(host: workspace.host).reserve(
                    for: "db/\(round)", of: folder, transport: .tcp, address: "127.0.0.1", except: [])
                chosen.insert(try #require(port))
            }
        }
        #expect(chosen.count == 300)
    }
}
