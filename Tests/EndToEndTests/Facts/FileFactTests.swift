import Base
import HostInterfaces
import Testing

/// What devinit remembers of files is believed only as long as the file can't have changed.
@Suite struct FileFactTests {
    /// Each changes the input of its name, with size and modification time put back.
    static let changes = [
        "edited": "printf 2 >edited",
        "renamed": "printf 2 >../new; touch -r renamed ../new; mv ../new renamed",
        "linked": "printf 2 >other; touch -r linked other; rm linked; ln -s other linked",
        "hard": "printf 2 >../hard; touch -r hard ../hard; ln -f ../hard hard",
        "folder": "rm folder; mkdir folder",
        "gone": "rm gone",
    ]

    /// A step for each name, whose inputs are long at rest, so that their hashes are remembered.
    static func workspace(_ names: some Sequence<String>) async throws -> Workspace {
        let steps = names.sorted().map { "  \($0): { run: 'true', inputs: [\($0)] }\n" }.joined()
        let workspace = try Workspace(
            "version: 1\nsteps:\n\(steps)", files: Dictionary(uniqueKeysWithValues: names.map { ($0, "1") }))
        try await rest()
        try await workspace.up().expect(status: 0)
        let hashes = try #require(workspace.text(".devinit/cache/hashes"))
        for name in names { try #require("\(hashes)\n".contains("/\(name)\n"), "\(name) is not remembered") }
        return workspace
    }

    /// What changed less than two seconds ago is not remembered.
    static func rest() async throws { try await Task.sleep(for: .milliseconds(2100)) }

    static func reasons(_ workspace: Workspace) async throws -> [String: String] {
        try await workspace.devinit("plan", "--json").expect(status: 0).members("nodes", "reason")
    }

    @Test func `a changed input is noticed, though size and time are as they were`() async throws {
        let workspace = try await Self.workspace(Self.changes.keys)
        for (name, change) in Self.changes {
            try await workspace.shell(
                "touch -r \(name) ../time; \(change); if [ -f \(name) ]; then touch -r ../time \(name); fi")
        }
        let reasons = try await Self.reasons(workspace)
        for name in Self.changes.keys {
            #expect(reasons["step:\(name)"]?.hasPrefix("inputs changed: \(name)") == true, "\(name): \(reasons)")
        }
    }

    @Test func `a link that leads to another file of the same size and time is noticed`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: { a: { run: 'true', inputs: [lock] } }\n", files: ["v1": "1", "v2": "2"])
        try await workspace.shell("touch -r v1 v2; ln -s v1 lock")
        try await Self.rest()
        try await workspace.up().expect(status: 0)
        try await workspace.shell("ln -sfn v2 lock")
        #expect(try await Self.reasons(workspace)["step:a"] == "inputs changed: lock")
        try await workspace.shell("rm lock; cp -p v1 lock")
        #expect(try await Self.reasons(workspace)["step:a"] == "up to date", "the content is what counts")
    }

    @Test func `a file from the future is not remembered`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: { a: { run: 'true', inputs: [lock] } }\n", files: ["lock": "1"])
        try await workspace.shell("touch -d 2100-01-01 lock")
        try await Self.rest()
        try await workspace.up().expect(status: 0)
        #expect(workspace.text(".devinit/cache/hashes")?.contains("/lock") != true)
        try await workspace.shell("printf 2 >lock; touch -d 2100-01-01 lock")
        #expect(try await Self.reasons(workspace)["step:a"] == "inputs changed: lock")
    }

    /// Rewrites the file of hashes: every hash is a lie, and so is the field of that number where one is named.
    private func forge(_ workspace: Workspace, field: Int?) throws {
        let name = ".devinit/cache/hashes"
        let text = try #require(workspace.text(name))
        var body: [UInt8] = []
        for line in text.split(separator: "\n").dropFirst() {
            var fields = line.split(separator: " ", maxSplits: 6).map(String.init)
            fields[0] = String(repeating: "0", count: 64)
            if let field { fields[field - 1] = try #require(Int(fields[field - 1])).advanced(by: 1).description }
            body += Array(fields.joined(separator: " ").utf8) + [0x0A]
        }
        // The checksum of the file: Fletcher's sums.
        let sums = body.reduce(into: (plain: UInt64(1), weighted: UInt64(0))) { sums, byte in
            sums.plain &+= UInt64(byte)
            sums.weighted &+= sums.plain
        }
        let header = "devinit-hashes 2 \(String(sums.plain, radix: 16))-\(String(sums.weighted, radix: 16))\n"
        try workspace.write(name, Array(header.utf8) + body)
    }

    @Test func `a remembered hash counts for the very same file alone, which then is not read`() async throws {
        let workspace = try await Self.workspace(["lock"])
        try await workspace.shell("cp .devinit/cache/hashes ../hashes")
        // Size, change time, inode and device: as in a cache that came from another machine.
        for field in [2, 3, 5, 6] {
            try await workspace.shell("cp ../hashes .devinit/cache/hashes")
            try forge(workspace, field: field)
            #expect(try await Self.reasons(workspace)["step:lock"] == "up to date", "field \(field)")
        }
        try await workspace.shell("cp ../hashes .devinit/cache/hashes")
        try forge(workspace, field: nil)
        let reasons = try await Self.reasons(workspace)
        #expect(reasons["step:lock"] == "inputs changed: lock", "a file at rest was read again")
    }

    @Test(arguments: [
        "truncate -s -5 hashes", "printf x >>hashes", ": >hashes", "rm hashes; mkdir hashes",
        "rm hashes; ln -s /dev/full hashes", "tail -n +2 hashes >h; mv h hashes", "cd ..; rm -r cache; touch cache",
    ])
    func `a damaged file of hashes costs time only`(damage: String) async throws {
        let workspace = try await Self.workspace(["lock", "other"])
        try await workspace.shell("cd .devinit/cache; \(damage)")
        try await workspace.shell("touch -r lock ../time; printf 2 >lock; touch -r ../time lock")
        let reasons = try await Self.reasons(workspace)
        #expect(reasons["step:lock"] == "inputs changed: lock" && reasons["step:other"] == "up to date", "\(reasons)")
        try await workspace.up().expect(status: 0)
        try await workspace.up().expect(stderr: "up to date (…", status: 0)
    }

    @Test func `a list of inputs that belongs to other work names no file`() async throws {
        let files = Dictionary((0..<120).map { ("src/\($0).txt", "x") }, uniquingKeysWith: { $1 })
        let workspace = try Workspace(
            "version: 1\nsteps: { many: { run: 'true', inputs: ['src/**'] } }", files: files)
        try await workspace.up().expect(status: 0)
        try await workspace.shell("cp -r .devinit/cache/inputs ../old")
        try workspace.write("src/7.txt", "y")
        try await workspace.up().expect(status: 0)
        try await workspace.shell("cp ../old/* .devinit/cache/inputs/")
        #expect(try await Self.reasons(workspace)["step:many"] == "up to date")
        try workspace.write("src/8.txt", "y")
        #expect(try await Self.reasons(workspace)["step:many"] == "inputs changed (120 files)")
    }
}
