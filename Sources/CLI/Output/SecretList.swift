import Base
import Execution
import Kinds
import Reporting

/// What `secrets list` shows. No value is in it.
struct SecretList: Sendable {
    var secrets: [SecretSummary]

    var json: JSON {
        [
            "schema": "devinit.secrets/1",
            "secrets": .array(
                secrets.map { secret in
                    [
                        "name": .string(secret.name), "source": secret.source.map { .string($0) } ?? .null,
                        "origin": .string(secret.origin), "optional": .bool(secret.isOptional),
                        "state": .string(secret.state.rawValue),
                        "stored_in": secret.place.map { .string($0) } ?? .null,
                        "used_by": .array(secret.users.map { .string($0.description) }),
                    ]
                }),
        ]
    }

    func lines(style: Style, width: Int?) -> [StyledLine] {
        var table = Table([
            Table.Column(), Table.Column(overflow: .truncate(minimum: 12)), Table.Column(),
            Table.Column(overflow: .wrap),
        ])
        table.add(["secret", "source", "state", "used by"].map { StyledLine($0, .strong) })
        for secret in secrets {
            let words = Self.words(secret)
            table.add([
                StyledLine(secret.name), StyledLine(SafeText.lines(secret.origin).joined(separator: " ")),
                StyledLine(words, words == "missing" ? .warning : .plain),
                StyledLine(secret.users.isEmpty ? "nothing" : secret.users.map(\.description).joined(separator: ", ")),
            ])
        }
        let places = secrets.compactMap(\.place).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let stored = places.map { StyledLine("stored in \($0)", .faint) }
        return table.lines(width: width, style: style) + stored
    }

    private static func words(_ secret: SecretSummary) -> String {
        switch secret.state {
        case .stored: "stored"
        case .there: "there"
        case .notGiven: "not given"
        case .fetched: "fetched when needed"
        case .missing where secret.source == "generate": "not made yet"
        case .missing: secret.isOptional ? "not given" : "missing"
        }
    }
}
