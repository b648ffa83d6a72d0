import Base
import Execution
import HostInterfaces
import ManifestModel
import State
import YAML

extension ContainerService {
    func assess(_ context: NodeContext) async -> Assessment {
        if context.isPlanning, let before = pendingNeed(context) {
            return .unknown("known after \(before)")
        }
        let containers: [ContainerState]
        do throws(NodeFailure) {
            try NativeData.refuseContainer(name, context)
            containers = try await context.engine(of: self).containers(context)
            try StartGuards.checkOwner(of: containers, context)
        } catch { return .blocked(error) }
        let own = own(containers, in: context.workspace)
        if own.isEmpty {
            if adopted != nil, hasNoContainer { return .upToDate("the file asks for no container of it") }
            return await assessAbsent(containers, context)
        }
        if let adopted { return await assess(own, of: adopted, context) }
        do throws(NodeFailure) {
            if let change = try await change(of: own, context) { return .work(.update, change) }
        } catch { return context.isPlanning ? .unknown(error.message) : .blocked(error) }
        return await assess(own, context)
    }

    /// Why its containers are to be made anew; nil where all are as its definition asks.
    func change(of own: [ContainerState], _ context: NodeContext) async throws(NodeFailure) -> String? {
        let rendering = ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
        let rendered = try rendering.render(self)
        func all(_ label: String, are value: String) -> Bool { own.allSatisfy { $0.labels[label] == value } }
        if !all(ComposeRendering.workspaceLabel, are: context.workspace.root.text) {
            return "taken over from elsewhere"
        }
        if !all(ComposeRendering.hashLabel, are: rendered.hash) { return "its definition changed" }
        if let inputs = rendering.inputs(of: rendered, self, context.parts, scope: context.comparingScope),
            !all(ComposeRendering.inputsLabel, are: inputs)
        {
            return "an env file, an input or a secret of it changed"
        }
        for container in own where await imageHasMoved(rendered.node["image"]?.text, container, context) {
            return "its image changed"
        }
        return nil
    }

    /// Containers that are as they should be: whether they serve.
    func assess(_ containers: [ContainerState], _ context: NodeContext) async -> Assessment {
        guard let container = worst(of: containers) else { return .work(.create, "it has no container yet") }
        if let words = wrongNumber(of: containers) { return .work(.run, words) }
        switch container.state {
        case "running":
            let found = await assess(running: container, of: containers, context)
            guard case .upToDate = found, let reason = Ensuring(service: self, context: context).reason(for: containers)
            else { return found }
            return .work(.update, reason)
        case "exited" where isOneShot && container.exitStatus == 0: return .upToDate("done, exit status 0")
        case "exited": return .work(.run, "stopped (exit status \(container.exitStatus ?? -1))")
        default: return .work(.run, container.state)
        }
    }

    /// What a start would refuse is said before.
    private func assessAbsent(_ containers: [ContainerState], _ context: NodeContext) async -> Assessment {
        do throws(NodeFailure) {
            let engine = try await context.engine(of: self).found(context)
            let guards = StartGuards(host: context.host, engine: engine, containers: containers)
            try await guards.checkForeignData(self, context)
            try DataLoading.check(name, context)
        } catch { return .blocked(error) }
        let made = Ensuring(service: self, context: context).words
        return .work(.create, ["it has no container yet", made].compactMap { $0 }.joined(separator: "; "))
    }

    /// Whether the image's name stands for another image by now: the engine then lists the container by the image's
    /// id (moby, daemon/list.go). It does so too where nothing has that name any more, which is no reason to make a
    /// container anew, and where the definition itself has the id. Podman lists the old name, so there the name is asked
    /// for.
    func imageHasMoved(_ name: String?, _ container: ContainerState, _ context: NodeContext) async -> Bool {
        let isListedByID = container.image.hasPrefix("sha256:") && container.image != name
        guard let name, let engine = try? await context.engine(of: self).found(context) else { return isListedByID }
        guard isListedByID || engine.client.isPodman else { return false }
        if !isListedByID, await isNamed(name, container.imageID, context) { return false }
        do throws(EngineClient.Failure) {
            guard let id = try await engine.client.image(name) else { return false }
            return isListedByID || id != container.imageID
        } catch { return isListedByID }
    }

    /// Whether no image but this one can be meant by the name: one question for all containers. Podman writes names with
    /// the registry in front.
    private func isNamed(_ name: String, _ id: String, _ context: NodeContext) async -> Bool {
        guard let reference = ImageReference(name), let tag = reference.tag, reference.digest == nil,
            let images = await context.engine(of: self).imageNames(context)
        else { return false }
        let full = "\(reference.repository):\(tag)"
        let meant = images.filter { $0.value.contains { $0 == full || $0.hasSuffix("/" + full) } }
        return meant.count == 1 && meant[id] != nil
    }

    private func assess(
        running container: ContainerState, of containers: [ContainerState], _ context: NodeContext
    ) async -> Assessment {
        switch container.health {
        case _ where isAwaited: return .work(.run, "running, not done yet")
        case .starting: return .work(.run, "running, not healthy yet")
        case .unhealthy: return .work(.run, "running, not healthy")
        case .healthy where check == nil:
            let client = try? await context.engine(of: self).found(context).client
            let isHealthy = await client.map { PodmanChecks(client: $0) }?.isStillHealthy(container) ?? true
            return isHealthy ? .upToDate("running, healthy") : .work(.run, "running, not healthy")
        case .none where check == nil:
            return hasOwnCheck ? .work(.run, "running, not healthy yet") : .upToDate("running")
        case .healthy, .none: return await serves(containers, context)
        }
    }

    /// A check from outside is asked at each look: the engine does not know of it.
    private func serves(_ containers: [ContainerState], _ context: NodeContext) async -> Assessment {
        guard let check, let engine = try? await context.engine(of: self).found(context) else {
            return .upToDate("running")
        }
        let probe = HealthProbe(service: self, context: context, engine: engine)
        return await probe.passes(check, all: containers)
            ? .upToDate("running, healthy") : .work(.run, "running, not healthy")
    }

    /// A container of the same name that another folder made is not this service.
    func isRunning(_ context: NodeContext) async -> Bool? {
        guard let containers = try? await context.engine(of: self).containers(context) else { return nil }
        return containers.contains { container in
            container.belongs(to: self, in: context.workspace) && container.isRunning
                && container.isOurs(in: context.workspace)
        }
    }

    /// An edge's node that changes before this one: what this one is made of can't be told yet.
    private func pendingNeed(_ context: NodeContext) -> NodeID? {
        let uses = workspaceFiles(context.workspace)
        return uses.first { $0.kind == "repo" && context.pending.contains($0) && definition["build"] != nil }
    }

    private func workspaceFiles(_ workspace: Workspace) -> [NodeID] { edges(in: workspace).map(\.need) }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        let services = context.engine(of: self)
        let engine = try await services.found(context)
        let lane = try await services.readyImage(self, context)
        context.reporter.progress(NodeProgress("starting"))
        try await Readiness(service: self, context: context, engine: engine).start(lane)
        if let adopted { try await recordStart(adopted, context) }
        // Data without an identity stops only what is done for that data.
        let identity = keepsData ? try? await dataIdentity(context) : nil
        let mark = try await Ensuring(service: self, context: context).perform(engine, data: identity)
        try await record(since: start, identity, mark, context)
    }

    private func record(
        since start: Double, _ identity: String?, _ mark: JSON, _ context: NodeContext
    ) async throws(NodeFailure) {
        do throws(SystemError) {
            for volume in await ServiceVolumes(service: self, context: context).made() {
                let known = context.journal.created(id.description).contains { $0.name == volume.name }
                if !known {
                    try context.journal.append(
                        .created(LedgerEntry(kind: .volume, name: volume.name, node: id.description)))
                }
            }
            if let identity, context.journal.data(of: name)?.identity != identity {
                try context.journal.append(.data(service: name, identity: identity))
            }
            try context.journal.append(
                .done(
                    node: id.description, fingerprint: mark, seconds: context.host.clock.monotonicSeconds - start))
        } catch {
            throw NodeFailure(.failed, "the record of '\(name)' can't be written: \(error)")
        }
    }
}

extension ContainerService: DataHolder {
    var keepsData: Bool { !definition.namedVolumes.isEmpty }

    /// A volume that was removed and made anew is other data, whoever did that.
    func dataIdentity(_ context: NodeContext) async throws(NodeFailure) -> String? {
        guard keepsData else {
            throw NodeFailure(
                .failed, "'\(name)' keeps no data: it has no volume",
                remedy: "give it one with 'compose: {volumes: [data:/path]}', or drop 'per'")
        }
        let engine = try await context.engine(of: self).found(context)
        return try await ServiceVolumes(service: self, context: context).identity(engine.client)
    }
}

extension ContainerService: LogHolder {
    func recentLog(_ context: NodeContext) async throws(NodeFailure) -> String {
        let engine = try await context.engine(of: self).found(context)
        let containers = try await context.engine(of: self).containers(context)
        var lines: [String] = []
        for container in own(containers, in: context.workspace) {
            lines += await engine.client.lastLines(of: container.id, count: 2000)
        }
        return lines.joined(separator: "\n")
    }
}

extension ContainerService: CommandHost {
    func wrapped(
        _ arguments: [String], environment: [String: String], start: Bool, hasInput: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> (arguments: [String], environment: [String: String]) {
        let engine = try await context.engine(of: self).found(context)
        if start {
            let words = try await ContainerPrograms(service: self, engine: engine, context: context)
                .entering(arguments, variables: Array(environment.keys), isTerminal: false)
            return (words, engine.environment(context.host, of: adopted).merging(environment) { $1 })
        }
        let compose = try engine.composeProgram()
        guard compose.traits.isWhole else {
            throw NodeFailure(
                .prerequisite, "\(compose.traits.title) does not tell how a command in a container of its own ended",
                remedy: "drop 'start: false', so that it runs in the service's own container, or install docker-compose"
            )
        }
        var (arguments, environment) = (arguments, environment)
        if SentFiles.areNeeded(for: self, context.values) {
            let files = try SentFiles(service: self, context: context).before(arguments)
            arguments = files.command
            environment.merge(files.environment) { $1 }
        }
        guard let program = arguments.first else { throw NodeFailure(.failed, "there is no command to run") }
        let names = environment.keys.sorted().flatMap { ["-e", $0] }
        let secrets = try await context.engine(of: self).prepare(self, context)
        let words =
            try engine.composeArguments([self], context.workspace)
            + ["run", "--rm", "--no-deps", "-T", "--entrypoint", program] + names + [name] + arguments.dropFirst()
        return (words, engine.environment(context.host, secrets: secrets, of: adopted).merging(environment) { $1 })
    }
}
