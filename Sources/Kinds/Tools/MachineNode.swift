import Base
import Execution
import ManifestModel
import HostInterfaces
import State
import YAML

/// The keys of `requires.machine`.
enum MachineKeys {
    static let memory = Key<Int>.size("memory", "Memory in all, where the containers run.")
    static let cpus = Key<Int>.integer("cpus", "Processor cores, where the containers run.", in: 1...4096)
    static let disk = Key<Int>.size("disk", "Free space where the workspace is, for the first up.")
    static let hint = Key<Text>.text("hint", "What to do where it falls short, in words.")

    static let shape = ObjectShape(
        "the machine's needs", keys: [memory.spec, cpus.spec, disk.spec, hint.spec] + CommonKeys.specs)
}

/// What the machine must have. Memory and cores are measured where the containers run, free space where the workspace is.
struct MachineNode: WorkspaceNode, GatingTool, DiagnosedNode {
    let id = NodeID(ToolKind.name, ToolKind.machineName)
    let common: CommonKeys
    let location: SourceLocation
    let memory: Int?
    let cpus: Int?
    let disk: Int?
    let hint: Text?

    init(_ node: YAMLNode) {
        let fields = Fields(node)
        common = CommonKeys(fields)
        location = fields.location
        memory = fields[MachineKeys.memory]
        cpus = fields[MachineKeys.cpus]
        disk = fields[MachineKeys.disk]
        hint = fields[MachineKeys.hint]
    }

    var texts: [Text] { hint.map { [$0] } ?? [] }
    var defaultSeconds: Double { 0 }
    func edges(in workspace: Workspace) -> [Edge] { [] }
    func gates(_ repository: NodeID?) -> Bool { true }

    /// Free space is wanted for the first up only: what that fills must not stop the next one.
    func assess(_ context: NodeContext) async -> Assessment {
        let isProven = disk == nil || context.journal.lastDone(id.description)?.fingerprint == fingerprint
        if let failure = await shortfall(context, withDisk: !isProven) { return .blocked(failure) }
        return isProven ? .upToDate("enough") : .work(.run, "not measured yet")
    }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        if let failure = await shortfall(context, withDisk: true) { throw failure }
        do throws(SystemError) {
            try context.journal.append(.done(node: id.description, fingerprint: fingerprint, seconds: 0))
        } catch { throw NodeFailure(.failed, "the record can't be written: \(error)") }
    }

    func diagnosis(_ context: NodeContext, mayExecute: Bool) async -> Diagnosis {
        let machine = await measured(context)
        let measures = measures(machine, context)
        let found = measures.map(\.found).joined(separator: ", ")
        let wanted = measures.map(\.wanted).joined(separator: ", ")
        guard let failure = shortfall(machine, context, withDisk: true) else {
            return Diagnosis(.ok, found: found, wanted: wanted, message: "enough" + machine.note)
        }
        let isHard =
            shortfall(machine, context, withDisk: false) != nil
            || context.journal.lastDone(id.description)?.fingerprint != fingerprint
        return Diagnosis(
            isHard ? .error : .warning, found: found, wanted: wanted, message: failure.message, remedy: failure.remedy)
    }

    /// The machine whose memory and cores count.
    private struct Measured {
        var words = "the machine"
        var memory: Int
        var cores: Int
        /// How it gets more; nil: it is this machine.
        var advice: String?
        /// What `doctor` adds where all is well: which machine it was.
        var note = ""
    }

    private func measured(_ context: NodeContext) async -> Measured {
        let machine = context.host.machine
        let own = Measured(memory: machine.memory, cores: machine.cores)
        guard memory != nil || cpus != nil else { return own }
        switch await context.placeOfContainers() {
        case .here: return own
        case .elsewhere(let there):
            return Measured(
                words: there.words, memory: there.memory, cores: there.cores, advice: there.advice,
                note: ", measured on \(there.words)")
        case .unknown:
            var own = own
            own.words = "this machine (the engine's could not be measured)"
            own.note = ", measured on \(own.words)"
            return own
        }
    }

    private var fingerprint: JSON { ["disk": disk.map { .integer($0) } ?? .null] }

    private struct Measure {
        var found: String
        var wanted: String
        var isMet: Bool
        var remedy: String
    }

    private func measures(
        _ machine: Measured, _ context: NodeContext, withDisk: Bool = true
    ) -> [Measure] {
        var measures: [Measure] = []
        if let memory {
            measures.append(
                Measure(
                    found: "\(ByteSize.describe(machine.memory)) of memory", wanted: ByteSize.describe(memory),
                    isMet: machine.memory >= memory, remedy: machine.advice ?? "use a machine with more memory"))
        }
        if let cpus {
            measures.append(
                Measure(
                    found: "\(machine.cores) cores", wanted: "\(cpus)", isMet: machine.cores >= cpus,
                    remedy: machine.advice ?? "use a machine with more cores"))
        }
        if let disk, withDisk {
            // What can't be measured is no reason to stop.
            let free = (try? context.host.files.freeBytes(at: context.workspace.root)) ?? disk
            measures.append(
                Measure(
                    found: "\(ByteSize.describe(free)) free", wanted: ByteSize.describe(disk), isMet: free >= disk,
                    remedy: "free some space on the disk that holds \(context.workspace.root)"))
        }
        return measures
    }

    private func shortfall(_ context: NodeContext, withDisk: Bool) async -> NodeFailure? {
        shortfall(await measured(context), context, withDisk: withDisk)
    }

    private func shortfall(_ machine: Measured, _ context: NodeContext, withDisk: Bool) -> NodeFailure? {
        let missed = measures(machine, context, withDisk: withDisk).filter { !$0.isMet }
        guard let first = missed.first else { return nil }
        let words = missed.map { "\($0.found), \($0.wanted) wanted" }.joined(separator: "; ")
        let hint = hint.flatMap { try? context.resolve($0).text }
        return NodeFailure(.prerequisite, "\(machine.words) has \(words)", remedy: hint ?? first.remedy)
    }
}
