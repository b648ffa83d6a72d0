import Base
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// What globs find, on a real file system.
@Suite struct GlobTests {
    static let files = [
        "a.js", "b.ts", ".env", "src/x.js", "src/.babelrc", "src/deep/y.js", "src/deep/z[1].js", "lib/x.js",
        "node_modules/p/index.js", "src/node_modules/q/index.js", ".git/config", ".devinit/cache/x.js", "a+b.txt",
    ]

    static let table: [([String], [String])] = [
        (["*.js"], ["a.js"]),
        (["*"], [".env", "a+b.txt", "a.js", "b.ts", "init.yaml"]),
        (["*.{js,ts}"], ["a.js", "b.ts"]),
        (["[ab].?s"], ["a.js", "b.ts"]),
        (["[!a].?s"], ["b.ts"]),
        (["src"], ["src/.babelrc", "src/deep/y.js", "src/deep/z[1].js", "src/node_modules/q/index.js", "src/x.js"]),
        (["src/**/*.js", "!**/node_modules/**"], ["src/deep/y.js", "src/deep/z[1].js", "src/x.js"]),
        (["**/x.js"], ["lib/x.js", "src/x.js"]),
        (["**/*.js", "!**/node_modules", "!src/**", "src/x.js"], ["a.js", "lib/x.js", "src/x.js"]),
        (["src/*/y.js"], ["src/deep/y.js"]),
        (["src/deep/z\\[1\\].js"], ["src/deep/z[1].js"]),
        (["{src,lib}/x.js"], ["lib/x.js", "src/x.js"]),
        (["./src/../lib/*"], ["lib/x.js"]),
        (["**/node_modules", "!**/q"], ["node_modules/p/index.js"]),
        (["a+b.txt"], ["a+b.txt"]),
        ([".git/config"], [".git/config"]),
        (["*.js", "!*.js"], []),
    ]

    @Test(arguments: table) func `globs find what they say`(_ patterns: [String], _ expected: [String]) throws {
        let fixture = try WorkspaceFixture(
            "version: 1\n", files: Dictionary(uniqueKeysWithValues: Self.files.map { ($0, "") }))
        let found = GlobSet(patterns).files(in: fixture.root, boundaries: [fixture.root], on: fixture.host)
        #expect(found.map { $0.path.relative(to: fixture.root).text } == expected)
    }

    @Test func `a link that leads out is not followed, and a loop ends`() throws {
        let fixture = try WorkspaceFixture("version: 1\n", files: ["in/a.txt": "1"])
        let outside = fixture.base / "home" / "secret.txt"
        try Data("x".utf8).write(to: URL(filePath: outside.text))
        try fixture.host.files.makeLink(at: fixture.root / "in/out.txt", to: outside.text)
        try fixture.host.files.makeLink(at: fixture.root / "in/home", to: (fixture.base / "home").text)
        try fixture.host.files.makeLink(at: fixture.root / "in/loop", to: ".")
        let found = GlobSet(["in/**"]).files(in: fixture.root, boundaries: [fixture.root], on: fixture.host)
        #expect(found.map(\.path.name) == ["a.txt", "home", "loop", "out.txt"])
        #expect(found.map(\.isOutside) == [false, true, true, true])
        let named = GlobSet(["in/home/secret.txt", "in/out.txt"]).files(
            in: fixture.root, boundaries: [fixture.root], on: fixture.host)
        #expect(named.map(\.isOutside) == [true, true])
    }

    @Test func `a name without wildcards that is missing is known to be missing`() throws {
        let fixture = try WorkspaceFixture("version: 1\n")
        let found = GlobSet(["gone.txt", "*.gone"]).files(
            in: fixture.root, boundaries: [fixture.root], on: fixture.host)
        #expect(found.map(\.path.name) == ["gone.txt"])
        #expect(found.first?.status == nil)
    }

    @Test func `a name of many stars takes no time without end`() {
        let pattern = GlobPattern(String(repeating: "a*", count: 30) + "b")
        #expect(!RootedGlob(pattern, in: "/").matches(Path("/" + String(repeating: "a", count: 200))))
    }
}
