import Base
import HostFakes
import HostInterfaces
import Testing

@testable import Reporting

@Suite struct HistoryTests {
    /// Seconds since 1970 of the last change of any run: what the fake says.
    private func modified(_ files: FakeFiles, _ path: Path) throws -> Double {
        Double(try #require(try files.status(of: path, followingLinks: false)).modified) / 1e9
    }

    private func filled(_ count: Int) -> FakeFiles {
        let files = FakeFiles()
        for index in 0..<count {
            let name = index < 10 ? "00\(index)" : index < 100 ? "0\(index)" : "\(index)"
            files.add("/runs/\(name)/events.ndjson".path, "{}")
        }
        return files
    }

    @Test func `twenty stay however old, the others for thirty days`() throws {
        let files = filled(30)
        let history = RunHistory(files: files, runs: "/runs")
        let current = RunFolder(runs: "/runs", run: "000")
        let now = try modified(files, "/runs/029")
        history.prune(current: current, wallSeconds: now + 29 * 86_400)
        #expect(try files.entries(of: "/runs").count == 30)
        history.prune(current: current, wallSeconds: now + 31 * 86_400)
        let left = try files.entries(of: "/runs").map(\.name)
        #expect(left.count == 21 && left.contains("000") && left.contains("029") && !left.contains("005"))
    }

    @Test func `no more than two hundred stay, however young`() throws {
        let files = filled(230)
        let now = try modified(files, "/runs/229")
        RunHistory(files: files, runs: "/runs").prune(
            current: RunFolder(runs: "/runs", run: "229"), wallSeconds: now)
        #expect(try files.entries(of: "/runs").count == 201)
    }
}

extension String {
    fileprivate var path: Path { Path(self) }
}
