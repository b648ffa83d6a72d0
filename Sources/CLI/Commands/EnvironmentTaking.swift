import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import State

/// `env take manifest|mine KEY… [FILE]`: whose value stands.
enum EnvironmentTaking {
    static func run(_ words: [String], _ session: Session) async throws(CommandFailure) -> ExitStatus {
        guard let word = words.first, let side = EnvironmentFiles.Side(rawValue: word) else {
            let sides = EnvironmentFiles.Side.allCases.map(\.rawValue)
            let near = words.first.flatMap { TextDistance.nearest(to: $0, among: sides) }
            throw CommandFailure(
                .usage, code: "usage", "after take comes whose value stands: manifest or mine",
                suggestion: near.map { "did you mean '\($0)'?" } ?? "devinit env take mine KEY")
        }
        let (opened, lock) = try await OpenedWorkspace.locked(session, words: "env take")
        defer { lock.release() }
        try await Preparation.settle(opened, writing: true)
        let run = opened.run(opened.settings)
        let wanted = try wanted(Array(words.dropFirst()), side, opened, run)
        // Writing what a manifest says is `up`'s work, which nobody gets without approval either.
        let mayWrite = side == .manifest && TrustGate(opened).isApproved
        var settled: [EnvironmentFiles.Settled] = []
        for (file, keys) in wanted {
            do throws(NodeFailure) {
                settled.append(try await EnvironmentFiles.take(side, keys, of: file, writing: mayWrite, in: run))
            } catch {
                throw CommandFailure(.of([error]), code: "env-file", error.message, suggestion: error.remedy)
            }
        }
        try? opened.journal.synchronize()
        opened.parts.hashes.save()
        tell(settled, side, session)
        return .done
    }

    /// Which keys of which files are meant. Words that name env files limit it to these; without keys it is all that is
    /// reported of them.
    private static func wanted(
        _ words: [String], _ side: EnvironmentFiles.Side, _ opened: OpenedWorkspace, _ run: RunWorkspace
    ) throws(CommandFailure) -> [(file: NodeID, keys: [String])] {
        let named = words.compactMap { EnvironmentCommand.file(named: $0, opened) }
        let keys = words.filter { EnvironmentCommand.file(named: $0, opened) == nil }
        guard !keys.isEmpty || !named.isEmpty else {
            throw CommandFailure(
                .usage, code: "usage", "a key or an env file is missing",
                suggestion: "devinit env diff shows the keys; then devinit env take \(side.rawValue) KEY")
        }
        let files = named.isEmpty ? opened.workspace.nodes(of: "env").map(\.id) : named
        var contested: [(file: NodeID, reported: [String], settled: [String])] = []
        for file in files {
            do throws(NodeFailure) {
                let (reported, settled) = try EnvironmentFiles.contested(file, in: run)
                contested.append((file, reported, settled))
            } catch  where named.isEmpty {
                opened.session.say("note: \(file.name) is left out: \(error.message)")
            } catch {
                throw CommandFailure(.of([error]), code: "env-file", error.message, suggestion: error.remedy)
            }
        }
        if keys.isEmpty {
            let all = contested.filter { !$0.reported.isEmpty }.map { (file: $0.file, keys: $0.reported) }
            if all.isEmpty { opened.session.say("nothing differs there") }
            return all
        }
        return try assigned(keys, side, contested)
    }

    private static func assigned(
        _ keys: [String], _ side: EnvironmentFiles.Side,
        _ contested: [(file: NodeID, reported: [String], settled: [String])]
    ) throws(CommandFailure) -> [(file: NodeID, keys: [String])] {
        var found: [(file: NodeID, keys: [String])] = contested.map { ($0.file, []) }
        for key in keys {
            let places = contested.indices.filter {
                contested[$0].reported.contains(key) || contested[$0].settled.contains(key)
            }
            guard let place = places.first else {
                let known = contested.flatMap { $0.reported + $0.settled }
                throw CommandFailure(
                    .usage, code: "unknown-key", "no key '\(key)' differs from the manifest",
                    suggestion: TextDistance.nearest(to: key, among: known).map { "did you mean '\($0)'?" }
                        ?? "devinit env diff shows the keys that do")
            }
            guard places.count == 1 else {
                let names = places.map { contested[$0].file.name }
                throw CommandFailure(
                    .usage, code: "ambiguous-key", "\(key) differs in \(names.joined(separator: " and "))",
                    suggestion: "name the file: devinit env take \(side.rawValue) \(key) \(names[0])")
            }
            if !found[place].keys.contains(key) { found[place].keys.append(key) }
        }
        return found.filter { !$0.keys.isEmpty }
    }

    private static func tell(
        _ settled: [EnvironmentFiles.Settled], _ side: EnvironmentFiles.Side, _ session: Session
    ) {
        for file in settled {
            let keys = file.keys.joined(separator: ", ")
            switch side {
            case .mine: session.say("\(file.file): yours from now on: \(keys)")
            case .manifest where file.isWritten: session.say("\(file.file): as the manifest has it now: \(keys)")
            case .manifest: session.say("\(file.file): 'devinit up \(file.node)' writes the manifest's \(keys)")
            }
            if !file.open.isEmpty {
                session.say("still to be settled there: \(file.open.joined(separator: ", "))")
            }
        }
        guard session.isJSON else { return }
        session.answer([
            "schema": "devinit.env/1",
            "settled": .array(
                settled.map { file in
                    [
                        "file": .string(file.file), "take": .string(side.rawValue),
                        "keys": .array(file.keys.map { .string($0) }), "written": .bool(file.isWritten),
                        "open": .array(file.open.map { .string($0) }),
                    ]
                }),
        ])
    }
}
