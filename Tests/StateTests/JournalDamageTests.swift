import Base
import HostFakes
import HostInterfaces
import State
import Testing

@Suite struct JournalDamageTests {
    let workspace = Workspace()

    private func threeRecords() throws -> Journal {
        let journal = try workspace.journal()
        for name in ["a", "b", "c"] { try journal.append(.done("step:\(name)")) }
        return journal
    }

    @Test func `a torn last line is dropped and the next record stands on a line of its own`() throws {
        _ = try threeRecords()
        let whole = workspace.text
        for cut in 1...60 {
            workspace.files.add(workspace.path, String(whole.dropLast(cut)))
            let (journal, notices) = try workspace.open()
            #expect(notices.isEmpty)
            #expect(journal.lastDone("step:b") != nil && journal.lastDone("step:c") == nil)
            try journal.append(.done("step:d"))
            let read = try workspace.open()
            #expect(read.notices.isEmpty)
            #expect(read.journal.lastDone("step:d") != nil && read.journal.lastDone("step:b") != nil)
        }
    }

    @Test func `a tail of zeros, as a loss of power leaves it, is dropped`() throws {
        _ = try threeRecords()
        workspace.files.add(workspace.path, workspace.text + String(repeating: "\0", count: 400))
        let (journal, notices) = try workspace.open()
        #expect(notices.isEmpty && journal.lastDone("step:c") != nil)
        try journal.append(.done("step:d"))
        #expect(!workspace.text.contains("\0"))
    }

    @Test func `a byte flipped anywhere costs its line alone and the file is kept`() throws {
        _ = try threeRecords()
        let whole = Array(workspace.text.utf8)
        let lines = whole.split(separator: 0x0A)
        let second = lines[0].count + 1 + lines[1].count + 1
        let path = workspace.path
        for offset in 0..<lines[2].count {
            var bytes = whole
            bytes[second + offset] ^= 1
            // Turned into a newline it makes two damaged lines of one.
            try workspace.files.replace(path, with: bytes, mode: 0o600)
            let (journal, notices) = try workspace.open()
            #expect(notices.count == 1)
            #expect(journal.lastDone("step:a") != nil && journal.lastDone("step:c") != nil)
            #expect(journal.lastDone("step:b") == nil)
            #expect(workspace.aside("broken").count == 1)
            #expect(try workspace.files.read(workspace.aside("broken")[0], limit: 1 << 20) == bytes)
            #expect(try workspace.open().notices.isEmpty)
            try workspace.files.remove(workspace.aside("broken")[0])
        }
    }

    @Test func `a damaged header costs no record`() throws {
        _ = try threeRecords()
        workspace.files.add(workspace.path, "x" + workspace.text.dropFirst())
        let (journal, notices) = try workspace.open()
        #expect(notices.count == 1 && journal.lastDone("step:a") != nil)
        #expect(try workspace.open().notices.isEmpty)
    }

    @Test func `damage that can't be set aside on a full disk is kept until it can`() throws {
        _ = try threeRecords()
        let damaged = workspace.text.replacing("step:b", with: "step:B")
        workspace.files.add(workspace.path, damaged)
        workspace.files.fail(.replace, code: FakeCode.noSpace)
        let (journal, notices) = try workspace.open()
        #expect(notices.count == 1 && journal.lastDone("step:a") != nil)
        #expect(throws: SystemError.self) { try journal.append(.done("step:d")) }
        #expect(workspace.text == damaged)
        workspace.files.stopFailing()
        try journal.append(.done("step:d"))
        #expect(workspace.files.text(of: workspace.aside("broken")[0]) == damaged)
        #expect(try workspace.journal().lastDone("step:d") != nil)
    }

    @Test func `a copied home is not believed, and its records are there again on the old machine`() throws {
        _ = try threeRecords()
        let other = Workspace(files: workspace.files, machine: "new laptop")
        #expect(other.folder.path == workspace.folder.path && other.folder.isForeign)
        #expect(Journal.readOnly(in: other.folder, host: other.host).lastDone("step:a") == nil)
        let (journal, notices) = try other.open()
        #expect(notices.count == 1 && journal.lastDone("step:a") == nil)
        try journal.append(.done("step:z"))
        #expect(!other.folder.isForeign && !workspace.folder.isForeign)
        let back = try workspace.open()
        #expect(back.notices.isEmpty)
        #expect(back.journal.lastDone("step:a") != nil && back.journal.lastDone("step:z") == nil)
    }

    @Test(arguments: [("other", "1"), ("laptop", "2")])
    func `a journal of another machine or a newer version is set aside`(machine: String, version: String) throws {
        _ = try threeRecords()
        let record = #"{"journal":"\#(version)","machine":"\#(machine)","at":1.0}"#
        let sum = FakeDigests().sha256(Array(record.utf8)).prefix(16)
        var lines = workspace.text.split(separator: "\n").map(String.init)
        lines[0] = "{\"sum\":\"\(sum)\",\"record\":\(record)}"
        workspace.files.add(workspace.path, lines.joined(separator: "\n") + "\n")
        #expect(Journal.readOnly(in: workspace.folder, host: workspace.host).lastDone("step:a") == nil)
        let (journal, notices) = try workspace.open()
        #expect(notices.count == 1 && journal.lastDone("step:a") == nil)
        #expect(workspace.aside(version == "2" ? "newer" : "foreign").count == 1)
        try journal.append(.done("step:d"))
        #expect(try workspace.open().notices.isEmpty)
    }

    @Test func `a journal that can't be read is set aside and the run goes on`() throws {
        _ = try threeRecords()
        workspace.files.fail(.read, at: workspace.path)
        let (journal, notices) = try workspace.open()
        #expect(notices.count == 1 && notices[0].contains("broken-1"))
        workspace.files.stopFailing()
        try journal.append(.done("step:d"))
        #expect(workspace.aside("broken").count == 1)
    }
}
