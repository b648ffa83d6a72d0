public import Base
public import Execution
import Git
import HostInterfaces
import State

/// A set-up of this workspace of which the engine has containers or volumes.
public struct KnownInstance: Hashable, Sendable {
    /// Nil for the one without a name.
    public var name: String?
    /// Its Compose project.
    public var project: String
    /// The folder in which it was brought up.
    public var folder: Path
    /// Whether that folder is not there any more: a worktree that was removed.
    public var isGone: Bool
    public var containers: Int
    public var running: Int
    public var volumes: [String]

    /// What removes what is left of it.
    public var removal: String {
        "devinit down" + (name.map { " --instance \($0)" } ?? "") + (volumes.isEmpty ? "" : " --volumes")
    }
}

/// What the engines of a workspace told of its set-ups.
public struct InstanceSurvey: Sendable {
    public var instances: [KnownInstance] = []
    /// Of each engine that did not tell, why, in a sentence: what it has is not in the list.
    public var notes: [String] = []
    /// Of the first of them, where none told.
    public var failure: NodeFailure?
}

extension RunWorkspace {
    /// The set-ups whose folder is gone; none where the workspace never used an engine, or none answers.
    public func leftInstances() async -> InstanceSurvey {
        guard !EngineName.used(journal).isEmpty else { return InstanceSurvey() }
        var survey = await services.instances()
        survey.instances.removeAll { !$0.isGone }
        return survey
    }
}

extension ServiceOperations {
    /// Every set-up of this workspace that the engine knows, in this folder, in other working trees of the repository, and
    /// in those that are gone. Two questions to each engine; one that does not answer keeps none of the others.
    public func instances() async -> InstanceSurvey {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        let places = InstancePlaces(workspace: workspace, host: context.host)
        var survey = InstanceSurvey()
        var failure: NodeFailure?
        var isAnswered = false
        // Two names may lead to one engine, whose containers are not twice as many for that.
        var asked: Set<String> = []
        for engine in workspace.engines + EngineName.used(context.journal, besides: workspace.engines) {
            do throws(NodeFailure) {
                let found = try await context.parts.engines[engine].found(context)
                guard asked.insert(found.endpoint.address).inserted else { continue }
                try await add(to: places, those: found.client)
                isAnswered = true
            } catch {
                survey.notes.append("\(engine.words) is left out: \(error.message)")
                failure = failure ?? error
            }
        }
        if !isAnswered { survey.failure = failure }
        survey.instances = places.all
        return survey
    }

    private func add(to places: InstancePlaces, those client: EngineClient) async throws(NodeFailure) {
        do throws(EngineClient.Failure) {
            for container in try await client.containers(projects: nil) {
                let labels = container.labels
                let owner = labels[ComposeRendering.workspaceLabel] ?? labels[ContainerState.folderLabel]
                places.add(labels[ContainerState.projectLabel], owner: owner) { instance in
                    instance.containers += 1
                    instance.running += container.isRunning ? 1 : 0
                }
            }
            for volume in try await client.volumes(label: ComposeRendering.workspaceLabel) {
                let labels = volume["Labels"]
                places.add(
                    labels?[ContainerState.projectLabel]?.string,
                    owner: labels?[ComposeRendering.workspaceLabel]?.string
                ) { instance in
                    if let name = volume["Name"]?.string { instance.volumes.append(name) }
                }
            }
        } catch { throw NodeFailure(.failed, "the engine does not list what it has: \(error)") }
    }
}

/// Sorts what the engine has by set-up.
private final class InstancePlaces {
    private let workspace: Workspace
    private let host: Host
    private let gone: GoneFolders
    private var found: [String: KnownInstance] = [:]

    init(workspace: Workspace, host: Host) {
        self.workspace = workspace
        self.host = host
        gone = GoneFolders(workspace, host)
    }

    /// By project: the main one first.
    var all: [KnownInstance] {
        found.values.map { instance in
            var instance = instance
            instance.volumes.sort()
            return instance
        }.sorted { ($0.name ?? "", $0.project, $0.folder.text) < ($1.name ?? "", $1.project, $1.folder.text) }
    }

    func add(_ project: String?, owner: String?, _ change: (inout KnownInstance) -> Void) {
        guard let project, let owner, let name = instance(of: project), let place = place(of: owner, name) else {
            return
        }
        let key = "\(project) \(place.folder)"
        var instance =
            found[key]
            ?? KnownInstance(
                name: name.isEmpty ? nil : name, project: project, folder: place.folder, isGone: place.isGone,
                containers: 0, running: 0, volumes: [])
        change(&instance)
        found[key] = instance
    }

    /// The instance's name, empty for the one without; nil for another workspace's project.
    private func instance(of project: String) -> String? {
        // One of the names may begin with the other.
        let bases = [workspace.name, workspace.adoptedProject?.statedName].compactMap { $0 }
        for base in bases.sorted(by: { $0.utf8.count > $1.utf8.count }) {
            if project == base { return "" }
            if project.hasPrefix("\(base)-") { return String(project.dropFirst(base.count + 1)) }
        }
        return nil
    }

    /// Existing files may stand in a folder of their own: their containers belong to the same set-up as the others.
    private func workingTree(holding folder: Path) -> Path {
        let tree = LinkedWorktree.holding(folder, files: host.files)?.folder
        return tree ?? LinkedWorktree.main(of: folder, files: host.files) ?? folder
    }

    /// The workspace's folder of that owner, where it is this workspace in one of its working trees.
    private func place(of owner: String, _ name: String) -> (folder: Path, isGone: Bool)? {
        let folder = Path(owner)
        if let root = gone.root(of: owner, instance: name) { return (root, true) }
        if gone.excludes(name, in: owner) { return nil }
        if folder.isInside(workspace.root) { return (workspace.root, false) }
        guard host.files.exists(folder), let repository = gone.repository,
            GoneFolders.repository(of: folder, host) == repository
        else { return nil }
        return (gone.workspace(holding: owner) ?? workingTree(holding: folder), false)
    }
}
