import Base
import HostFakes
import HostInterfaces
import Testing
import Trust

@Suite struct TrustStoreTests {
    let files = FakeFiles()
    let host: Host
    let path: Path = "/home/dev/.local/state/devinit/trust.json"
    let remote = "git@github.com:acme/shop.git"

    init() { host = .fake(files: files) }

    private var store: TrustStore { TrustStore(host: host) }

    private func content(_ text: String) -> TrustContent {
        TrustContent([ExecutableItem(node: "step:a", location: "here", what: "run", text: text)])
    }

    private func isApproved(_ text: String, remote: String? = nil, root: Path = "/home/ana/shop") -> Bool {
        store.isApproved(content(text).fingerprint(host.digests), remote: remote, root: root)
    }

    @Test func `only what was approved is approved, and only there`() async throws {
        #expect(!isApproved("make"))
        try await store.approve(content("make"), remote: nil, root: "/home/ana/shop")
        #expect(isApproved("make") && isApproved("make", remote: remote))
        #expect(!isApproved("make all"))
        #expect(!isApproved("make", root: "/tmp/other"))
        #expect(try files.status(of: path, followingLinks: true)?.mode == 0o600)
    }

    @Test func `another clone of the same remote is not asked again, another remote is`() async throws {
        try await store.approve(content("make"), remote: remote, root: "/home/ana/shop")
        #expect(isApproved("make", remote: "https://user:token@GitHub.com/acme/shop", root: "/home/ana/second"))
        #expect(!isApproved("make", remote: "https://github.com/mallory/shop", root: "/home/ana/second"))
        #expect(!isApproved("make", remote: "http://github.com/acme/shop", root: "/home/ana/second"))
        #expect(files.text(of: path)?.contains("token") == false)
    }

    @Test func `always covers what the remote brings later, and nothing without a remote`() async throws {
        try await store.approve(content("make"), remote: remote, root: "/home/ana/shop", always: true)
        #expect(isApproved("rm -rf /", remote: remote, root: "/home/ana/x"))
        #expect(!isApproved("rm -rf /", remote: nil))
        try await store.approve(content("make"), remote: remote, root: "/home/ana/shop")
        #expect(isApproved("other", remote: remote))
        try await store.revoke(remote: remote, root: "/home/ana/shop")
        try await store.approve(content("make"), remote: nil, root: "/home/ana/shop", always: true)
        #expect(!isApproved("other") && !isApproved("other", remote: remote))
    }

    @Test func `what was revoked is asked again`() async throws {
        try await store.approve(content("make"), remote: remote, root: "/home/ana/shop")
        try await store.approve(content("make"), remote: nil, root: "/home/ana/other")
        let revoked = try await store.revoke(remote: "https://github.com/acme/shop", root: "/home/ana/x")
        #expect(revoked.count == 1 && !isApproved("make", remote: remote))
        #expect(isApproved("make", root: "/home/ana/other"))
    }

    @Test func `branches that alternate are both remembered, and old ones make room`() async throws {
        for number in 0..<30 { try await store.approve(content("make \(number)"), remote: nil, root: "/home/ana/shop") }
        #expect(isApproved("make 29") && isApproved("make 10") && !isApproved("make 9"))
        #expect(store.list.count == 20)
        #expect(store.previous(remote: nil, root: "/home/ana/shop") == content("make 29").items)
        #expect(store.previous(remote: nil, root: "/home/ana/new") == nil)
    }

    @Test func `a store that can't be read approves nothing and is kept`() async throws {
        try await store.approve(content("make"), remote: nil, root: "/home/ana/shop")
        files.add(path, String(files.text(of: path)!.dropLast(10)))
        let store = store
        #expect(store.takeNotices().count == 1 && !isApproved("make"))
        try await store.approve(content("make"), remote: nil, root: "/home/ana/shop")
        #expect(isApproved("make") && files.exists(Path("\(path).broken-1")))
    }

    @Test(arguments: [
        ("git@github.com:acme/api.git", "github.com/acme/api"),
        ("https://github.com/acme/api/", "github.com/acme/api"),
        ("ssh://git@GitHub.com/acme/api.git", "github.com/acme/api"),
        ("ssh://git@host:2222/acme/api", "host:2222/acme/api"),
        ("git://github.com/acme/api", "git://github.com/acme/api"),
        ("file:///srv/api.git", "file:///srv/api"),
        ("/srv/api.git", "/srv/api.git"), ("./a:b", "./a:b"),
    ])
    func `a remote has one name however it is reached`(url: String, name: String) {
        #expect(RemoteIdentity.normalized(url) == name)
    }
}
