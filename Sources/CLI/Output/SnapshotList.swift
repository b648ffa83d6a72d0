import Base
import Kinds
import Reporting

/// What `data list` shows, and the members of `devinit.data/1` that name snapshots.
struct SnapshotList: Sendable {
    var snapshots: [Snapshot]

    var json: JSON {
        .array(
            snapshots.map { snapshot in
                [
                    "name": .string(snapshot.name), "service": .string(snapshot.service),
                    "at": .number(snapshot.at), "bytes": .integer(snapshot.bytes), "image": .string(snapshot.image),
                    "root": .string(snapshot.root),
                    "instance": snapshot.instance.map { .string($0) } ?? .null,
                ]
            })
    }

    func lines(style: Style, width: Int?) -> [StyledLine] {
        var table = Table([
            Table.Column(), Table.Column(), Table.Column(), Table.Column(.right),
            Table.Column(overflow: .truncate(minimum: 12)),
        ])
        table.add(["snapshot", "service", "made (UTC)", "size", "from"].map { StyledLine($0, .strong) })
        for snapshot in snapshots {
            let instance = snapshot.instance.map { " (instance \($0))" } ?? ""
            table.add([
                StyledLine(snapshot.name), StyledLine(snapshot.service), StyledLine(RunList.moment(snapshot.at)),
                StyledLine(ByteSize.describe(snapshot.bytes)),
                StyledLine(SafeText.lines(snapshot.root + instance).joined(separator: " ")),
            ])
        }
        return table.lines(width: width, style: style)
    }
}
