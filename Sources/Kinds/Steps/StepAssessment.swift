import Base
import Execution
import HostInterfaces
import ManifestModel
import State

extension StepNode {
    /// manifest.md, "Up to date". Reads only; `unless` is run by `up` alone.
    func assess(_ context: NodeContext) async -> Assessment {
        if context.settings.rerun.contains(id) { return .work(.run, "asked for") }
        let place = folder.place(in: context.workspace)
        let data: String?
        do throws(NodeFailure) {
            data = try await dataIdentity(context)
        } catch {
            guard context.isPlanning else { return .blocked(error) }
            return .unknown("after \(dataHolder(context)?.description ?? "its service")")
        }
        if let decided = once(context, data) { return decided }
        let declaration: StepDeclaration
        switch chosen(in: place, context) {
        case .success(let found): declaration = found
        case .failure(let early): return early.assessment
        }
        let failed = context.journal.failed(id.description)
        guard declaration.hasCriteria else {
            return .work(.run, failed ? Assessment.failedLastTime : "runs at every up")
        }
        let look = StepLook(node: self, declaration: declaration, place: place, context: context)
        do throws(NodeFailure) {
            if !declaration.inputs.isEmpty || !declaration.outputs.isEmpty,
                let decided = try await compare(look, data: data, failed: failed)
            {
                return decided
            }
            if let command = declaration.unless { return try await unless(command, look) }
        } catch {
            return context.isPlanning ? .unknown(error.message) : .blocked(error)
        }
        return .upToDate("up to date")
    }

    /// Work that is done once: decided by the record alone, whatever changed since.
    private func once(_ context: NodeContext, _ data: String?) -> Assessment? {
        let isDone: Bool
        let reason: String
        switch declaration.once {
        case .never: return nil
        case .ever:
            isDone = wasEverDone(context, data)
            reason = "not done yet"
        case .per(let service):
            isDone = data.map { context.journal.done(id.description, data: $0) != nil } ?? false
            reason = "not done for the data of \(service.source)"
        }
        if isDone || wasDoneUnrecorded(context, data) { return .upToDate("done once") }
        if declaration.unless != nil { return nil }
        return .work(.run, context.journal.failed(id.description) ? Assessment.failedLastTime : reason)
    }

    /// Whether it was done for this instance, for whatever data.
    private func wasEverDone(_ context: NodeContext, _ data: String?) -> Bool {
        if context.journal.done(id.description, data: data) != nil { return true }
        guard context.workspace.instance == nil, let last = context.journal.lastDone(id.description) else {
            return false
        }
        return !InstanceRecords.isInstance(last.data)
    }

    /// Whether what it leaves in the folder was made again since, with other inputs, for another instance.
    private func isOvertaken(_ record: NodeRecord, _ look: StepLook) -> Bool {
        guard !look.declaration.outputs.isEmpty, let last = look.context.journal.lastDone(id.description) else {
            return false
        }
        return last.data != record.data && last.fingerprint != record.fingerprint
    }

    /// Whether it was done under a run that was killed before it could record that; records it now.
    private func wasDoneUnrecorded(_ context: NodeContext, _ data: String?) -> Bool {
        let receipts = context.parts.receipts
        guard receipts.isDone(id.description, data: data) else { return false }
        if context.isPlanning { return true }
        do throws(SystemError) {
            try context.journal.append(
                .done(node: id.description, fingerprint: .null, seconds: 0, data: data, once: true))
            try receipts.clear(id.description)
        } catch {
            context.reporter.note("done once, but that can't be recorded yet: \(error)")
        }
        return true
    }

    private struct Early: Error { var assessment: Assessment }

    /// The variant that counts, or what can be said without one.
    private func chosen(in place: Path, _ context: NodeContext) -> Result<StepDeclaration, Early> {
        // The folder of the manifest is there: it was read.
        if context.isPlanning, place != context.workspace.manifest.file.parent,
            !variants.isEmpty || declaration.hasCriteria, !context.host.files.isFolder(place)
        {
            return .failure(Early(assessment: .unknown("known after clone")))
        }
        if let found = effective(in: place, on: context.host) { return .success(found) }
        if context.isPlanning, !pendingNeeds(context).isEmpty {
            return .failure(Early(assessment: .unknown(after(pendingNeeds(context)))))
        }
        return .failure(Early(assessment: .blocked(missingVariant(place, context))))
    }

    func missingVariant(_ place: Path, _ context: NodeContext) -> NodeFailure {
        let files = variants.flatMap(\.files).joined(separator: ", ")
        return NodeFailure(
            .prerequisite, "\(template?.name ?? id.name) finds none of \(files) in \(context.display(place))",
            remedy: "check 'in', or write the command with 'run'")
    }

    /// Against the record. Nil: nothing speaks for running, or only `unless` can tell.
    private func compare(
        _ look: StepLook, data: String?, failed: Bool
    ) async throws(NodeFailure) -> Assessment? {
        let context = look.context
        let record = context.journal.done(id.description, data: data)
        guard let record, dataHolder(context) == nil || data != nil else {
            if look.declaration.unless != nil { return nil }
            if failed { return .work(.run, Assessment.failedLastTime) }
            guard let service = declaration.dataService else { return .work(.run, "not done yet") }
            return .work(.run, "not done for the data of \(service.source)")
        }
        if failed { return .work(.run, Assessment.failedLastTime) }
        let fingerprint = try await look.fingerprint()
        if let difference = fingerprint.difference(
            from: record.fingerprint, list: look.inputList.lines(of: record.fingerprint))
        {
            return .work(.run, difference)
        }
        if let output = try look.missingOutput() { return .work(.run, "output missing: \(output)") }
        if isOvertaken(record, look) { return .work(.run, "its output was made for another instance since") }
        let pending = context.isPlanning ? pendingNeeds(context, look) : []
        return pending.isEmpty ? nil : .unknown(after(pending))
    }

    private func after(_ pending: [NodeID]) -> String { "after \(pending.map(\.description).joined(separator: ", "))" }

    /// What `up` changes before this step and what may change the answer.
    private func pendingNeeds(_ context: NodeContext, _ look: StepLook? = nil) -> [NodeID] {
        if context.pending.isEmpty { return [] }
        var needs = declaration.inputSteps.compactMap { NodeID($0.source) } + (look?.fileNodes ?? [])
        if let repository = folder.repository(in: context.workspace) { needs.append(repository) }
        needs += impliedTools.map { NodeID("tool", $0) }
        needs += context.workspace.referred(by: declaration.texts + (template?.parameters.flatMap(\.texts) ?? []))
            .filter { $0.kind == "secret" }
        needs += stepsThatMakeInputs(context)
        return Set(needs).filter(context.pending.contains).sorted()
    }

    /// Steps needed by name whose declared outputs may be among this step's inputs.
    private func stepsThatMakeInputs(_ context: NodeContext) -> [NodeID] {
        func places(_ texts: [Text], of node: StepNode) -> [Path] {
            let folder = node.folder.place(in: context.workspace)
            return texts.compactMap(\.literal).filter { $0.first != "!" }
                .map { folder.appending(Path($0)).beforeWildcards }
        }
        let inputs = places(declaration.inputGlobs, of: self)
        return context.workspace.edges(of: id).map(\.need).filter { need in
            guard context.pending.contains(need), let other = context.workspace.nodes[need] as? StepNode else {
                return false
            }
            return places(other.declaration.outputs, of: other).contains { output in
                inputs.contains { output.isInside($0) || $0.isInside(output) }
            }
        }
    }

    // MARK: Data

    func dataHolder(_ context: NodeContext) -> NodeID? {
        declaration.dataService?.literal.map { NodeID("service", $0) }
    }

    /// The identity of the data to which the record belongs, or the instance; nil when there is none.
    func dataIdentity(_ context: NodeContext) async throws(NodeFailure) -> String? {
        guard let id = dataHolder(context), let holder = context.workspace.nodes[id] as? any DataHolder else {
            return dataHolder(context) == nil ? InstanceRecords.data(of: context.workspace.instance) : nil
        }
        return try await holder.dataIdentity(context)
    }

    // MARK: unless

    private func unless(_ command: CommandText, _ look: StepLook) async throws(NodeFailure) -> Assessment {
        let context = look.context
        if context.isPlanning { return .unknown("its 'unless' decides") }
        var request = try await StepCommand(look).request(for: command)
        request.timeLimit = look.declaration.timeout ?? context.settings.timeLimit
        let result: ProcessResult
        do throws(ProcessError) {
            result = try await context.host.processes.run(request, onOutput: nil)
        } catch {
            return .work(.run, "its 'unless' can't be run: \(error)")
        }
        switch result.end {
        case .exited(0): return .upToDate("its 'unless' says so")
        case .timedOut: throw NodeFailure(.timedOut, "its 'unless' took too long and was ended")
        case .cancelled: throw NodeFailure(.cancelled, "cancelled")
        default: return .work(.run, "its 'unless' says not done: \(result.end)")
        }
    }
}
