import Git
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        "github:acme/api", "git@github.com:acme/api.git", "https://github.com/acme/api", "git@github.com:/acme/api",
        "ssh://git@github.com/acme/api/", "https://token@GitHub.com:443/Acme/api.git/",
        "git+ssh://git@github.com:22/acme/api",
    ])
    func `all ways to write a repository are one`(text: String) {
        #expect(RepositoryAddress.sameRepository(text, "https://github.com/acme/api.git"))
        #expect(RepositoryAddress.sameRepository(text, "https://github.com/acme/api2") == false)
        #expect(RepositoryAddress.sameRepository(text, "https://gitlab.com/acme/api") == false)
    }

    @Test func `other ports and other letters of a path are other repositories`() {
        #expect(RepositoryAddress.sameRepository("https://git.example/a/b", "https://git.example:8443/a/b") == false)
        #expect(RepositoryAddress.sameRepository("https://git.example/a/b", "https://git.example/a/B") == false)
        #expect(RepositoryAddress.sameRepository("/srv/api.git", "file:///srv/api"))
    }

    @Test func `a short form is reached as chosen`() throws {
        let address = try #require(RepositoryAddress("gitlab:acme/group/api"))
        #expect(address.reached(by: .ssh).url == "git@gitlab.com:acme/group/api.git")
        #expect(address.reached(by: .https).url == "https://gitlab.com/acme/group/api.git")
    }

    @Test(arguments: [
        "git@github.com:acme/api.git", "https://git.example/a/b.git", "ssh://git@git.example:2222/a/b", "/srv/api.git",
        "../api.git", "work:/srv/api.git", "git://git.example/a", "https://alice@git.example/a/b",
        "ssh://git@[::1]:2222/a/b", "[git@git.example:2222]:a/b.git", "ssh://git.example/~alice/b",
    ])
    func `an address is kept as it was written`(text: String) throws {
        #expect(
            try #require(RepositoryAddress(text)).storedURL
                == text.replacing("/srv/api.git", with: text.hasPrefix("/") ? "file:///srv/api.git" : "/srv/api.git"))
    }

    @Test(arguments: [
        "", "-oProxyCommand=touch", "ssh://-oProxyCommand=touch/x", "-x@host:path", "git@-host:path",
        "ext::sh -c touch",
        "https://", "https://host", "ftp://host/x", "github:acme", "https://host/a\nb", "ssh://host:99999/x", "host:-x",
    ])
    func `what could run something or leads nowhere is no address`(text: String) {
        #expect(RepositoryAddress(text) == nil)
    }

    @Test func `logins never show in words`() throws {
        #expect(
            RepositoryAddress.masked("no https://me:pw@h/x, http://tok3n@h/y or ssh://git@h/z and git@h:q")
                == "no https://***@h/x, http://***@h/y or ssh://git@h/z and git@h:q")
        #expect(RepositoryAddress.masked("ssh://me:pw@h/x") == "ssh://***@h/x")
        let address = try #require(RepositoryAddress("https://me:p%40ss@h:8443/x.git"))
        #expect(address.password == "p@ss")
        #expect(address.storedURL == "https://h:8443/x.git")
        #expect(address.publicURL == "https://h:8443/x.git")
        #expect(GitFailure(.other, "https://me:pw@h failed").message == "https://***@h failed")
        #expect(RepositoryAddress("https://ghp_0123456789abcdefghij@h/x")?.storedURL == "https://h/x")
    }
}
