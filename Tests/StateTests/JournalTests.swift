import Base
import HostFakes
import HostInterfaces
import State
import Testing

@Suite struct JournalTests {
    let workspace = Workspace()

    @Test func `what was recorded is known to the next run`() throws {
        let first = try workspace.journal()
        let entry = LedgerEntry(kind: .repository, name: "/home/ana/shop/api", node: "repo:api", detail: ["a": 1])
        try first.append(.done(node: "step:a", fingerprint: ["x": ["y\n\"", 2]], seconds: 2.5))
        try first.append(.failed(node: "step:b", message: "exit status 1", seconds: 0.5))
        try first.append(.created(entry))
        try first.append(.data(service: "postgres", identity: "v1"))
        try first.append(.fact("port/postgres", 5433))
        for journal in [first, try workspace.journal(), .readOnly(in: workspace.folder, host: workspace.host)] {
            #expect(journal.lastDone("step:a")?.fingerprint == ["x": ["y\n\"", 2]])
            #expect(journal.lastDone("step:a")?.seconds == 2.5)
            #expect(journal.lastDone("step:a")?.at == 1_700_000_000)
            #expect(journal.lastFailed("step:b")?.message == "exit status 1")
            #expect(journal.created("repo:api").map(\.name) == ["/home/ana/shop/api"])
            #expect(journal.ledger.first?.detail == ["a": 1])
            #expect(journal.data(of: "postgres")?.identity == "v1")
            #expect(journal.fact("port/postgres") == 5433)
            #expect(journal.lastDone("step:c") == nil)
        }
    }

    @Test func `a failure counts only until the node is done`() throws {
        let journal = try workspace.journal()
        try journal.append(.failed(node: "step:a", message: "no", seconds: 1))
        try journal.append(.done("step:a"))
        #expect(journal.lastFailed("step:a") == nil)
        try journal.append(.failed(node: "step:a", message: "again", seconds: 1))
        #expect(journal.lastFailed("step:a")?.message == "again")
        #expect(journal.lastDone("step:a") != nil)
    }

    @Test func `work bound to data is known for each data and never taken for another`() throws {
        let journal = try workspace.journal()
        try journal.append(.done(node: "step:seed", fingerprint: 1, seconds: 1, data: "old", once: true))
        try journal.append(.done(node: "step:seed", fingerprint: 2, seconds: 1, data: "new", once: true))
        let read = try workspace.journal()
        #expect(read.done("step:seed", data: "old")?.fingerprint == 1)
        #expect(read.done("step:seed", data: "new")?.once == true)
        #expect(read.done("step:seed", data: "other") == nil)
        #expect(read.done("step:seed", data: nil) == nil)
        #expect(read.lastDone("step:seed")?.data == "new")
    }

    @Test func `a forgotten node is as one that never ran`() throws {
        let journal = try workspace.journal()
        try journal.append(.done(node: "step:a", fingerprint: 1, seconds: 1, data: "v"))
        try journal.append(.failed(node: "step:a", message: "no", seconds: 1))
        try journal.append(.forgotten(node: "step:a"))
        let read = try workspace.journal()
        #expect(read.lastDone("step:a") == nil && read.done("step:a", data: "v") == nil)
        #expect(read.lastFailed("step:a") == nil)
    }

    @Test func `what was removed leaves the ledger, the rest keeps its order`() throws {
        let journal = try workspace.journal()
        let entries = ["z", "a", "m"].map { LedgerEntry(kind: .volume, name: $0, node: "service:\($0)") }
        for entry in entries { try journal.append(.created(entry)) }
        // The same name of another kind is another thing.
        try journal.append(.removed(LedgerEntry(kind: .file, name: "z", node: "file:z")))
        try journal.append(.removed(entries[1]))
        #expect(try workspace.journal().ledger.map(\.name) == ["z", "m"])
    }

    @Test func `an expected time follows later runs`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:a", seconds: 10))
        try journal.append(.done("step:a", seconds: 2))
        try journal.append(.done(node: "step:b", fingerprint: 1, seconds: 3, data: "v"))
        #expect(try workspace.journal().expectedSeconds("step:a") == 6)
        #expect(try workspace.journal().expectedSeconds("step:b") == 3)
        #expect(journal.expectedSeconds("step:c") == nil)
    }

    @Test func `names with quotes and other scripts are found again`() throws {
        let journal = try workspace.journal()
        for name in ["step:\"x\\", "step:né", "step:\n"] { try journal.append(.done(name, .string(name))) }
        let read = try workspace.journal()
        for name in ["step:\"x\\", "step:né", "step:\n"] { #expect(read.lastDone(name)?.fingerprint == .string(name)) }
    }

    @Test func `reading creates nothing`() throws {
        let before = workspace.files.snapshot
        let journal = Journal.readOnly(in: workspace.folder, host: workspace.host)
        #expect(journal.ledger.isEmpty)
        #expect(workspace.files.snapshot == before)
        #expect(throws: SystemError.self) { try journal.append(.done("step:a")) }
    }

    @Test func `a fact set to null is gone`() throws {
        let journal = try workspace.journal()
        try journal.append(.fact("engine", "docker"))
        try journal.append(.fact("engine", .null))
        #expect(journal.fact("engine") == nil)
    }

    @Test func `a long journal is compacted and says the same`() throws {
        let journal = try workspace.journal()
        try journal.append(.created(LedgerEntry(kind: .file, name: "/a", node: "file:a")))
        try journal.append(.done(node: "step:seed", fingerprint: 1, seconds: 1, data: "v", once: true))
        for round in 0..<600 { try journal.append(.done("step:\(round % 7)", .integer(round))) }
        #expect(workspace.text.split(separator: "\n").count < 270)
        let read = try workspace.journal()
        for node in 0..<7 {
            #expect(read.lastDone("step:\(node)") == journal.lastDone("step:\(node)"))
            #expect(read.lastDone("step:\(node)")!.fingerprint.integer! >= 593)
        }
        #expect(read.done("step:seed", data: "v") != nil && read.ledger.count == 1)
    }

    @Test func `records of kinds that a later version added survive compaction`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:a"))
        let record = #"{"dream":"x","y":1}"#
        let sum = FakeDigests().sha256(Array(record.utf8)).prefix(16)
        workspace.files.add(workspace.path, workspace.text + "{\"sum\":\"\(sum)\",\"record\":\(record)}\n")
        let read = try workspace.open()
        #expect(read.notices.isEmpty)
        for round in 0..<300 { try read.journal.append(.done("step:a", .integer(round))) }
        #expect(workspace.text.contains(record))
        #expect(workspace.text.split(separator: "\n").count < 270)
    }
}
