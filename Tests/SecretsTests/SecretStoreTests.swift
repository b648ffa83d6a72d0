import Base
import HostFakes
import HostInterfaces
import Secrets
import State
import Testing

@Suite struct SecretStoreTests {
    let files = FakeFiles()
    let host: Host
    let folder: StateFolder

    init() {
        host = .fake(files: files)
        folder = StateFolder(host: host, workspaceRoot: "/work")
    }

    @Test func `secrets are kept in the state folder for the user alone`() async throws {
        let store = SecretStore(in: folder, host: host)
        try await store.set("db", to: StoredSecret(value: "p\"w\n", kind: "generate", definition: "abc"))
        try await store.set("key", to: StoredSecret(value: "k", kind: "prompt", definition: "", at: 5))
        let read = SecretStore(in: folder, host: host)
        #expect(read.names == ["db", "key"])
        #expect(read.get("db")?.value == "p\"w\n" && read.get("db")?.definition == "abc")
        #expect(read.get("db")?.at == host.clock.wallSeconds && read.get("key")?.at == 5)
        #expect(try files.status(of: folder.path / "secrets.json", followingLinks: true)?.mode == 0o600)
        try await store.remove("db")
        #expect(SecretStore(in: folder, host: host).get("db") == nil)
    }

    @Test func `a store that can't be read is told and kept`() async throws {
        let path = folder.path / "secrets.json"
        files.add(path, "{\"schema\":")
        let store = SecretStore(in: folder, host: host)
        #expect(store.takeNotices().count == 1 && store.get("db") == nil)
        try await store.set("db", to: StoredSecret(value: "new", kind: "generate", definition: ""))
        #expect(files.text(of: Path("\(path).broken-1")) == "{\"schema\":")
    }

    @Test func `the hash of a value is stable and differs by value, name and machine`() throws {
        #expect(KeyedHash.readOnly(in: folder, host: host) == nil)
        let hash = try KeyedHash.open(in: folder, host: host)
        let again = try #require(KeyedHash.readOnly(in: folder, host: host))
        #expect(hash.hash("value", name: "a") == again.hash("value", name: "a"))
        #expect(hash.hash("value", name: "a") != hash.hash("value2", name: "a"))
        #expect(hash.hash("value", name: "a") != hash.hash("value", name: "b"))
        #expect(hash.hash("bc", name: "a") != hash.hash("c", name: "ab"))
        #expect(try files.status(of: folder.path / "hash-key", followingLinks: true)?.mode == 0o600)
        try files.remove(folder.path / "hash-key")
        #expect(try KeyedHash.open(in: folder, host: host).hash("value", name: "a") != hash.hash("value", name: "a"))
    }
}
