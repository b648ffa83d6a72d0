import Base
import Execution
import HostInterfaces
import State

/// Writing an env file: as a whole or not at all, and with a secret only where git does not see it.
extension EnvironmentFileNode {
    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        let reading = try EnvironmentFileReading(self, context)
        var look = try reading.look()
        if let conflict = look.conflict { throw conflict }
        let place = try WritablePlace.file(declaration.place, context)
        if look.content != look.found || look.status?.mode != look.mode {
            if look.result.hasSecret {
                try await GitExposure.check(place.path, context)
                // Asking git takes a while; an editor may have saved meanwhile.
                look = try reading.look()
                if let conflict = look.conflict { throw conflict }
            }
            try write(look, place, context)
        }
        if !look.result.kept.isEmpty { context.reporter.note(EnvironmentFileLook.note(look.result.kept)) }
        for (key, node) in look.result.open {
            context.reporter.note("\(key) is left as it is: \(node) was not asked for")
        }
        try record(look, reading, place, seconds: context.host.clock.monotonicSeconds - start, context)
    }

    private func write(_ look: EnvironmentFileLook, _ place: WritablePlace, _ context: NodeContext) throws(NodeFailure)
    {
        let folder = try place.folder(context)
        do throws(SystemError) {
            if look.content == look.found {
                try folder.setMode(of: place.path.name, to: look.mode)
            } else {
                try folder.replace(place.path.name, with: look.content, mode: look.mode)
            }
        } catch {
            throw NodeFailure(
                .failed, "\(look.name) can't be written: \(error)",
                remedy: look.found == nil ? nil : "what was there is still there; make room or allow writing there")
        }
    }

    /// After the file: a record of what never reached the disk would make the old values look like the developer's.
    func record(
        _ look: EnvironmentFileLook, _ reading: EnvironmentFileReading, _ place: WritablePlace, seconds: Double,
        _ context: NodeContext
    ) throws(NodeFailure) {
        defer { context.parts.environmentFiles.forget(id) }
        do throws(SystemError) {
            if look.result.hasNewRecord { try context.journal.append(.fact(factName, look.result.record.json)) }
            if look.hasNewChoices { try context.journal.append(.fact(choicesName, look.result.choices.json)) }
            if look.found == nil {
                try context.journal.append(
                    .created(LedgerEntry(kind: .environmentFile, name: look.name, node: "\(id)")))
            }
            let fingerprint = JSON.members([
                "inputs": reading.inputs.map { .string($0) },
                "file": reading.seal(context.host.digests.sha256(look.content)).map { .string($0) },
                "mode": .integer(Int(look.mode)),
                "kept": look.result.kept.isEmpty ? nil : .array(look.result.kept.map { .string($0) }),
            ])
            try context.journal.append(.done(node: "\(id)", fingerprint: fingerprint, seconds: seconds))
        } catch {
            throw NodeFailure(.failed, "\(look.name) is written, but this can't be recorded: \(error)")
        }
    }
}
