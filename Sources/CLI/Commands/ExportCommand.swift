import Arguments
import Base
import HostInterfaces
import Kinds
import ManifestModel

/// `export`: the workspace in the words of another program.
enum ExportCommand: Command {
    static let format = Positionals(
        "format", type: .choice(["devcontainer"]), least: 1, most: 1, help: "For which program.")
    static let write = Flag("write", help: "Write the files beside the manifest.", variable: .none)
    static let force = Flag("force", help: "Also over files that were changed by hand.", variable: .none)
    static let image = Option<String>(
        "image", value: "IMAGE", type: .text, default: DevContainer.standardImage,
        help: "The image of the container; it must have devinit, or get it by 'onCreateCommand'.", variable: .none)

    static let spec = CommandSpec(
        name: "export", summary: "Writes a devcontainer (Codespaces, DevPod) in which devinit does the rest.",
        discussion: """
            The container has an engine of its own, features for the required tools where there are such, and runs \
            'devinit up' when it is made and when it starts. What can't be said there is noted on standard error.
            """,
        arguments: [format.spec, write.spec, force.spec, image.spec],
        examples: [
            Example("devinit export devcontainer", help: "Prints both files."),
            Example("devinit export devcontainer --write", help: "Writes .devcontainer/."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        try await Preparation.decidePorts(opened, writing: false)
        let container = DevContainer(opened.workspace, opened.values, image: parsed[image])
        let folder = opened.manifest.file.parent.appending(DevContainer.folder)
        let files = [
            ExportedFile(
                path: folder / "devcontainer.json", comment: "//",
                content: container.configuration.text(pretty: true) + "\n", host: session.host),
            ExportedFile(path: folder / "compose.yaml", comment: "#", content: container.compose, host: session.host),
        ]
        if parsed[write] { try put(files, into: folder, force: parsed[force], session) }
        if session.isJSON {
            session.answer([
                "schema": "devinit.export/1", "written": .bool(parsed[write]),
                "files": .object(files.map { JSON.Member($0.path.name, JSON.string($0.text)) }),
                "notes": .array(container.notes.map { .string($0) }),
            ])
        } else if !parsed[write] {
            for file in files {
                session.answer("\(file.comment) \(DevContainer.folder)/\(file.path.name)\n\(file.text)")
            }
        } else {
            session.say("wrote \(files.map { $0.path.text }.joined(separator: " and "))")
        }
        for note in container.notes where !session.isJSON { session.say("note: \(note)") }
        return .done
    }

    private static func put(
        _ files: [ExportedFile], into folder: Path, force: Bool, _ session: Session
    ) throws(CommandFailure) {
        if !force, let edited = files.first(where: \.isForeign) {
            throw CommandFailure(
                .failed, code: "edited", "\(edited.path) is not as devinit would have written it",
                suggestion: "move it away, or write over it with --force")
        }
        do throws(SystemError) {
            try session.host.files.makeFolder(folder, mode: 0o755)
            for file in files { try session.host.files.replace(file.path, with: Array(file.text.utf8), mode: 0o644) }
        } catch {
            throw CommandFailure(.failed, code: "write", "\(error)")
        }
    }
}

/// A file that devinit makes and a person may have changed since.
struct ExportedFile {
    let path: Path
    let comment: String
    let content: String
    let host: Host

    private var mark: String { "\(comment) Made by 'devinit export devcontainer'; content: " }

    /// With a heading by which a change is noticed.
    var text: String { mark + host.digests.sha256(Array(content.utf8)) + "\n" + content }

    /// Whether something stands there that devinit did not write like that.
    var isForeign: Bool {
        guard host.files.exists(path) else { return false }
        guard let found = host.files.text(of: path), found.hasPrefix(mark), let end = found.firstIndex(of: "\n") else {
            return true
        }
        let body = found[found.index(after: end)...]
        return found[..<end].dropFirst(mark.count) != host.digests.sha256(Array(body.utf8))
    }
}
