import Testing

/// Files that a person can read in one go.
@Suite struct SizeTests {
    /// Lines. Generated and data files are not code.
    static let limit = 400

    @Test func `no file of code has 400 lines`() {
        let code = (SourceTree.paths(in: "Sources") + SourceTree.paths(in: "Plugins") + SourceTree.paths(in: "Tests"))
            .filter { path in !path.contains("/Fixtures/") && [".swift", ".c", ".h"].contains { path.hasSuffix($0) } }
        for path in code {
            let count = SourceTree.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(count < Self.limit, "\(path) has \(count) lines")
        }
    }

    @Test func `half of the files have at most 130 lines`() {
        let counts = SourceTree.sources.map { $0.lines.count }.sorted()
        #expect(counts[counts.count / 2] <= 130)
    }

    @Test func `the program itself only starts the command line`() {
        #expect(SourceTree.text("Sources/devinit/main.swift").split(separator: "\n").count <= 20)
    }
}
