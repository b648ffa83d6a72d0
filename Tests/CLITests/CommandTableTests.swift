import Arguments
import Testing

@testable import CLI

@Suite struct CommandTableTests {
    @Test func `the declared words don't contradict each other and each has its help`() {
        #expect(DeclarationCheck.problems(CommandTable.program) == [])
    }

    @Test func `every declared command is carried out`() {
        for spec in CommandTable.program.commands { #expect(CommandTable.command(named: spec.name) != nil) }
    }

    @Test(arguments: ["https://host/x.git", "git@host:team/x.git", "github:acme/api", "ssh://host/x", "file:///srv/x"])
    func `a git address is no node`(word: String) { #expect(RemoteWorkspace.isAddress(word)) }

    @Test(arguments: ["repo:api", "step:api/seed", "migrate", "env:api/.env", "a@b"])
    func `an id is no git address`(word: String) { #expect(!RemoteWorkspace.isAddress(word)) }

    @Test func `a day becomes its date, leap days too`() {
        #expect(RunIdentifier.date(days: 0) == (1970, 1, 1))
        #expect(RunIdentifier.date(days: 19_782) == (2024, 2, 29))
        #expect(RunIdentifier.date(days: 11_016) == (2000, 2, 29))
    }
}
