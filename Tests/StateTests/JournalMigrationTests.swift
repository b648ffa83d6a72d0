import Base
import HostFakes
import HostInterfaces
import Testing

@testable import State

@Suite struct JournalMigrationTests {
    let workspace = Workspace()

    /// Two formats after this one: one that calls steps jobs, and one that forgets facts.
    static let later = JournalFormat(
        version: JournalFormat.current.version + 2,
        migrations: JournalFormat.current.migrations.merging([
            JournalFormat.current.version: { record in
                guard let name = record["done"]?.string, case .object(var members) = record else { return record }
                members[0] = JSON.Member("done", .string(name.replacing("step:", with: "job:")))
                return .object(members)
            },
            JournalFormat.current.version + 1: { $0["fact"] == nil ? $0 : nil },
        ]) { $1 })

    func open(_ format: JournalFormat) throws -> (journal: Journal, notices: [String]) {
        try Journal.open(in: workspace.folder, host: workspace.host, format: format)
    }

    @Test func `records of an earlier format are taken over and the file as it was is kept`() throws {
        let journal = try workspace.journal()
        try journal.append(.done("step:a", seconds: 3))
        try journal.append(.fact("port", 5))
        let before = workspace.text
        let (migrated, notices) = try open(Self.later)
        #expect(notices.count == 1 && notices[0].hasPrefix("the record of earlier runs was taken over from format 1"))
        #expect(migrated.lastDone("job:a")?.seconds == 3 && migrated.lastDone("step:a") == nil)
        #expect(migrated.fact("port") == nil)
        #expect(workspace.aside("version-1").count == 1)
        #expect(workspace.files.text(of: workspace.aside("version-1")[0]) == before)
        // It is written in the new format at once, and goes on in it.
        try migrated.append(.done("job:b"))
        let again = try open(Self.later)
        #expect(again.notices.isEmpty)
        #expect(again.journal.lastDone("job:a") != nil && again.journal.lastDone("job:b") != nil)
    }

    @Test func `a plan reads an earlier format and changes nothing on disk`() throws {
        try workspace.journal().append(.done("step:a"))
        let before = workspace.files.snapshot.mapValues { "\($0)" }
        let journal = Journal.readOnly(in: workspace.folder, host: workspace.host)
        #expect(journal.lastDone("step:a") != nil)
        #expect(workspace.files.snapshot.mapValues { "\($0)" } == before)
    }

    @Test func `a later format is set aside, and one whose migration is gone too`() throws {
        try open(Self.later).journal.append(.done("job:a"))
        let (journal, notices) = try workspace.open()
        #expect(notices[0].contains("newer devinit") && journal.lastDone("job:a") == nil)
        #expect(workspace.aside("newer").count == 1)
        try journal.append(.done("step:b"))
        let (unknown, words) = try open(JournalFormat(version: 9, migrations: [:]))
        #expect(words[0].contains("not known any more") && unknown.lastDone("step:b") == nil)
        #expect(workspace.aside("older").count == 1)
    }
}
