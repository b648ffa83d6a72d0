import Base
import Execution
import HostInterfaces
import State
import Synchronization
import YAML

/// The Compose project of files that were there before, as all its services share it. A class, because what its files
/// say is read again when a file of variables has changed, once for all.
final class AdoptedProject: Sendable {
    let request: ComposeProjectRequest
    /// As it was read with the manifest: what the graph is made of and what was approved.
    let initial: ComposeProject
    /// The services that are nodes.
    let names: [String]
    /// Compose profiles that the manifest switches on; nil: those of Compose's own variable, as long as no others are
    /// asked for.
    private let profiles: [String]?
    private let host: Host
    private let newest: Mutex<ComposeProject>

    init(_ request: ComposeProjectRequest, _ project: ComposeProject, names: [String], profiles: [String], host: Host) {
        self.request = request
        initial = project
        self.names = names
        self.profiles = profiles.isEmpty ? nil : profiles
        self.host = host
        newest = Mutex(project)
    }

    /// What Compose calls the project, the instance's part included.
    var name: String { initial.name }
    var instance: AdoptedInstance? { request.instance }

    /// The profiles that are on without anybody's asking; `isAsked` where `--profile` names some.
    func standardProfiles(isAsked: Bool) -> [String] { profiles ?? (isAsked ? [] : initial.standardProfiles) }

    /// As it is now: an env file that a run has written gives other values.
    var current: ComposeProject {
        let known = newest.withLock { $0 }
        if isCurrent(known) { return known }
        var read = ComposeProjectReader.read(request, host: host)
        // The name is that of the containers which were looked at, for as long as the command runs.
        read.name = initial.name
        newest.withLock { $0 = read }
        return read
    }

    private func isCurrent(_ project: ComposeProject) -> Bool {
        project.variableFiles.allSatisfy { path, bytes in (try? host.files.read(path, limit: 16 << 20)) == bytes }
    }

    /// Fails where a Compose file is another than the one that was read and approved.
    func checkApproved(_ display: (Path) -> String) throws(NodeFailure) {
        let now = ComposeProjectReader.read(request, host: host)
        for path in Set(now.sources.keys + initial.sources.keys).sorted()
        where now.sources[path] != initial.sources[path] {
            throw NodeFailure(
                .prerequisite, "\(display(path)) has changed since devinit read it",
                remedy: "run devinit up again; it asks anew where the change has to be approved")
        }
    }

    /// The words of a call of Compose up to its command. With names, the profiles that hold those back are on.
    /// `asStated`: with the files as they are, although an instance has one of its own.
    func arguments(_ compose: [String], for names: [String] = [], asStated: Bool = false) -> [String] {
        var words = compose + ["-p", name]
        if !asStated, let file = instance?.file, host.files.isFile(file) {
            words += ["-f", file.text, "--project-directory", request.folder.text]
        } else {
            for file in request.files { words += ["-f", file.text] }
            for file in request.environmentFiles { words += ["--env-file", file.text] }
        }
        return words + profiles(holding: initial.closure(of: names)).flatMap { ["--profile", $0] }
    }

    /// The profiles of which each holds one of those services back.
    func profiles(holding names: [String]) -> [String] {
        var profiles: [String] = []
        for name in names {
            for profile in initial.services[name]?.composeProfiles ?? [] where !profiles.contains(profile) {
                profiles.append(profile)
            }
        }
        return profiles
    }

    /// What a program that calls Compose itself has to name: of an instance its own file, be it made already or not. By
    /// the files themselves it would get the ports and names of the main checkout.
    var callFiles: [Path] { instance.map { [$0.file] } ?? request.files }

    /// The engine's name of a volume, and whether Compose makes it without anything of its own to say.
    func volume(_ key: String) -> (name: String, isPlain: Bool) {
        let definition = initial.sections["volumes"]?[key]
        let stated = definition?["name"]?.text
        if definition?.isExternal == true {
            return (definition?["external"]?["name"]?.text ?? stated ?? key, false)
        }
        let others = (definition?.entries ?? []).filter { $0.key != "name" && !$0.value.isNull }
        return (engineName(key, stated), others.isEmpty)
    }
}

extension ContainerService {
    /// The Compose project that its container is in.
    func projectName(in workspace: Workspace) -> String { adopted?.name ?? workspace.project }
}

extension Workspace {
    /// The services of existing Compose files.
    var adoptedServices: [ContainerService] {
        nodes(of: ServiceKind.name).compactMap { $0 as? ContainerService }.filter { $0.adopted != nil }
    }

    var adoptedProject: AdoptedProject? { adoptedServices.first?.adopted }

    /// The names of the Compose projects in which this workspace has services.
    var projectNames: [String] {
        var names: [String] = []
        for service in nodes(of: ServiceKind.name).compactMap({ $0 as? ContainerService }) {
            let name = service.projectName(in: self)
            if !names.contains(name) { names.append(name) }
        }
        return names.isEmpty ? [project] : names
    }
}

extension ContainerState {
    /// Whether this is the container of that service.
    func belongs(to service: any ServiceNode, in workspace: Workspace) -> Bool {
        self.service == service.name
            && labels[Self.projectLabel] == (service as? ContainerService)?.projectName(in: workspace)
    }

    /// Whether this workspace has made it, by its own file or by those that it adopted.
    func isOurs(in workspace: Workspace) -> Bool {
        if labels[ComposeRendering.workspaceLabel] == workspace.root.text { return true }
        guard let adopted = workspace.adoptedProject, labels[Self.projectLabel] == adopted.name else { return false }
        return adopted.made(self)
    }
}

extension AdoptedProject {
    /// Whether Compose made it from these files, and not from those of another folder.
    func made(_ container: ContainerState) -> Bool { isFolder(container.labels[ContainerState.folderLabel] ?? "") }

    /// Whether a label means the project's folder, links followed.
    func isFolder(_ text: String) -> Bool {
        // A step that calls Compose itself names the instance's file alone.
        if text == request.folder.text || text == instance?.file.parent.text { return true }
        guard let own = try? host.files.resolve(request.folder) else { return false }
        return own.text == text || (try? host.files.resolve(Path(text))) == own
    }
}
