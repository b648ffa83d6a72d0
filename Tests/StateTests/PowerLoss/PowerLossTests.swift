import Base
import Foundation
import HostFakes
import HostInterfaces
import State
import Testing

/// What must survive `kill -9`, a disk that fails and a loss of power, at any moment; drawn from seeds.
@Suite struct PowerLossTests {
    static func seeds(_ count: UInt64) -> SimulationSeeds {
        SimulationSeeds(ProcessInfo.processInfo.environment, usually: count)
    }

    @Test func `the journal keeps each record that was durable when append returned, and always opens`() async {
        let failures = await Self.seeds(1000).failures(test: "PowerLossTests") {
            JournalPowerLoss.problems(ofSeed: $0)
        }
        for failure in failures { Issue.record("\(failure)") }
    }

    @Test func `a store is never half, and no update that returned is lost`() async {
        let failures = await Self.seeds(1500).failures(test: "PowerLossTests") {
            await StorePowerLoss.problems(ofSeed: $0)
        }
        for failure in failures { Issue.record("\(failure)") }
    }

    @Test func `a replaced file is the old one or the new one, never a mix and never empty`() async {
        let failures = await Self.seeds(4000).failures(test: "PowerLossTests") { seed in
            var random = SeededGenerator(seed: seed)
            let path: Path = "/home/ana/shop/.env"
            let files = FakeFiles([path: "OLD=1\nMORE=2\n"])
            var possible: Set = ["OLD=1\nMORE=2\n"]
            for number in 0..<random.within(1, 5) {
                let new = String(repeating: "LINE=\(number)\n", count: random.within(1, 4))
                if random.oneIn(3) { files.stopProcess(afterChanges: random.below(6)) }
                if random.oneIn(4) { files.failAtRandom(oneIn: 4, seed: random.next()) }
                possible.insert(new)
                do throws(SystemError) {
                    try files.replace(path, with: Array(new.utf8), mode: 0o600)
                    possible = [new]
                } catch {}
                if files.isStopped { files.restart() }
            }
            files.losePower(seed: random.next())
            let found = files.text(of: path)
            return found.map(possible.contains) == true ? [] : ["\(found ?? "nothing") instead of \(possible)"]
        }
        for failure in failures { Issue.record("\(failure)") }
    }

    @Test(arguments: [("answers.json", "{\"schema\":\"devinit.answ"), ("journal", "")])
    func `what is set aside is never lost`(name: String, text: String) async {
        let failures = await Self.seeds(300).failures(test: "PowerLossTests") { seed in
            var random = SeededGenerator(seed: seed)
            let workspace = Workspace(digests: QuickDigests())
            let path = workspace.folder.path / name
            var content = text
            if name == "journal" {
                // A journal of another machine under the name of this one's.
                guard let other = try? workspace.journal(), (try? other.append(.fact("a", 1))) != nil else { return [] }
                content = workspace.text.replacing("laptop", with: "lapdog")
                workspace.files.add(workspace.path, content)
            } else {
                workspace.files.add(path, text)
            }
            workspace.files.stopProcess(afterChanges: random.below(16))
            if name == "journal" {
                try? workspace.journal().append(.fact("b", 2))
            } else {
                try? await JSONStore(path: path, schema: "devinit.answers/1", host: workspace.host).set("b", to: 2)
            }
            workspace.files.losePower(seed: random.next())
            return workspace.files.snapshot.values.contains(content) ? [] : ["the old content is gone"]
        }
        for failure in failures { Issue.record("\(failure)") }
    }

    @Test func `what a holder of the lock left half-written blocks nobody`() async {
        let failures = await Self.seeds(300).failures(test: "PowerLossTests") { seed in
            var random = SeededGenerator(seed: seed)
            let workspace = Workspace(digests: QuickDigests())
            let me = RunLock.Holder(pid: 42, command: "devinit up", startedAt: 1)
            for round in 0..<4 {
                workspace.files.stopProcess(afterChanges: random.below(12))
                _ = try? await RunLock.acquire(in: workspace.folder, host: workspace.host, as: me, waiting: .zero)
                if random.oneIn(2) { workspace.files.losePower(seed: random.next()) } else { workspace.files.restart() }
                guard
                    case .acquired(let lock)? = try? await RunLock.acquire(
                        in: workspace.folder, host: workspace.host, as: me, waiting: .zero)
                else { return ["not acquired in round \(round)"] }
                if RunLock.holder(in: workspace.folder, host: workspace.host) != me {
                    return ["told of another holder"]
                }
                if random.oneIn(2) { lock.release() }
                workspace.files.restart()
            }
            return []
        }
        for failure in failures { Issue.record("\(failure)") }
    }
}
