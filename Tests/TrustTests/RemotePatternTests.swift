import Testing
import Trust

@Suite struct RemotePatternTests {
    @Test(arguments: [
        ("github.com/acme/api", "git@github.com:acme/api.git", true),
        ("github.com/acme/*", "https://GitHub.com/acme/api", true),
        ("github.com/acme/*", "https://github.com/acme/deep/api", false),
        ("github.com/acme/**", "https://github.com/acme/deep/api", true),
        ("github.com/acme/**", "https://github.com/acme", false),
        ("github.com/acme/*", "https://github.com/acme-evil/api", false),
        ("github.com/acme/*", "https://github.com.evil.example/acme/api", false),
        ("github.com/acme/*", "https://evil.example/github.com/acme/api", false),
        ("github.com/acme/*", "http://github.com/acme/api", false),
        ("github.com/acme/*", "https://github.com@evil.example/acme/api", false),
        ("github.com/acme/**", "https://github.com/acme/../evil/api", false),
        ("github.com/acme/*", "https://evil.example#@github.com/acme/api", false),
        ("github.com/acme/*", "https://evil.example?@github.com/acme/api", false),
        ("github.com/acme/**", "https://github.com/acme/%2e%2e/evil/api", false),
        ("GitHub.com/acme/api.git", "git@github.com:acme/api", true),
        ("git@github.com:acme/*", "ssh://git@github.com/acme/api", true),
    ])
    func `a pattern means its own remotes and no look-alike`(pattern: String, remote: String, isMeant: Bool) throws {
        #expect(try #require(RemotePattern(pattern)).matches(remote) == isMeant)
    }

    @Test(arguments: [
        "", "*", "**", "*/acme/api", "acme", "git*.example/acme/x", "http://github.com/acme/*", "file:///srv/*",
    ])
    func `a pattern that leaves the host open is none`(pattern: String) {
        #expect(RemotePattern(pattern) == nil)
    }
}
