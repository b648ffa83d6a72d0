import ManifestModel
import YAML

/// The section `compose`: existing Compose files whose services become nodes.
struct ComposeDeclaration: Sendable {
    private static let files = Key<[Text]>(
        KeySpec("files", .list(.text), "The files, merged in order.", required: true)
    ) { ($0.items ?? [$0]).compactMap(\.interpolatedText) }
    private static let services = Key<[Text]>.names(
        "services", "Which of their services, with those they depend on; all that no profile holds back when absent.")
    private static let profiles = Key<[Text]>.names("profiles", "Compose profiles that are on.")
    private static let project = Key<Text>.text(
        "project", "The Compose project's name, where Compose would take another.")
    private static let environmentFiles = Key<[Text]>.texts(
        "env_file", "Files with variables for the compose files, instead of the .env beside the first.")

    private static let shape = ObjectShape(
        "existing compose files",
        keys: [files.spec, services.spec, profiles.spec, project.spec, environmentFiles.spec],
        expand: { node in
            if case .mapping = node.value { return node }
            return node.isAbsent
                ? node : .mapping([YAMLEntry(key: "files", keyLocation: node.location, value: node)], at: node.location)
        })

    static let section = KeySpec("compose", .object(shape), "Compose files that are there already.")

    let files: [Text]
    let services: [Text]
    let profiles: [Text]
    let project: Text?
    let environmentFiles: [Text]

    init(_ fields: Fields) {
        files = fields[Self.files] ?? []
        services = fields[Self.services] ?? []
        profiles = fields[Self.profiles] ?? []
        project = fields[Self.project]
        environmentFiles = fields[Self.environmentFiles] ?? []
    }
}
