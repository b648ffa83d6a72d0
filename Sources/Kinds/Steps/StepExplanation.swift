import Base
import Execution
import ManifestModel
import State

extension StepNode {
    /// What differs from the record, one by one; where nothing does, what was found to be the same.
    func explanation(_ context: NodeContext) async -> [String] {
        let place = folder.place(in: context.workspace)
        guard let declaration = effective(in: place, on: context.host) else { return [] }
        let look = StepLook(node: self, declaration: declaration, place: place, context: context)
        var words: [String] = []
        if declaration.isOnce { words.append("'once' asks the record alone, whatever changed since") }
        if declaration.unless != nil { words.append("its 'unless' is run by 'up' only") }
        do throws(NodeFailure) {
            let data = try await dataIdentity(context)
            if let service = declaration.dataService {
                words.append(
                    "the record belongs to the data of \(service.source)\(data == nil ? ", which has none yet" : "")")
            }
            guard let record = context.journal.done(id.description, data: data) else { return words }
            guard !declaration.inputs.isEmpty || !declaration.outputs.isEmpty else { return words }
            let fingerprint = try await look.fingerprint()
            let changes = fingerprint.changes(
                from: record.fingerprint, list: look.inputList.lines(of: record.fingerprint))
            words += changes.map(\.words)
            if let output = try look.missingOutput() { words.append("output missing: \(output)") }
            return words + same(fingerprint, changes, declaration)
        } catch {
            return words + [error.message]
        }
    }

    private func same(
        _ fingerprint: Fingerprint, _ changes: [FingerprintChange], _ declaration: StepDeclaration
    ) -> [String] {
        let changed = Set(changes.map(\.part))
        var words: [String] = []
        func add(_ part: FingerprintChange.Part, _ text: String, _ names: [String]) {
            guard !changed.contains(part), !changed.contains(.machine), !names.isEmpty else { return }
            words.append("same \(text): \(names.joined(separator: ", "))")
        }
        add(.definition, "definition", fingerprint.definition.map(\.name))
        if !changed.contains(.input), !changed.contains(.machine), !fingerprint.files.isEmpty {
            let globs = declaration.inputs.map(\.source).joined(separator: ", ")
            let count = fingerprint.files.count
            words.append("same content of \(count) input\(count == 1 ? "" : "s")\(globs.isEmpty ? "" : ": \(globs)")")
        }
        add(.environment, "environment", fingerprint.values.map(\.name))
        add(.tool, "versions", fingerprint.tools.map { "\($0.name) \($0.version)" })
        add(.step, "last runs", fingerprint.steps.map(\.name))
        return words
    }
}
