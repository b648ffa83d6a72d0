import Foundation
import Testing

/// Words of the language that only some rooms, or none, may say.
@Suite struct LanguageTests {
    static func sources(outside rooms: Set<String>) -> [SourceTree.File] {
        SourceTree.sources.filter { !rooms.contains($0.room) }
    }

    @Test func `only the command line and the programs print or exit`() throws {
        let programs: Set = ["CLI", "devinit", "devinit-worker", "embed-templates"]
        let files = Self.sources(outside: programs)
        #expect(try SourceTree.places(of: #"(^|[^.\w])(print|debugPrint|exit|_exit|abort)\("#, in: files) == [])
    }

    @Test func `pointers stay in the rooms that talk to C`() throws {
        let files = Self.sources(outside: ["YAML", "POSIXHost", "devinit-worker"])
        #expect(try SourceTree.places(of: #"Unsafe\w*Pointer|withUnsafe\w+|Unmanaged<|unsafeBitCast"#, in: files) == [])
    }

    @Test(arguments: [
        #"@unchecked\s+Sendable"#, #"\btry!"#, #"\bas!"#, #"\bfatalError\("#,
        #"\bpreconditionFailure\("#,
    ])
    func `nothing crashes or races by decree`(pattern: String) throws {
        #expect(try SourceTree.places(of: pattern) == [])
    }

    @Test func `what the compiler can't check about sharing is proved in a comment`() throws {
        for hit in try SourceTree.hits(of: #"nonisolated\(unsafe\)"#) {
            let above = hit.file.lines[max(0, hit.line - 3)..<hit.line]
            #expect(above.contains { $0.contains("//") }, "\(hit.place)")
        }
    }

    @Test func `nothing is left for later in a comment`() throws {
        let marks = try Regex(#"\b(TODO|FIXME|XXX|HACK)\b"#)
        for path in SourceTree.paths(in: "Sources") + SourceTree.paths(in: "Plugins") {
            for (number, line) in SourceTree.text(path).split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                #expect(!line.contains(marks), "\(path):\(number + 1)")
            }
        }
    }

    @Test func `the reader of code does not take words in strings and comments for code`() {
        let code = SwiftCode(
            blanking: ##"""
                let a = "try! \(b as! C) // no" // try!
                /* try! /* nested */ try! */ let c = #"as! " \(x) \#(y)"#; d
                let e = """
                    print( "quoted" \("inner)" + f)
                    """
                let g = /"try!\/"/; h = i / j / k
                """##
        ).text
        #expect(!code.contains("try!"))
        #expect(code.contains("b as! C"))
        #expect(code.components(separatedBy: "as!").count == 2)
        for kept in ["let c =", "y", "; d", "let e =", "+ f", "h = i / j / k"] {
            #expect(code.contains(kept), "\(kept)")
        }
        #expect(!code.contains("print(") && !code.contains("inner"))
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count == 6)
    }
}
