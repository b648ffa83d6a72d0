import Base
import Execution
import Git
import Kinds
import Reporting

/// What `status` shows, as a page and as `devinit.status/1`.
struct StatusOverview: Sendable {
    var repositories: [RepositoryStatus]
    var services: [ServiceOperations.Status]
    var environmentFiles: [Plan.Entry]
    var drift: [NodeID: EnvironmentFileDrift]
    var steps: [Plan.Entry]
    var root: Path
    /// The set-up that is shown; nil for the one without a name.
    var instance: String?
    /// The Compose project of its containers.
    var project: String

    func lines(style: Style, width: Int?) -> [StyledLine] {
        section(
            "Instance", instance.map { [[StyledLine("  \($0)"), StyledLine("Compose project \(project)")]] } ?? [],
            style, width)
            + section("Repositories", repositories.map(row), style, width)
            + section("Services", services.map(row), style, width)
            + section("Env files", environmentFiles.map(environmentRow), style, width)
            + section("Steps", steps.map(row), style, width)
    }

    private func section(_ title: String, _ rows: [[StyledLine]], _ style: Style, _ width: Int?) -> [StyledLine] {
        guard let first = rows.first else { return [] }
        var table = Table(
            Array(repeating: Table.Column(.left), count: first.count - 1) + [Table.Column(overflow: .wrap)])
        for row in rows { table.add(row) }
        return [StyledLine(title, .strong)] + table.lines(width: width, style: style) + [""]
    }

    private func row(_ repository: RepositoryStatus) -> [StyledLine] {
        let words = Self.words(repository.state)
        return [StyledLine("  \(repository.id.name)"), StyledLine(words.short), StyledLine(words.long)]
    }

    private func row(_ service: ServiceOperations.Status) -> [StyledLine] {
        let ports = service.ports.map { "\($0.name.isEmpty ? "" : $0.name + " ")\($0.number)" }.joined(separator: ", ")
        let host = service.ports.isEmpty ? nil : service.host
        let place = [host, service.engine.map { "on \($0)" }].compactMap { $0 }.joined(separator: " ")
        return [
            StyledLine("  \(service.name)"),
            StyledLine(service.containers > 1 ? "\(service.state) (\(service.containers))" : service.state),
            StyledLine(service.health.isEmpty ? service.note : service.health),
            StyledLine(place), StyledLine(ports), StyledLine(service.url ?? ""),
        ]
    }

    private func row(_ entry: Plan.Entry) -> [StyledLine] {
        [
            StyledLine("  \(entry.node.id.name)"),
            StyledLine(entry.assessment.isWork ? "to do" : "up to date"), StyledLine(entry.assessment.reason),
        ]
    }

    /// What `up` would do, and what it leaves to a person.
    private func environmentRow(_ entry: Plan.Entry) -> [StyledLine] {
        let work = drift[entry.node.id]?.work ?? []
        let isPerson = !entry.assessment.isWork && !work.isEmpty
        return [
            StyledLine("  \(entry.node.id.name)"),
            isPerson ? StyledLine("drift", .warning) : StyledLine(entry.assessment.isWork ? "to do" : "up to date"),
            StyledLine(([entry.assessment.reason] + work).joined(separator: "; ")),
        ]
    }

    /// A branch with its distance, and what differs.
    private static func words(_ state: RepositoryStatus.State) -> (short: String, long: String) {
        switch state {
        case .missing: return ("missing", "not cloned yet")
        case .blocked(let failure), .failed(let failure): return ("problem", failure.message)
        case .checkout(let checkout):
            var parts: [String] = []
            if checkout.ahead > 0 { parts.append("\(checkout.ahead) ahead") }
            if checkout.behind > 0 { parts.append("\(checkout.behind) behind") }
            if checkout.changed > 0 { parts.append("\(checkout.changed) changed") }
            if checkout.untracked > 0 { parts.append("\(checkout.untracked) untracked") }
            if checkout.conflicts > 0 { parts.append("\(checkout.conflicts) in conflict") }
            let commit = checkout.commit.map { String($0.prefix(8)) } ?? "no commit"
            return (checkout.branch ?? "at \(commit)", parts.isEmpty ? "clean" : parts.joined(separator: ", "))
        }
    }

    var json: JSON {
        [
            "schema": "devinit.status/1", "instance": instance.map { .string($0) } ?? .null,
            "project": .string(project), "repos": .array(repositories.map(json)),
            "services": .array(services.map(json)), "env_files": .array(environmentFiles.map(environmentJSON)),
            "steps": .array(steps.map(json)),
        ]
    }

    private func json(_ repository: RepositoryStatus) -> JSON {
        var members: [JSON.Member] = [
            JSON.Member("name", .string(repository.id.name)),
            JSON.Member("path", .string(repository.place.relative(to: root).text)),
            JSON.Member("url", .string(repository.url)),
        ]
        switch repository.state {
        case .missing: members.append(JSON.Member("state", "missing"))
        case .blocked(let failure), .failed(let failure):
            members += [JSON.Member("state", "problem"), JSON.Member("message", .string(failure.message))]
        case .checkout(let checkout):
            members += [
                JSON.Member("state", "cloned"), JSON.Member("branch", checkout.branch.map { .string($0) } ?? .null),
                JSON.Member("commit", checkout.commit.map { .string($0) } ?? .null),
                JSON.Member("ahead", .integer(checkout.ahead)), JSON.Member("behind", .integer(checkout.behind)),
                JSON.Member("dirty", .bool(!checkout.isClean)), JSON.Member("changed", .integer(checkout.changed)),
                JSON.Member("untracked", .integer(checkout.untracked)),
            ]
        }
        return .object(members)
    }

    private func json(_ service: ServiceOperations.Status) -> JSON {
        [
            "name": .string(service.name), "state": .string(service.state),
            "engine": service.engine.map { .string($0) } ?? .null,
            "health": service.health.isEmpty ? .null : .string(service.health),
            "containers": .integer(service.containers),
            "host": service.ports.isEmpty ? .null : service.host.map { .string($0) } ?? .null,
            "ports": .object(
                service.ports.map { JSON.Member($0.name.isEmpty ? "port" : $0.name, .integer($0.number)) }),
            "url": service.url.map { .string($0) } ?? .null,
        ]
    }

    private func environmentJSON(_ entry: Plan.Entry) -> JSON {
        .object((json(entry).object ?? []) + (drift[entry.node.id]?.members ?? []))
    }

    private func json(_ entry: Plan.Entry) -> JSON {
        [
            "name": .string(entry.node.id.name), "up_to_date": .bool(!entry.assessment.isWork),
            "action": .string(entry.assessment.action.rawValue), "reason": .string(entry.assessment.reason),
        ]
    }
}
