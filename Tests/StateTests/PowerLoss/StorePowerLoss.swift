import Base
import HostFakes
import HostInterfaces
import State

/// A store of values, such as secrets: whole after whatever happens, and nothing of an update that returned is lost.
struct StorePowerLoss {
    private let workspace = Workspace(digests: QuickDigests())
    private var random: SeededGenerator
    private var store: JSONStore?
    /// One value: all that the store holds.
    private var model = Durable<[String: Int]>()
    /// What the call that failed last would have made of it, until the process ends.
    private var inFlight: [String: Int]??
    private(set) var problems: [String] = []

    static func problems(ofSeed seed: UInt64) async -> [String] {
        var simulation = StorePowerLoss(seed)
        await simulation.run()
        return simulation.problems
    }

    private init(_ seed: UInt64) { random = SeededGenerator(seed: seed) }

    private var path: Path { workspace.folder.path / "secrets.json" }

    private func open() -> JSONStore { JSONStore(path: path, schema: "devinit.secrets/1", host: workspace.host) }

    private mutating func run() async {
        for _ in 0..<random.within(3, 20) where problems.isEmpty {
            switch random.below(12) {
            case 0: stop(losingPower: true)
            case 1: stop(losingPower: false)
            case 2, 3: workspace.files.stopProcess(afterChanges: random.below(9))
            case 4, 5: workspace.files.failAtRandom(oneIn: random.within(2, 6), seed: random.next())
            default: await update()
            }
            if workspace.files.isStopped { stop(losingPower: random.oneIn(2)) }
        }
        stop(losingPower: true)
    }

    /// Often to a value that is there already: then nothing may have to be written.
    private mutating func update() async {
        let store = store ?? open()
        self.store = store
        let (name, value) = ("key\(random.below(3))", random.oneIn(5) ? nil : random.below(3))
        var wanted = model.current["all"] ?? [:]
        wanted[name] = value
        let attempted = wanted.isEmpty ? nil : wanted
        do throws(SystemError) {
            try await store.set(name, to: value.map { .integer($0) })
            if store[name]?.integer != value { problems.append("\(name) is not what was set") }
            // An update that failed half-way may have been seen by this one.
            if !model.see("all", read(), attempted: .some(attempted)), read()?[name] != value {
                problems.append("\(read() ?? [:]) was not asked for")
            }
            model.settle()
        } catch {
            model.attempt("all", attempted)
            inFlight = .some(attempted)
            if !workspace.files.isStopped, !model.see("all", read(), attempted: .some(attempted)) {
                problems.append("half of an update is there")
            }
        }
    }

    private mutating func stop(losingPower: Bool) {
        store = nil
        if losingPower { workspace.files.losePower(seed: random.next()) } else { workspace.files.restart() }
        let found = read()
        if losingPower {
            if !model.find("all", found) {
                problems.append("after a loss of power: \(found ?? [:]), not \(model.certain["all"] ?? [:])")
            }
            model.settle()
        } else if !model.see("all", found, attempted: inFlight) {
            problems.append("after a crash: \(found ?? [:])")
        }
        inFlight = nil
        if !workspace.aside("broken").isEmpty { problems.append("the store was damaged") }
    }

    private mutating func read() -> [String: Int]? {
        let store = open()
        problems += store.takeNotices()
        let values = store.names.map { ($0, store[$0]?.integer ?? -1) }
        return values.isEmpty ? nil : Dictionary(uniqueKeysWithValues: values)
    }
}
