import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

/// `ensure` of a template: what is to be there inside a service that serves, for each item of a list, such as its
/// databases. Images make such things only when a volume is new, so a list that grew later would change nothing.
struct EnsuredItems: Sendable {
    /// The list's name, as the manifest has it.
    let list: String
    let items: [Text]
    /// Gets the items as its arguments, makes those that are missing, and may run as often as it likes.
    let script: String
    /// Whether the image makes the first of them itself when its volume is new: the template hands it that one
    /// (`${with.LIST.first}`), and nothing is merged over the template.
    var firstIsMade = false
}

/// Makes what is missing once the service serves. It is part of its start, so that what needs the service finds it;
/// and it is recorded for the container, so that a list that grew makes no container anew.
struct Ensuring {
    let service: ContainerService
    let context: NodeContext

    private static let limit = Duration.seconds(120)

    /// A command that makes what is missing of one list.
    private struct Call {
        var list: String
        var arguments: [String]
        /// With new data there is nothing to do.
        var isMade: Bool
    }

    /// What a record must say for this container; nil when nothing is to be ensured, or its values are not known yet.
    func mark(of container: String) -> JSON? {
        guard let calls = try? calls(), !calls.isEmpty else { return nil }
        let words = calls.flatMap { call in [call.list] + call.arguments }
        let joined = words.map { "\($0.utf8.count):\($0)" }.joined()
        let sum = context.host.digests.sha256(Array(joined.utf8))
        return ["container": .string(container), "ensured": .string(String(sum.prefix(32)))]
    }

    /// Why there is work although the containers are as they should be; nil when there is none.
    func reason(for containers: [ContainerState]) -> String? {
        guard let container = service.entered(of: containers), let mark = mark(of: container.id),
            context.journal.lastDone(service.id.description)?.fingerprint != mark
        else { return nil }
        return words
    }

    /// What is to be there, for people; nil when that is nothing.
    var words: String? {
        let lists = service.ensured.filter { !$0.items.isEmpty }.map { ensured in
            "\(ensured.list): \(ensured.items.map(\.source).joined(separator: ", "))"
        }
        return lists.isEmpty ? nil : "to be made where missing: " + lists.joined(separator: "; ")
    }

    /// Makes what is missing and returns what the record is to say. `data`: the identity of the service's data, if it has
    /// one.
    func perform(_ engine: FoundEngine, data: String?) async throws(NodeFailure) -> JSON {
        let all = try calls()
        if all.isEmpty { return .null }
        // Whether the data was made by this start.
        let isNew = data != nil && context.journal.data(of: service.name)?.identity != data
        let calls = isNew ? all.filter { !$0.isMade } : all
        let containers = try await context.engine(of: service).containers(context, within: 0)
        guard let container = service.entered(of: service.own(containers, in: context.workspace)) else {
            throw NodeFailure(.failed, "the container of '\(service.name)' is gone", remedy: "run devinit up again")
        }
        for call in calls {
            context.reporter.progress(NodeProgress("making \(call.list)"))
            try await run(call, in: container.id, engine)
        }
        return mark(of: container.id) ?? .null
    }

    private func run(
        _ call: Call, in container: String, _ engine: FoundEngine
    ) async throws(NodeFailure) {
        let ended: (status: Int, output: [String])
        do throws(EngineClient.Failure) {
            ended = try await engine.client.run(call.arguments, in: container, timeLimit: Self.limit)
        } catch {
            throw NodeFailure(
                .failed, "the \(call.list) of '\(service.name)' could not be made: \(error)",
                remedy: "see devinit logs \(service.name), then run devinit up again")
        }
        guard ended.status == 0 else {
            throw NodeFailure(
                .failed, "the \(call.list) of '\(service.name)' could not be made (exit status \(ended.status))",
                remedy: "its names may not suit it, or its data may be older than the user that it is asked as; "
                    + "see devinit logs \(service.name)",
                output: ended.output.map { context.values.mask.mask($0) })
        }
    }

    private func calls() throws(NodeFailure) -> [Call] {
        var calls: [Call] = []
        for ensured in service.ensured where !ensured.items.isEmpty {
            var items: [String] = []
            for item in ensured.items {
                let resolved = try context.resolve(item)
                guard !resolved.isSecret else {
                    throw NodeFailure(
                        .failed,
                        "\(item.location): an item of '\(ensured.list)' is a secret, which arguments would show",
                        remedy: "write the name itself")
                }
                items.append(resolved.text)
            }
            calls.append(
                Call(
                    list: ensured.list, arguments: ["sh", "-euc", ensured.script, "sh"] + items,
                    isMade: ensured.firstIsMade && items.count == 1))
        }
        return calls
    }
}
