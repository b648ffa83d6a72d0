import Base
import Kinds
import Reporting

/// What `status --instances` shows, as a page and as `devinit.instances/1`.
struct InstanceList {
    let instances: [KnownInstance]

    func lines(style: Style, width: Int?) -> [StyledLine] {
        guard !instances.isEmpty else { return [StyledLine("the engine has nothing of this workspace")] }
        var table = Table(Array(repeating: Table.Column(.left), count: 4) + [Table.Column(overflow: .wrap)])
        for instance in instances { table.add(row(instance)) }
        return [StyledLine("Instances", .strong)] + table.lines(width: width, style: style)
    }

    private func row(_ instance: KnownInstance) -> [StyledLine] {
        let containers =
            "\(instance.containers) container\(instance.containers == 1 ? "" : "s"), \(instance.running) running"
        let volumes = "\(instance.volumes.count) volume\(instance.volumes.count == 1 ? "" : "s")"
        let place =
            instance.isGone ? "\(instance.folder) is gone; to remove it: \(instance.removal)" : instance.folder.text
        return [
            StyledLine("  \(instance.name ?? "(none)")"), StyledLine(instance.project), StyledLine(containers),
            StyledLine(volumes), StyledLine(place, instance.isGone ? .warning : .plain),
        ]
    }

    var json: JSON {
        [
            "schema": "devinit.instances/1",
            "instances": .array(
                instances.map { instance in
                    [
                        "name": instance.name.map { .string($0) } ?? .null, "project": .string(instance.project),
                        "folder": .string(instance.folder.text), "gone": .bool(instance.isGone),
                        "containers": .integer(instance.containers), "running": .integer(instance.running),
                        "volumes": .array(instance.volumes.map { .string($0) }),
                        "removal": instance.isGone ? .string(instance.removal) : .null,
                    ]
                }),
        ]
    }
}
