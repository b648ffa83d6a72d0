import Base
import HostFakes
import HostInterfaces
import Secrets
import State
import Synchronization
import Testing

/// Secrets in the keychain of the system. `secret-tool` is also run for real, by the end-to-end tests; what `security`
/// of macOS does here is recorded from its manual page and source.
@Suite struct KeychainTests {
    /// A keychain that is played: items by the words that name them.
    final class Played: Sendable {
        let items = Mutex<[[String]: String]>([:])
        let processes = FakeProcesses()
        let files = FakeFiles()
        let isLocked = Mutex(false)
        let system: String

        init(_ system: String) {
            self.system = system
            processes.script { request throws(ProcessError) in self.answer(request) }
        }

        var host: Host {
            var machine = Machine.fake
            machine.operatingSystem = system
            return .fake(files: files, processes: processes, machine: machine)
        }

        func store(_ place: SecretPlace = .keychain) -> SecretStore {
            SecretStore(in: StateFolder(host: host, workspaceRoot: "/work"), host: host, place: place)
        }

        var file: String { files.text(of: StateFolder(host: host, workspaceRoot: "/work").path / "secrets.json") ?? "" }

        private func answer(_ request: ProcessRequest) -> ProcessResult? {
            let words = request.arguments
            let input: String =
                if case .bytes(let bytes) = request.input { String(decoding: bytes, as: UTF8.self) } else { "" }
            let locked = isLocked.withLock { $0 }
            return items.withLock { items in
                switch (words[0], words[1]) {
                case ("secret-tool", "store"):
                    if locked {
                        return .fake(error: "secret-tool: Cannot create an item in a locked collection\n", status: 1)
                    }
                    items[Array(words[3...])] = input
                    return .fake()
                case ("secret-tool", "lookup"):
                    guard let value = items[Array(words[2...])], !locked else { return .fake(status: 1) }
                    return .fake(output: value)
                case ("secret-tool", "clear"):
                    return .fake(status: locked || items.removeValue(forKey: Array(words[2...])) == nil ? 1 : 0)
                case ("secret-tool", "search"):
                    return .fake(output: items[Array(words[3...])] == nil ? "" : "[/org/freedesktop/secrets/1]\n")
                case ("/usr/bin/security", "-i"):
                    let command = input.dropLast().split(separator: " ").map(String.init)
                    guard command[0...1] == ["add-generic-password", "-U"], command[6] == "-w" else { return nil }
                    items[Array(command[2..<6])] = command[7]
                    return .fake()
                case ("/usr/bin/security", "find-generic-password"):
                    return items[Array(words[2..<6])].map { .fake(output: $0 + "\n") } ?? .fake(status: 44)
                case ("/usr/bin/security", "delete-generic-password"):
                    return .fake(status: items.removeValue(forKey: Array(words[2..<6])) == nil ? 44 : 0)
                default: return nil
                }
            }
        }
    }

    static let nasty = "a b'\"$%\\\nline two \u{E9}"

    private static func secret(_ value: String) -> StoredSecret {
        StoredSecret(value: value, kind: "prompt", definition: "Key")
    }

    @Test(arguments: ["linux", "macos"])
    func `a value goes into the keychain, comes back as it was, and is neither in the file nor an argument`(
        system: String
    ) async throws {
        let played = Played(system)
        try await played.store().set("key", to: Self.secret(Self.nasty))
        let read = played.store()
        #expect(read.get("key") == nil && read.problem(with: "key") != nil, "it was not fetched yet")
        await read.fetch(patience: false)
        #expect(read.get("key")?.value == Self.nasty && read.get("key")?.kind == "prompt")
        #expect(read.place(of: "key") == "keychain" && read.problem(with: "key") == nil)
        #expect(!played.file.contains("line two"))
        #expect(!played.processes.commands.joined().contains { $0.contains("line") })
        try await read.remove("key")
        #expect(played.items.withLock { $0.isEmpty } && played.store().names == [])
        #expect(played.processes.unscripted == [])
    }

    @Test func `a keychain whose program is missing is an error with the way out, and nothing is kept in a file`()
        async throws
    {
        let processes = FakeProcesses()
        processes.script { _ throws(ProcessError) in throw .programNotFound("secret-tool") }
        let files = FakeFiles()
        let host = Host.fake(files: files, processes: processes)
        let folder = StateFolder(host: host, workspaceRoot: "/work")
        let store = SecretStore(in: folder, host: host, place: .keychain)
        let error = await #expect(throws: SecretStoreError.self) {
            try await store.set("key", to: Self.secret("value"))
        }
        #expect(error?.message == "the keychain can't be used: secret-tool: no such program on PATH")
        #expect(
            error?.remedy.contains("libsecret-tools") == true && error?.remedy.contains("secret_store: file") == true)
        #expect(files.text(of: folder.path / "secrets.json") == nil)
    }

    @Test func `a locked keychain is told from one that no longer has the secret`() async throws {
        let played = Played("linux")
        try await played.store().set("key", to: Self.secret("value-of-it"))
        played.isLocked.withLock { $0 = true }
        let locked = played.store()
        await locked.fetch(patience: true)
        #expect(locked.problem(with: "key")?.message == "the keychain is locked and did not give the secret 'key'")
        let refused = await #expect(throws: SecretStoreError.self) {
            try await locked.set("key", to: Self.secret("new"))
        }
        #expect(refused?.message.hasSuffix("Cannot create an item in a locked collection") == true)
        await #expect(throws: SecretStoreError.self) { try await locked.remove("key") }
        #expect(locked.names == ["key"])
        played.isLocked.withLock { $0 = false }
        played.items.withLock { $0 = [:] }
        let gone = played.store()
        await gone.fetch(patience: true)
        #expect(gone.problem(with: "key")?.message.contains("not in the keychain any more") == true)
        try await gone.remove("key")
        #expect(played.store().names == [])
    }

    @Test func `a keychain that is locked is asked once for all secrets`() async throws {
        let played = Played("linux")
        for name in ["a", "b", "c"] { try await played.store().set(name, to: Self.secret("value-\(name)")) }
        played.isLocked.withLock { $0 = true }
        let before = played.processes.commands.count
        let store = played.store()
        await store.fetch(patience: true)
        #expect(played.processes.commands.dropFirst(before).filter { $0[1] == "lookup" }.count == 1)
        #expect(store.problem(with: "c") == store.problem(with: "a"))
    }

    @Test func `what the file has moves into a keychain that is chosen later, and stays readable when it no longer is`()
        async throws
    {
        let played = Played("linux")
        try await played.store(.file).set("old", to: Self.secret("kept-in-a-file"))
        try await played.store(.file).set("none", to: StoredSecret(value: "", kind: "not-given", definition: ""))
        #expect(played.file.contains("kept-in-a-file") && played.processes.commands.isEmpty)
        #expect(try await played.store().moveToKeychain() == ["old"])
        #expect(!played.file.contains("kept-in-a-file"))
        let back = played.store(.file)
        await back.fetch(patience: true)
        #expect(back.get("old")?.value == "kept-in-a-file" && back.get("none")?.kind == "not-given")
        try await back.set("old", to: Self.secret("in-the-file-again"))
        #expect(played.items.withLock { $0.isEmpty } && played.store(.file).get("old")?.value == "in-the-file-again")
    }
}
