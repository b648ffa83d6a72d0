import Base
import HostFakes
import HostInterfaces
import State
import Testing

@Suite struct JournalDurabilityTests {
    let workspace = Workspace()

    @Test func `unsynced loss takes nothing that must not be repeated`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:plain-before"))
        try journal.append(.done(node: "step:seed", fingerprint: 1, seconds: 1, once: true))
        try journal.append(.created(LedgerEntry(kind: .volume, name: "v", node: "service:db")))
        try journal.append(.done("step:plain-after"))
        workspace.files.losePower()
        let (read, notices) = try workspace.open()
        #expect(notices.isEmpty)
        #expect(read.lastDone("step:seed") != nil && read.ledger.count == 1)
        // A sync takes along what was written before it.
        #expect(read.lastDone("step:plain-before") != nil)
        #expect(read.lastDone("step:plain-after") == nil)
    }

    @Test(arguments: [
        JournalRecord.done(node: "step:seed", fingerprint: 1, seconds: 1, once: true),
        .done(node: "step:seed", fingerprint: 1, seconds: 1, data: "v"),
        .created(LedgerEntry(kind: .volume, name: "v", node: "service:db")),
        .data(service: "db", identity: "v"), .fact("x", 1),
    ])
    func `each record that must not be lost is safe by itself`(record: JournalRecord) throws {
        try workspace.journal().append(record)
        let written = workspace.text
        workspace.files.losePower()
        #expect(workspace.text == written && written.split(separator: "\n").count == 2)
    }

    @Test func `synchronize keeps everything`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:a"))
        try journal.append(.failed(node: "step:b", message: "no", seconds: 1))
        try journal.synchronize()
        workspace.files.losePower()
        #expect(try workspace.journal().lastFailed("step:b") != nil)
    }

    @Test func `a failed sync is told, and the next record is written with all before it`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:a"))
        workspace.files.fail(.synchronize, times: 1)
        #expect(throws: SystemError.self) { try journal.append(.fact("x", 1)) }
        // Not worth a sync itself: what came before is safe because the file was written anew.
        try journal.append(.done("step:b"))
        workspace.files.losePower()
        let read = try workspace.journal()
        #expect(read.fact("x") == 1 && read.lastDone("step:a") != nil)
    }

    @Test func `a full disk costs the record that did not fit and no other`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:a"))
        workspace.files.limitCapacity(to: 0)
        #expect(throws: SystemError.self) { try journal.append(.done("step:b")) }
        #expect(throws: SystemError.self) { try journal.append(.done("step:b")) }
        #expect(journal.lastDone("step:b") == nil)
        workspace.files.limitCapacity(to: .max)
        try journal.append(.done("step:c"))
        let (read, notices) = try workspace.open()
        #expect(notices.isEmpty)
        #expect(read.lastDone("step:a") != nil && read.lastDone("step:b") == nil && read.lastDone("step:c") != nil)
    }

    @Test func `records appended at once are all there, each once`() async throws {
        let journal = try workspace.journal()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try? journal.append(
                        .done(node: "step:\(number)", fingerprint: 1, seconds: 1, once: number % 3 == 0))
                }
            }
        }
        try journal.synchronize()
        workspace.files.losePower()
        let read = try workspace.journal()
        for number in 0..<200 { #expect(read.lastDone("step:\(number)") != nil) }
        #expect(workspace.text.split(separator: "\n").count == 201)
    }
}
