import Foundation
import PackagePlugin

/// Turns the files under `templates/` into Swift literals of the Catalog, at build time.
///
/// A test target gets the files under `Tests/Fixtures/Embedding/` instead, so that what the compiler
/// makes of nasty content can be compared with the disk.
@main struct EmbedTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let root = context.package.directoryURL
        let isTest = (target as? any SourceModuleTarget)?.kind == .test
        let folder = root.appending(path: isTest ? "Tests/Fixtures/Embedding" : "templates")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        // An input that the tool itself rewrites, so that it runs at every build (30 ms). The list of files
        // would not do: SwiftPM keeps a build plan until Package.swift or the files of a target change, so a
        // file added since would be embedded once and its later changes missed.
        let stamp = context.pluginWorkDirectoryURL.appending(path: "last-run")
        try Data().write(to: stamp)
        return [
            .buildCommand(
                displayName: "Embedding \(folder.lastPathComponent)",
                executable: try context.tool(named: "embed-templates").url,
                arguments: [
                    folder.path(percentEncoded: false), output.path(percentEncoded: false),
                    stamp.path(percentEncoded: false),
                ],
                inputFiles: watched(below: folder) + [stamp],
                outputFiles: [output])
        ]
    }

    /// The folder, the folders in it and all their files. A folder's own time of change tells of a file
    /// added or removed.
    private func watched(below folder: URL) -> [URL] {
        let keys: [URLResourceKey] = [.isRegularFileKey, .isDirectoryKey]
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: keys) else { return [] }
        var found = [folder]
        for case let url as URL in walk where url.lastPathComponent != ".DS_Store" {
            let kind = try? url.resourceValues(forKeys: Set(keys))
            if kind?.isRegularFile == true || kind?.isDirectory == true { found.append(url) }
        }
        return found.sorted { $0.path < $1.path }
    }
}
