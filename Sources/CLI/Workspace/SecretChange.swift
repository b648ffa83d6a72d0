import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Secrets
import State

/// Giving secrets other values: the care for data first, then the questions, then the store and the env files.
struct SecretChange: Sendable {
    let opened: OpenedWorkspace
    let names: [String]
    let despiteData: Bool
    private var session: Session { opened.session }
    private var care: SecretCare { opened.secretCare }
    /// Values beyond this are no secrets, in bytes.
    private static let largestValue = 1 << 20

    init(_ opened: OpenedWorkspace, names: [String], despiteData: Bool) {
        self.opened = opened
        self.names = names
        self.despiteData = despiteData
    }

    // MARK: The three changes

    func set() async throws(CommandFailure) -> ExitStatus {
        let name = names[0]
        let change = try await failing { () throws(NodeFailure) in try care.change(of: name) }
        try await checkData("set it with --despite-data to the value that you gave it there")
        try await checkTrust()
        await Preparation.fetchSecrets(opened, writing: true)
        let value = try await given(name, change)
        return try await apply([(name, value)], "stored")
    }

    func rotate() async throws(CommandFailure) -> ExitStatus {
        var changes: [(name: String, change: SecretCare.Change)] = []
        for name in names {
            changes.append((name, try await failing { () throws(NodeFailure) in try care.change(of: name) }))
        }
        try await checkData(
            "then hand it over: devinit secrets set NAME --despite-data")
        try await checkTrust()
        await Preparation.fetchSecrets(opened, writing: true)
        var values: [(name: String, value: String)] = []
        for (name, change) in changes {
            switch change {
            case .generated:
                values.append((name, try await failing { () throws(NodeFailure) in try care.generate(name) }))
            case .asked:
                guard session.mayAsk else {
                    throw CommandFailure(
                        .prerequisites, code: "missing-secrets", "a person must give the secret '\(name)'",
                        suggestion: "run it in a terminal, or hand the value over: … | devinit secrets set \(name)")
                }
                values.append((name, try await given(name, change)))
            }
        }
        return try await apply(values, "rotated")
    }

    func forget() async throws(CommandFailure) -> ExitStatus {
        try await checkData("keep the value somewhere before you forget it with --despite-data")
        session.say("this takes out of the store for good: \(names.joined(separator: ", "))")
        if session.mayAsk, !(await session.agrees("Forget \(names.count == 1 ? "it" : "them")?")) {
            throw CommandFailure(.prerequisites, code: "not-agreed", "nothing was forgotten")
        }
        var forgotten: [String] = []
        for name in names {
            let wasThere = try await failing { () async throws(NodeFailure) in try await care.forget(name) }
            if wasThere { forgotten.append(name) } else { session.say("note: \(name) was not stored") }
        }
        let files = care.environmentFiles(of: forgotten)
        if session.isJSON {
            session.answer(["schema": "devinit.secrets/1", "forgotten": .array(forgotten.map { .string($0) })])
        } else if !forgotten.isEmpty {
            session.say("forgotten: \(forgotten.joined(separator: ", "))")
        }
        if !files.isEmpty {
            let files = files.map(\.name).joined(separator: ", ")
            session.say("the next devinit up gets a new value; until then the old one stands in \(files)")
        }
        return .done
    }

    // MARK: Steps of them

    /// A password with which data was made is not replaced behind its back.
    private func checkData(_ further: String) async throws(CommandFailure) {
        if despiteData { return }
        let services = await opened.services.withData(using: names)
        guard !services.isEmpty else { return }
        throw CommandFailure(
            .failed, code: "data-has-it",
            "the data of \(services.joined(separator: ", ")) was made with \(names.joined(separator: ", ")), "
                + "and a new value would shut everybody out",
            suggestion: "change it in the database yourself, \(further); or give the data up: devinit down --volumes")
    }

    /// Writing an env file anew may run the command of another secret in it.
    private func checkTrust() async throws(CommandFailure) {
        if !care.environmentFiles(of: names).isEmpty { try await TrustGate(opened).pass() }
    }

    /// The value from standard input, where another program writes it, or from the person.
    private func given(_ name: String, _ change: SecretCare.Change) async throws(CommandFailure) -> String {
        if session.mayAsk {
            switch change {
            case .asked(let question): return try await Questions.answer(to: question.mandatory, session)
            case .generated: return try await Questions.answer(to: SecretQuestion(mandatory: name), session)
            }
        }
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try await session.host.terminal.readInput(limit: Self.largestValue)
        } catch {
            throw CommandFailure(.failed, code: "input", "the value can't be read: \(error)")
        }
        guard let bytes else {
            throw CommandFailure(
                .prerequisites, code: "missing-secrets", "a person must give the secret '\(name)'",
                suggestion:
                    "run it without --no-input and --json, or hand the value over: … | devinit secrets set \(name)")
        }
        let value = SecretCare.value(of: bytes)
        if let problem = care.problem(with: value, for: change) {
            throw CommandFailure(
                .prerequisites, code: "bad-secret", "the value on standard input can't be '\(name)': \(problem)")
        }
        return value
    }

    private func apply(
        _ values: [(name: String, value: String)], _ verb: String
    ) async throws(CommandFailure) -> ExitStatus {
        var (changed, replaced): ([String], [String]) = ([], [])
        for (name, value) in values {
            switch try await failing({ () async throws(NodeFailure) in try await care.keep(value, as: name) }) {
            case .asBefore: session.say("\(name) has that value already")
            case .first: changed.append(name)
            case .instead:
                changed.append(name)
                replaced.append(name)
            }
        }
        if !changed.isEmpty { session.say("\(verb): \(changed.joined(separator: ", "))") }
        let files = care.environmentFiles(of: changed)
        let (status, results) = try await rewrite(files)
        let holders = care.holders(of: replaced, replaced.isEmpty ? [] : files)
        let services = await opened.services.running(among: holders.services)
        if session.isJSON {
            func texts(_ list: [String]) -> JSON { .array(list.map { .string($0) }) }
            session.answer([
                "schema": "devinit.secrets/1", "changed": texts(changed), "env_files": .array(results),
                "services_with_old_value": texts(services), "steps_that_used_it": texts(holders.steps),
            ])
        }
        if !services.isEmpty {
            session.say(
                "still with the old value until they start anew: \(services.joined(separator: ", "))\n"
                    + "  devinit up \(services.joined(separator: " "))")
        }
        if !holders.steps.isEmpty { session.say("steps that used it: \(holders.steps.joined(separator: ", "))") }
        return status
    }

    /// Writes the env files anew, by the same nodes as `up`.
    private func rewrite(_ files: [NodeID]) async throws(CommandFailure) -> (ExitStatus, [JSON]) {
        if files.isEmpty { return (.done, []) }
        var selection = Kinds.Selection()
        selection.targets = files.map(\.description)
        selection.only = [EnvironmentFileKind.name, SecretKind.name]
        try await Preparation.decidePorts(opened, writing: true)
        let graph = try opened.graph(selection)
        try await Questions.askSecrets(opened, graph)
        var settings = opened.settings
        settings.takes = await Questions.askTakes(opened, graph, settings)
        let (summary, output) = try await RunSession.drive(opened, graph, settings)
        if summary.status != .done {
            let request = RunRequest(selection: selection, words: "up")
            RunSession.tell(summary, tails: output.tails, message: nil, request, session)
        }
        let results: [JSON] = files.map { file in
            let result = summary.result(of: file)
            return [
                "path": .string(file.name), "status": .string(result?.status.rawValue ?? "skipped"),
                "reason": .string(opened.values.mask.mask(result?.reason ?? "")),
            ]
        }
        return (RunSession.status(summary, signal: output.signal), results)
    }

    private func failing<Value>(
        _ body: () async throws(NodeFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        do throws(NodeFailure) { return try await body() } catch {
            throw CommandFailure(.of([error]), code: "secret", error.message, suggestion: error.remedy)
        }
    }
}
