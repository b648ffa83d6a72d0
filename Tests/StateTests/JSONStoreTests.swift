import Base
import HostFakes
import HostInterfaces
import State
import Testing

@Suite struct JSONStoreTests {
    let workspace = Workspace()
    var path: Path { workspace.folder.path / "answers.json" }

    private func open() -> JSONStore { JSONStore(path: path, schema: "devinit.answers/1", host: workspace.host) }

    @Test func `values are kept for the user alone`() async throws {
        let store = open()
        try await store.set("region", to: "eu")
        try await store.set("tier", to: ["a", 1])
        #expect(open()["region"] == "eu" && open()["tier"] == ["a", 1])
        #expect(open().names == ["region", "tier"])
        #expect(try workspace.files.status(of: path, followingLinks: true)?.mode == 0o600)
        try await store.set("region", to: nil)
        #expect(open().names == ["tier"])
    }

    @Test func `reading creates nothing`() {
        let before = workspace.files.snapshot
        #expect(open().names.isEmpty && open().takeNotices().isEmpty)
        #expect(workspace.files.snapshot == before)
    }

    @Test(arguments: ["{\"schema\":\"devinit.answ", "", "[]", #"{"schema":"devinit.answers/2","values":{}}"#])
    func `a store that can't be read is set aside, not lost and not fatal`(text: String) async throws {
        workspace.files.add(path, text)
        let store = open()
        #expect(store.takeNotices().count == 1 && store.takeNotices().isEmpty)
        #expect(workspace.files.text(of: path) == text)
        try await store.set("a", to: 1)
        #expect(workspace.files.text(of: Path("\(path).broken-1")) == text)
        #expect(open()["a"] == 1 && open().takeNotices().isEmpty)
        workspace.files.add(path, text)
        try await open().set("b", to: 2)
        #expect(workspace.files.text(of: Path("\(path).broken-2")) == text)
    }

    @Test func `a store that may not be read is not written over`() async throws {
        workspace.files.add(path, "secret")
        workspace.files.fail(.read, at: path, code: FakeCode.noAccess)
        workspace.files.fail(.rename, code: FakeCode.noAccess)
        let store = open()
        #expect(store.takeNotices().count == 1)
        await #expect(throws: SystemError.self) { try await store.set("a", to: 1) }
        workspace.files.stopFailing()
        #expect(workspace.files.text(of: path) == "secret")
    }

    @Test func `two writers keep each other's values`() async throws {
        let first = open()
        let second = open()
        try await first.set("a", to: 1)
        try await second.set("b", to: 2)
        #expect(open().names == ["a", "b"] && second["a"] == 1)
    }

    @Test func `a writer waits for another and gives up after ten seconds`() async throws {
        workspace.files.addFolder(path.parent)
        workspace.files.holdLock(Path("\(path).lock"))
        let (store, clock) = (open(), workspace.clock)
        let writing = Task { try await store.set("a", to: 1) }
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(9))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(1))
        await #expect(throws: SystemError.self) { try await writing.value }
    }
}
