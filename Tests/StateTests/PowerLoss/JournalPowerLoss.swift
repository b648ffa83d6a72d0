import Base
import HostFakes
import HostInterfaces
import State

/// A journal whose process is stopped, whose disk fails and whose power goes, as the seed says.
struct JournalPowerLoss {
    private let workspace = Workspace(digests: QuickDigests())
    private let seed: UInt64
    private var random: SeededGenerator
    private var journal: Journal?
    private var model = Durable<Int>()
    private var next = 0
    /// Whether a line in the middle may be damaged since the last opening.
    private var mayBeDamaged = false
    /// A sync failed, and nothing was written anew since: a process that ends now leaves a file that looks whole and is
    /// not, which no later process can tell. That is as far as the promise goes.
    private var hasDropped = false
    private(set) var problems: [String] = []

    static func problems(ofSeed seed: UInt64) -> [String] {
        var simulation = JournalPowerLoss(seed)
        simulation.run()
        return simulation.problems
    }

    private init(_ seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
    }

    private static let plain = ["plain:a", "plain:b", "plain:c", "plain:d"]
    private static let names = ["fact:a", "fact:b", "once:a", "once:b", "thing:a"] + plain

    private mutating func run() {
        for _ in 0..<random.within(5, 40) where problems.isEmpty {
            if journal == nil, hasDropped { break }
            guard journal != nil else {
                open()
                continue
            }
            switch random.below(24) {
            case 0: stop(losingPower: true)
            case 1: stop(losingPower: false)
            case 2: workspace.files.stopProcess(afterChanges: random.below(12))
            case 3: workspace.files.failAtRandom(oneIn: random.within(2, 8), seed: random.next())
            case 4, 5: synchronize()
            case 6 where random.oneIn(24): appendUntilCompacted()
            default: append(Self.names[random.below(Self.names.count)])
            }
            if workspace.files.isStopped { stop(losingPower: random.oneIn(2)) }
        }
        stop(losingPower: true)
        open()
    }

    /// Begins another process.
    private mutating func open() {
        do throws(SystemError) {
            let (opened, notices) = try workspace.open()
            for notice in notices where !mayBeDamaged || !notice.contains("damaged line") {
                problems.append("opened with: \(notice)")
            }
            mayBeDamaged = false
            hasAppended = false
            journal = opened
            for name in Self.names where value(name) != model.current[name] {
                problems.append("\(name) changed by opening")
            }
        } catch {
            // A disk that fails now may refuse; one that works may not.
            if !workspace.files.isStopped, error.code != FakeCode.noSpace, error.code != FakeCode.inputOutput {
                problems.append("the journal does not open: \(error)")
            }
            stop(losingPower: random.oneIn(2))
        }
    }

    /// Ends the process; what its files hold then must be what was promised.
    private mutating func stop(losingPower: Bool) {
        journal = nil
        if losingPower {
            workspace.files.losePower(seed: random.next())
            mayBeDamaged = true
        } else {
            workspace.files.restart()
        }
        let found = Journal.readOnly(in: workspace.folder, host: workspace.host)
        for name in Self.names {
            let value = value(name, in: found)
            if losingPower {
                if !model.find(name, value) {
                    problems.append("\(name) is \(text(value)), not \(text(model.certain[name])) after a loss of power")
                }
            } else if !model.see(name, value, attempted: inFlight[name]) {
                problems.append("\(name) is \(text(value)), not \(text(model.current[name])) after a crash")
            }
        }
        if losingPower { settle() }
        inFlight = [:]
    }

    /// What calls that failed have set: it may be seen or not, until the process ends.
    private var inFlight: [String: Int?] = [:]

    /// Most lines of a journal so long are out of date, so that it is written anew somewhere on the way.
    private mutating func appendUntilCompacted() {
        for number in 0..<random.within(250, 270) where problems.isEmpty {
            append(Self.plain[random.below(Self.plain.count)])
            guard number % 4 == 0, !workspace.files.isStopped else { continue }
            for name in Self.names where value(name) != model.current[name] { problems.append("\(name) is gone") }
        }
    }

    private mutating func append(_ name: String) {
        guard let journal else { return }
        next += 1
        let value: Int? = name.hasPrefix("plain") || !random.oneIn(6) ? next : nil
        let record = Self.record(name, value)
        model.attempt(name, value)
        do throws(SystemError) {
            try journal.append(record)
            if !model.see(name, self.value(name), attempted: .some(value)) || self.value(name) != value {
                problems.append("\(name) was set to \(text(value)) and is \(text(self.value(name)))")
            }
            inFlight[name] = nil
            hasAppended = true
            if record.isDurable { settle() }
        } catch {
            if error.call == "synchronize" { hasDropped = true }
            if !model.see(name, self.value(name), attempted: .some(value)) { problems.append("\(name) is another") }
            inFlight.updateValue(value, forKey: name)
        }
    }

    private mutating func synchronize() {
        do throws(SystemError) {
            try journal?.synchronize()
            // Where this process wrote nothing, there is nothing of its to be made safe.
            if hasAppended { settle() }
        } catch { if error.call == "synchronize" { hasDropped = true } }
    }

    private var hasAppended = false

    private mutating func settle() {
        model.settle()
        hasDropped = false
    }

    private static func record(_ name: String, _ value: Int?) -> JournalRecord {
        let entry = LedgerEntry(kind: .volume, name: name, node: "service:a", detail: .integer(value ?? 0))
        return switch name.prefix(4) {
        case "fact": .fact(name, value.map { .integer($0) } ?? .null)
        case "thin": value == nil ? .removed(entry) : .created(entry)
        case "once":
            value.map { .done(node: name, fingerprint: .integer($0), seconds: 1, once: true) } ?? .forgotten(node: name)
        default: .done(node: name, fingerprint: .integer(value ?? 0), seconds: 1)
        }
    }

    private func value(_ name: String) -> Int? { journal.flatMap { value(name, in: $0) } }

    private func value(_ name: String, in journal: Journal) -> Int? {
        switch name.prefix(4) {
        case "fact": journal.fact(name)?.integer
        case "thin": journal.ledger.first { $0.name == name }?.detail?.integer
        default: journal.lastDone(name)?.fingerprint.integer
        }
    }

    private func text(_ value: Int?) -> String { value.map(String.init) ?? "none" }
}
