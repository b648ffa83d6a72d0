import Base
import YAML

/// How the generated file has to be written, so that who reads it understands what it says.
enum ComposeForm: Hashable, Sendable {
    case docker
    /// Podman's Docker interface splits the words of a check at each space (cmd/podman/common/create_opts.go, seen in
    /// 4.3): `[CMD, sh, -c, "exit 1"]` would succeed.
    case podman
    /// podman-compose too, and it knows no empty default of a variable (seen in 1.0.3).
    case podmanCompose

    /// The service in this form; `variables` are those that hold secrets.
    func adapt(_ node: YAMLNode, variables: some Collection<String>) -> YAMLNode {
        guard self != .docker else { return node }
        var service = self == .podmanCompose ? Self.withoutDefaults(node, variables) : node
        guard var check = service["healthcheck"], let words = check["test"]?.items?.compactMap(\.text),
            words.first == "CMD", !words.allSatisfy(Self.isPlain)
        else { return service }
        let quoted = words.dropFirst().map { Self.isPlain($0) ? $0 : ShellWord.quoted($0) }
        check.set("test", to: .sequence([.text("CMD-SHELL"), .text(quoted.joined(separator: " "))]))
        service.set("healthcheck", to: check)
        return service
    }

    private static func withoutDefaults(_ node: YAMLNode, _ variables: some Collection<String>) -> YAMLNode {
        switch node.value {
        case .mapping(let entries):
            return .mapping(
                entries.map { entry in
                    var entry = entry
                    entry.value = withoutDefaults(entry.value, variables)
                    return entry
                }, at: node.location)
        case .sequence(let items):
            return .sequence(items.map { withoutDefaults($0, variables) }, at: node.location)
        case .scalar(let scalar):
            guard let variable = variables.first(where: { scalar.text == "${\($0)-}" }) else { return node }
            return .text("${\(variable)}", at: node.location)
        case .reset: return node
        }
    }

    /// Whether a shell and a splitting at spaces leave the word as it is.
    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_./:=@%+,-".utf8.contains(byte)
                }
            }
    }
}

extension FoundEngine {
    var form: ComposeForm {
        if compose?.generation == .podman { return .podmanCompose }
        return client.isPodman ? .podman : .docker
    }
}
