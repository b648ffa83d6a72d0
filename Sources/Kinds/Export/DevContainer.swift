public import Base
import Execution
import Git
import ManifestModel

/// What `export devcontainer` gives (containers.dev, the reference of devcontainer.json): a container in which devinit
/// does the rest. Services run in an engine of its own inside, so that every address of the manifest holds there too.
public struct DevContainer: Sendable {
    /// Where the container is described, beside the manifest.
    public static let folder = Path(".devcontainer")
    /// Debian with the usual tools and a user; made for this by the specification's own project.
    public static let standardImage = "mcr.microsoft.com/devcontainers/base:bookworm"

    private static let service = "workspace"
    private static let command = "devinit up --trust --install -y"

    /// The content of `devcontainer.json`, without its heading.
    public let configuration: JSON
    /// The content of `compose.yaml` beside it, without its heading.
    public let compose: String
    /// What it can't say, a sentence each, with what to do.
    public let notes: [String]

    /// `values` must hold the decided ports.
    public init(_ workspace: Workspace, _ values: Values, image: String) {
        var notes: [String] = ["the image must have devinit on its PATH, or 'onCreateCommand' must install it"]
        let features = DevContainerFeatures(workspace)
        notes += features.notes
        let ports = Self.ports(workspace, &notes)
        let secrets = Self.secrets(workspace, &notes)
        Self.noteOthers(workspace, &notes)
        var members: [JSON.Member] = [
            JSON.Member("name", .string(workspace.name)),
            JSON.Member("dockerComposeFile", "compose.yaml"),
            JSON.Member("service", .string(Self.service)),
            // The folder's name is known only where it is opened.
            JSON.Member("workspaceFolder", "/workspaces/${localWorkspaceFolderBasename}"),
        ]
        func add(_ name: String, _ value: JSON, unless isEmpty: Bool) {
            if !isEmpty { members.append(JSON.Member(name, value)) }
        }
        add("features", .object(features.all), unless: features.all.isEmpty)
        add("forwardPorts", .array(ports.map { .integer($0.number) }), unless: ports.isEmpty)
        add(
            "portsAttributes",
            .object(ports.map { JSON.Member(String($0.number), ["label": .string($0.label)]) }), unless: ports.isEmpty)
        add("secrets", .object(secrets), unless: secrets.isEmpty)
        let machine = Self.machine(workspace)
        add("hostRequirements", .object(machine), unless: machine.isEmpty)
        let repositories = Self.repositories(workspace)
        add(
            "customizations", ["codespaces": ["repositories": .object(repositories)]], unless: repositories.isEmpty)
        members.append(JSON.Member("postCreateCommand", .string(Self.command)))
        // A container that was stopped comes back without its services.
        members.append(JSON.Member("postStartCommand", .string(Self.command)))
        configuration = .object(members)
        compose = """
            services:
              \(Self.service):
                image: \(image)
                # The folder above too: repositories may lie beside the manifest's own.
                volumes: ["../..:/workspaces:cached"]
                command: sleep infinity

            """
        self.notes = notes
    }

    private static func ports(_ workspace: Workspace, _ notes: inout [String]) -> [(number: Int, label: String)] {
        var ports: [(number: Int, label: String)] = []
        for case let service as any ServiceNode in workspace.nodes(of: ServiceKind.name) {
            for port in service.ports {
                let label = service.ports.count == 1 ? service.name : "\(service.name) \(port.name)"
                if case .fixed(let number) = port.host {
                    if !ports.contains(where: { $0.number == number }) { ports.append((number, label)) }
                } else {
                    notes.append("the port of \(label) is chosen in the container, so it can't be named here")
                }
            }
        }
        return ports
    }

    /// Variables that a person is to set where the container runs; the others are made, or asked for.
    private static func secrets(_ workspace: Workspace, _ notes: inout [String]) -> [JSON.Member] {
        var members: [JSON.Member] = []
        for case let secret as SecretNode in workspace.nodes(of: SecretKind.name) {
            let name = secret.id.name
            switch secret.declaration.source {
            case .environment(let variable):
                guard !members.contains(where: { $0.key == variable }) else { continue }
                let hint = secret.declaration.hint?.literal
                let words = hint ?? "the secret \(name)"
                members.append(JSON.Member(variable, ["description": .string(words)]))
            case .prompt(_, _, let standard) where standard == nil && !secret.declaration.isOptional:
                notes.append(
                    "the secret '\(name)' is asked for, and nobody is asked while the container is made: "
                        + "devinit secrets set \(name), then devinit up")
            case .command, .preset:
                notes.append(
                    "the secret '\(name)' is asked of a program, which the image must have and be logged in to")
            case .file: notes.append("the secret '\(name)' is read from a file, which must be there in the container")
            case .generate, .prompt, .none: break
            }
        }
        return members
    }

    private static func machine(_ workspace: Workspace) -> [JSON.Member] {
        guard let machine = workspace.node(ToolKind.name, ToolKind.machineName) as? MachineNode else { return [] }
        func size(_ bytes: Int) -> JSON { .string("\((bytes + 999_999_999) / 1_000_000_000)gb") }
        var members: [JSON.Member] = []
        if let cpus = machine.cpus { members.append(JSON.Member("cpus", .integer(cpus))) }
        if let memory = machine.memory { members.append(JSON.Member("memory", size(memory))) }
        if let disk = machine.disk { members.append(JSON.Member("storage", size(disk))) }
        return members
    }

    /// Codespaces gives access to the opened repository alone, unless others are named.
    private static func repositories(_ workspace: Workspace) -> [JSON.Member] {
        var members: [JSON.Member] = []
        for case let repository as RepositoryNode in workspace.nodes(of: "repo") {
            guard let text = repository.entry.url.literal, let address = RepositoryAddress(text),
                address.forge == "github" || address.host == "github.com"
            else { continue }
            var name = address.path.hasPrefix("/") ? String(address.path.dropFirst()) : address.path
            if name.hasSuffix(".git") { name = String(name.dropLast(4)) }
            if !members.contains(where: { $0.key == name }) {
                members.append(JSON.Member(name, ["permissions": ["contents": "write"]]))
            }
        }
        return members
    }

    private static func noteOthers(_ workspace: Workspace, _ notes: inout [String]) {
        for case let service as NativeService in workspace.nodes(of: ServiceKind.name) where service.template != nil {
            notes.append("'\(service.name)' runs without a container of its own, so the image must have its programs")
        }
        for case let service as ContainerService in workspace.nodes(of: ServiceKind.name) {
            if case .own(let engine) = service.engine {
                notes.append(
                    "'\(service.name)' lives on the engine '\(engine)', which the container has to be told of: "
                        + "docker context create \(engine)")
            }
            if let volume = service.adoptedVolume {
                notes.append(
                    "the volume '\(volume.source)' of '\(service.name)' is on this machine, not in the container")
            }
        }
        if workspace.manifest.root != workspace.manifest.file.parent {
            notes.append(
                "what is made beside the manifest's folder is kept as long as the container's machine, no longer")
        }
    }
}
