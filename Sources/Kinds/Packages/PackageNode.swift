import Base
import Execution
import HostInterfaces
import ManifestModel
import State
import YAML

/// The packages of one manager: checked without root, installed in one call, with consent.
struct PackageNode: WorkspaceNode, GatingTool {
    let id: NodeID
    let manager: PackageManager
    let common: CommonKeys
    let location: SourceLocation
    let names: [String]
    private let memory: PackageMemory

    init(_ manager: PackageManager, _ node: YAMLNode, location: SourceLocation, memory: PackageMemory) {
        id = NodeID(PackageKind.name, manager.rawValue)
        self.manager = manager
        self.location = location
        self.memory = memory
        let fields = Fields(node)
        common = CommonKeys(fields)
        names = (fields[PackageKeys.packages] ?? []).compactMap(\.literal)
    }

    var texts: [Text] { [] }
    var defaultSeconds: Double { 1 }
    func edges(in workspace: Workspace) -> [Edge] { [] }
    func gates(_ repository: NodeID?) -> Bool { true }

    func assess(_ context: NodeContext) async -> Assessment {
        switch await look(context) {
        case .absent: return .skipped("no \(manager.rawValue) on this machine")
        case .silent: return .blocked(silence)
        case .missing(let missing) where missing.isEmpty: return .upToDate("installed")
        case .missing(let missing):
            if context.mayInstall {
                return .work(.create, "not installed: \(missing.joined(separator: ", "))")
            }
            return .blocked(failure(missing, context.host))
        }
    }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        guard case .missing(let missing) = await look(context) else { throw silence }
        if missing.isEmpty { return }
        guard context.mayInstall else { throw failure(missing, context.host) }
        try await Installer(context: context).install(missing, casks: false, manager)
        if case .missing(let still) = await look(context), !still.isEmpty { throw failure(still, context.host) }
        do throws(SystemError) {
            try context.journal.append(
                .done(
                    node: id.description, fingerprint: .array(names.map { .string($0) }),
                    seconds: context.host.clock.monotonicSeconds - start))
        } catch { throw NodeFailure(.failed, "the record can't be written: \(error)") }
    }

    enum Look: Hashable {
        /// This machine has another manager.
        case absent
        /// The manager does not answer.
        case silent
        case missing([String])
    }

    /// Asks the manager unless its records are those with which all was well.
    func look(_ context: NodeContext) async -> Look {
        guard manager.place(context.host) != nil else { return .absent }
        if names.isEmpty { return .missing([]) }
        let installed = InstalledPackages(host: context.host)
        let answer = installed.records(manager).map { records -> JSON in
            ["records": records, "names": .array(names.map { .string($0) })]
        }
        if let answer, memory.holds(manager, answer, context) { return .missing([]) }
        guard let missing = await installed.missing(of: names, manager) else { return .silent }
        // A change within the clock's tick leaves no trace, so records that are still warm are not remembered.
        if missing.isEmpty, let answer, !context.isPlanning, isAtRest(context.host, answer) {
            memory.remember(manager, answer, context)
        }
        return .missing(missing)
    }

    private func isAtRest(_ host: Host, _ answer: JSON) -> Bool {
        let newest = (answer["records"]?.array ?? []).compactMap(\.integer).max() ?? 0
        return newest <= Int(host.clock.wallSeconds * 1e9) - 2_000_000_000
            && answer
                == InstalledPackages(host: host).records(manager).map { records -> JSON in
                    ["records": records, "names": .array(names.map { .string($0) })]
                }
    }

    private var silence: NodeFailure {
        NodeFailure(.prerequisite, "\(manager.rawValue) does not tell what is installed", remedy: "try again later")
    }

    private func failure(_ missing: [String], _ host: Host) -> NodeFailure {
        NodeFailure(
            .prerequisite, "not installed: \(missing.joined(separator: ", "))", remedy: command(missing, host))
    }

    private func command(_ missing: [String], _ host: Host) -> String {
        Installer.command(manager.installation(of: missing), manager, host)
    }
}

extension PackageNode: OfferingNode {
    func offer(_ context: NodeContext) async -> InstallOffer? {
        guard case .missing(let missing) = await look(context), !missing.isEmpty else { return nil }
        return offer(missing, context)
    }

    private func offer(_ missing: [String], _ context: NodeContext) -> InstallOffer {
        InstallOffer(
            node: id, words: "install \(missing.joined(separator: ", ")) with \(manager.rawValue)",
            command: command(missing, context.host), isFromManifest: false)
    }
}

extension PackageNode: DiagnosedNode {
    func diagnosis(_ context: NodeContext, mayExecute: Bool) async -> Diagnosis {
        let wanted = names.joined(separator: ", ")
        switch await look(context) {
        case .absent: return Diagnosis(.skipped, wanted: wanted, message: "no \(manager.rawValue) on this machine")
        case .silent: return Diagnosis(.warning, wanted: wanted, message: silence.message, remedy: silence.remedy)
        case .missing(let missing) where missing.isEmpty:
            return Diagnosis(.ok, found: "\(names.count) installed", wanted: wanted, message: "installed")
        case .missing(let missing):
            return Diagnosis(
                .error,
                found: missing.count == names.count ? "none" : "\(names.count - missing.count) of \(names.count)",
                wanted: wanted, message: "not installed: \(missing.joined(separator: ", "))",
                remedy: command(missing, context.host), offer: offer(missing, context))
        }
    }
}
