import ManifestModel

/// The section `compose`: existing Compose files whose services become nodes. Read and checked, not yet adopted.
enum ComposeDeclaration {
    private static let shape = ObjectShape(
        "existing compose files",
        keys: [
            KeySpec("files", .list(.text), "The files, merged in order.", required: true),
            KeySpec("services", .names, "Which of their services; all without a profile when absent."),
            KeySpec("profiles", .names, "Compose profiles that are on."),
            KeySpec("project", .text, "The Compose project's name.", standard: "the workspace's name"),
            KeySpec("env_file", .list(.text), "Files with variables for the compose files."),
        ])

    static let section = KeySpec(
        "compose", .object(shape), "Compose files that are there already.", availability: .later)
}
