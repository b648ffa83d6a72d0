import Foundation

// embed-templates FOLDER OUTPUT STAMP: writes a Swift file that holds every regular file below FOLDER.
// OUTPUT is touched only when it would change, so that nothing is compiled again without need; STAMP
// always is, so that the next build runs this again.

guard CommandLine.arguments.count == 4 else {
    FileHandle.standardError.write(Data("usage: embed-templates FOLDER OUTPUT STAMP\n".utf8))
    exit(64)
}
do {
    let files = try FolderReader(folder: URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory)).files()
    let source = Data(SwiftSource.holding(files).utf8)
    let output = URL(filePath: CommandLine.arguments[2])
    if (try? Data(contentsOf: output)) != source { try source.write(to: output, options: .atomic) }
    try Data().write(to: URL(filePath: CommandLine.arguments[3]))
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
