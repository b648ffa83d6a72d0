import Base
import State

/// What a person decided about keys whose values are not the manifest's. Each decision stays until it is carried out, or
/// until the manifest wants something else than it did then.
struct EnvironmentFileChoices: Hashable, Sendable {
    enum Choice: Hashable, Sendable {
        /// The manifest's value is to be written.
        case manifest
        /// The developer's stays, and is not reported while the manifest wants this; nil: that the key is not there.
        case mine(insteadOf: EnvironmentFileRecord.Written?)
    }

    var keys: [String: Choice] = [:]

    init() {}

    init(_ journal: Journal, _ name: String) {
        for member in journal.fact(name)?.object ?? [] {
            switch member.value["take"]?.string {
            case "manifest": keys[member.key] = .manifest
            case "mine":
                keys[member.key] = .mine(
                    insteadOf: member.value["instead_of"].flatMap(EnvironmentFileRecord.Written.init))
            default: continue
            }
        }
    }

    var isEmpty: Bool { keys.isEmpty }

    var json: JSON {
        .sorted(
            keys.mapValues { choice in
                switch choice {
                case .manifest: ["take": "manifest"]
                case .mine(let written): .members(["take": "mine", "instead_of": written?.json])
                }
            })
    }
}
