import Base
import Testing

@testable import Versions

/// node-semver's own fixtures, those with default options.
@Suite(.enabled(if: Conformance.folder != nil, "shared/conformance does not stand beside the checkout"))
struct SemverConformanceTests {
    @Test func `versions inside a range are found in it`() throws {
        let cases = try Conformance.cases("range-include")
        #expect(cases.count > 30)
        for one in cases {
            let range = try VersionRange(parsing: one.text("range"))
            let version = try #require(Version(strict: one.text("version")), "\(one)")
            #expect(range.contains(version), "\(one)")
        }
    }

    @Test func `versions outside a range, or that are none, are not found in it`() throws {
        let cases = try Conformance.cases("range-exclude")
        #expect(cases.count > 20)
        for one in cases {
            guard let range = try? VersionRange(parsing: one.text("range")),
                let version = try Version(strict: one.text("version"))
            else { continue }
            #expect(!range.contains(version), "\(one)")
        }
    }

    @Test func `coercion finds the first version or none`() throws {
        let cases = try Conformance.cases("coerce")
        #expect(cases.count > 20)
        for one in cases {
            let input = one["input"]?.string ?? one["input"]?.integer.map(String.init)
            let version = Version(coercing: try #require(input))
            #expect(version?.precedence == one["expected"]?.string, "\(one)")
        }
    }

    @Test func `the greater version comes after the lesser`() throws {
        let cases = try Conformance.cases("comparisons")
        #expect(cases.count >= 3)
        for one in cases {
            let greater = try #require(Version(strict: one.text("a")))
            let lesser = try #require(Version(strict: one.text("b")))
            #expect(greater > lesser && !(lesser > greater) && greater != lesser, "\(one)")
        }
    }

    @Test func `a valid version is read into its parts`() throws {
        for one in try Conformance.cases("valid-versions") {
            let version = try #require(Version(strict: one.text("version")), "\(one)")
            #expect(version.major == one["major"]?.integer && version.minor == one["minor"]?.integer, "\(one)")
            #expect(version.patch == one["patch"]?.integer, "\(one)")
            let prerelease = version.prerelease.map { part -> JSON in
                switch part {
                case .number(let number): .integer(number)
                case .text(let text): .string(text)
                }
            }
            #expect(prerelease == one["prerelease"]?.array, "\(one)")
            #expect(version.build.map(JSON.string) == one["build"]?.array, "\(one)")
        }
    }

    @Test func `what is too long, too big or no version is refused`() throws {
        for one in try Conformance.cases("invalid-versions") {
            #expect(try Version(strict: one.text("version")) == nil, "\(one)")
        }
    }
}
