import Testing

@testable import Versions

@Suite struct VersionRangeTests {
    @Test(arguments: [
        ("^1.2.3", ">=1.2.3 <2.0.0-0"), ("^0.2.3", ">=0.2.3 <0.3.0-0"), ("^0.0.3", ">=0.0.3 <0.0.4-0"),
        ("^0.0", "<0.1.0-0"), ("^0", "<1.0.0-0"), ("~1.2", ">=1.2.0 <1.3.0-0"),
        ("~> 3.10", ">=3.10.0 <3.11.0-0"),
        ("1.x || >=2.5", ">=1.0.0 <2.0.0-0||>=2.5.0"), ("1.2 - 3.4", ">=1.2.0 <3.5.0-0"), (">1.2", ">=1.3.0"),
        ("<=2", "<3.0.0-0"), ("> 1.2.3  <2", ">1.2.3 <2.0.0-0"), ("*", ""), ("", ""), (">x || 1.2.3+a", "1.2.3"),
        ("<0", "<0.0.0-0"), ("* || 1.0.0-beta", ""), ("=v1.2.3", "1.2.3"),
    ])
    func `a range stands for these bounds`(text: String, bounds: String) throws {
        #expect(try VersionRange(parsing: text).bounds == bounds)
    }

    @Test(arguments: [
        ("1.2.3.4", "more than three numbers"), (">=3.8,<4", "comma"), ("!=2", "excludes"), (">=", "no version behind"),
        ("latest", "is no version"), ("1.02", "begins with 0"), ("^9007199254740991", "too large"),
        ("1.2-rc.1", "pre-release"), ("==1.2.3", "two equals"), ("1 -", "both sides"), ("1..2", "dot without a number"),
        ("1 | 2", "joined by ||"), ("1.2.*3", "is no version"),
        ("1.2.3-" + String(repeating: "a", count: 256), "longer than 256"),
    ])
    func `what can't be read is named with its reason and shown how to write it`(text: String, reason: String) {
        let error = #expect(throws: VersionRangeError.self) { try VersionRange(parsing: text) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(VersionRangeError.examples) == true)
    }

    @Test func `only the part that is wrong is blamed`() {
        let error = #expect(throws: VersionRangeError.self) { try VersionRange(parsing: ">=1.2 <2.x.3 || 5") }
        #expect(error?.part == "<2.x.3")
        #expect(error?.range == ">=1.2 <2.x.3 || 5")
    }

    @Test(arguments: [
        (">2 <1", nil), ("<0", nil), (">1.2.3 <1.2.4", nil), ("1.2.3 1.2.4", nil), (">1.2.3-rc <1.2.3-rc.0", nil),
        (">=1.2", "1.2.0"), (">1.2.3", "1.2.4"), ("*", "0.0.0"), ("<2", "0.0.0"), (">1.2.3-rc.1", "1.2.3-rc.1.0"),
        (">2 <1 || 3", "3.0.0"), (">1.0.0 <1.0.1-beta", "1.0.1-0"),
    ])
    func `a range that nothing can satisfy is told from one with a lowest version`(text: String, lowest: String?) throws
    {
        let range = try VersionRange(parsing: text)
        #expect(range.minimum?.description == lowest)
        #expect(range.isSatisfiable == (lowest != nil))
    }

    /// Every version made of a few small numbers, with and without pre-releases.
    static let grid: [Version] = [0, 1, 2, 10].flatMap { major in
        [0, 1, 2].flatMap { minor in
            [0, 1, 3].flatMap { patch in
                [[], [.number(0)], [.text("beta"), .number(1)]].map { Version(major, minor, patch, prerelease: $0) }
            }
        }
    }

    @Test func `order is total, and equal versions hash alike`() {
        let sorted = Self.grid.shuffled().sorted()
        for (index, version) in sorted.enumerated() {
            #expect(sorted[(index + 1)...].allSatisfy { version < $0 && !($0 < version) })
            #expect(Version(strict: version.description) == version)
        }
        #expect(Version(strict: "1.2.3+a") == Version(strict: "1.2.3+b"))
        #expect(Set([Version(1, 2, 3, build: ["a"]), Version(1, 2, 3)]).count == 1)
    }

    @Test func `bounds written out are the same range, and a version is in the range that names it`() throws {
        for text in ["^1.2", "~0.1.1", "1.x", "<=2.1", ">1 <10", "1.0 - 2.1.0", "^1.0.0-beta.1", "0.1.x || >=2.0.1"] {
            let range = try VersionRange(parsing: text)
            let again = try VersionRange(parsing: range.bounds)
            for version in Self.grid {
                #expect(range.contains(version) == again.contains(version), "\(text) \(version)")
            }
        }
        for version in Self.grid {
            for form in ["\(version)", "^\(version)", "~\(version)", ">=\(version)", "\(version) - \(version)"] {
                #expect(try VersionRange(parsing: form).contains(version), "\(form)")
            }
            for form in ["<\(version)", ">\(version)"] {
                #expect(try !VersionRange(parsing: form).contains(version), "\(form)")
            }
        }
    }

    @Test func `alternatives are a union and bounds an intersection`() throws {
        let parts = ["^1.1", "<2.1", ">=0.2 <1.2.3", "10.x", ">1.0.0-beta.1"]
        for first in parts {
            for second in parts {
                let (one, two) = (try VersionRange(parsing: first), try VersionRange(parsing: second))
                let either = try VersionRange(parsing: "\(first)||\(second)")
                let both = try VersionRange(parsing: "\(first) \(second)")
                for version in Self.grid {
                    #expect(either.contains(version) == (one.contains(version) || two.contains(version)))
                    if version.isPrerelease { continue }
                    #expect(both.contains(version) == (one.contains(version) && two.contains(version)))
                }
            }
        }
    }
}
