import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import YAML

/// One `up -d` for all services that are to start together. Where it fails, each is tried alone, so that only the
/// one at fault fails.
struct ComposeUp {
    let host: Host
    let engine: FoundEngine
    let containers: [ContainerState]
    let requests: [StartQueue.Request]

    /// Failures by service; whoever is not in it was started.
    func perform() async -> [String: NodeFailure] {
        guard let context = requests.first?.context else { return [:] }
        var failures: [String: NodeFailure] = [:]
        var open: [StartQueue.Request] = []
        let guards = StartGuards(host: host, engine: engine, containers: containers)
        for request in requests {
            do throws(NodeFailure) {
                try await guards.check(request.service, request.context)
                open.append(request)
            } catch { failures[request.service.name] = error }
        }
        guard !open.isEmpty else { return failures }
        let secrets: [String: String]
        do throws(NodeFailure) {
            if let adopted = open[0].service.adopted {
                try adopted.checkApproved(context.display)
                try await ComposeConfiguration(adopted: adopted, engine: engine, context: context)
                    .settle(for: open.map(\.service.name))
                secrets = [:]
            } else {
                secrets = try ComposeUp.prepare(open.map(\.service), on: engine.name, context, form: engine.form)
                warnOfArguments(secrets, context)
            }
        } catch {
            guard open.count > 1 else { return [open[0].service.name: error].merging(failures) { $1 } }
            // One whose definition can't be told must not hold the others up.
            for request in open {
                let alone = ComposeUp(host: host, engine: engine, containers: containers, requests: [request])
                failures.merge(await alone.perform()) { $1 }
            }
            return failures
        }
        await guards.recordEngine(open.map(\.service), context)
        await ServiceVolumes.makeMissing(of: open[0].service.adopted, context, engine)
        let failed = await removeChanged(among: open)
        if !failed.isEmpty {
            open.removeAll { failed[$0.service.name] != nil }
            failures.merge(failed) { $1 }
            if open.isEmpty { return failures }
        }
        for request in open { request.progress.begin(before: containers) }
        let failure = await startWithFiles(open, secrets, context)
        guard let failure else { return failures }
        let isGone = failure.kind == .cancelled ? false : await engine.client.isGone()
        if open.count == 1 || failure.kind == .cancelled || isGone {
            for request in open { failures[request.service.name] = isGone ? engine.stopped(context) : failure }
            return failures
        }
        let look = await look(context)
        for request in open where !request.progress.isSettled {
            // What Compose brought up before it failed is not touched again.
            let made = request.progress.containers(in: look)
            if !made.isEmpty, made.allSatisfy(\.isRunning) { continue }
            if let failure = await startWithFiles([request], secrets, context) {
                failures[request.service.name] = failure
            }
        }
        return failures
    }

    /// Writes the files; returns the secrets that Compose gets by its environment.
    static func prepare(
        _ starting: [ContainerService], on engine: EngineName, _ context: NodeContext, form: ComposeForm
    ) throws(NodeFailure) -> [String: String] {
        let rendering = ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
        let file = ComposeFile(rendering: rendering, engine: engine)
        let outcome = try file.write(
            context.workspace.containerServices(on: engine), starting: Set(starting.map(\.name)),
            values: context.values, parts: context.parts, form: form)
        if let backup = outcome.backup { GeneratedFile.tell(of: backup, replaced: file.path, context) }
        var secrets: [String: String] = [:]
        for (variable, text) in outcome.secretVariables {
            // Secrets of services that do not start now may not be there.
            if let value = try? context.resolve(text).text { secrets[variable] = value }
        }
        return secrets
    }

    /// A program that makes nothing anew itself finds no container that was made from something else.
    private func removeChanged(among requests: [StartQueue.Request]) async -> [String: NodeFailure] {
        guard engine.compose?.traits.replacesChanged == false else { return [:] }
        var failures: [String: NodeFailure] = [:]
        for request in requests {
            let (service, context) = (request.service, request.context)
            let own = service.own(containers, in: context.workspace)
            do throws(NodeFailure) {
                // What is to be made inside one is no reason to take it away.
                guard !own.isEmpty, try await service.change(of: own, context) != nil else { continue }
                for container in own { try await remove(container) }
            } catch { failures[service.name] = error }
        }
        return failures
    }

    private func remove(_ container: ContainerState) async throws(NodeFailure) {
        do throws(EngineClient.Failure) {
            try await engine.client.stop(container.id)
            try await engine.client.remove(container.id, unnamedVolumes: false)
        } catch {
            throw NodeFailure(
                .failed, "the container of '\(container.service ?? container.id)' can't be replaced: \(error)")
        }
    }

    /// Whether the containers were made, and have begun to run.
    private func areThere(_ requests: [StartQueue.Request], running: Bool, _ context: NodeContext) async -> Bool {
        let found = await look(context).containers
        return requests.allSatisfy { request in
            found.contains {
                $0.belongs(to: request.service, in: context.workspace) && (!running || $0.state != "created")
            }
        }
    }

    /// Whose program hands values on as arguments says so: others on the machine can read those while it runs.
    private func warnOfArguments(_ secrets: [String: String], _ context: NodeContext) {
        guard !secrets.isEmpty, let traits = engine.compose?.traits, !traits.hidesValues else { return }
        context.reporter.note(
            "\(traits.title) hands secrets of containers to podman as arguments, which other users of this machine can "
                + "read for that moment; docker-compose does not")
    }

    /// Makes the generated file where it is missing (`git clean`): Compose can do nothing without one.
    static func ensureFile(_ engine: FoundEngine, _ context: NodeContext) throws(NodeFailure) {
        if !context.host.files.isFile(context.workspace.composeFile(engine.name)) {
            _ = try prepare([], on: engine.name, context, form: engine.form)
        }
    }

    private func look(_ context: NodeContext) async -> ContainerLook {
        let now = host.clock.monotonicSeconds
        return ContainerLook(
            at: now,
            containers: (try? await engine.client.containers(projects: context.workspace.projectNames(on: engine.name)))
                ?? [])
    }

    /// Files go into containers that are made and do not run yet.
    private func startWithFiles(
        _ requests: [StartQueue.Request], _ secrets: [String: String], _ context: NodeContext
    ) async -> NodeFailure? {
        let receiving = requests.filter { SentFiles.areNeeded(for: $0.service, context.values) }
        if !receiving.isEmpty {
            if let failure = await call(receiving, secrets, context, starting: false) { return failure }
            let containers = await look(context).containers
            for request in receiving {
                let files = SentFiles(service: request.service, context: request.context)
                for own in request.service.own(containers, in: context.workspace) where !own.isRunning {
                    do throws(NodeFailure) { try await files.send(to: own, engine.client) } catch { return error }
                }
            }
        }
        return await call(requests, secrets, context)
    }

    private func call(
        _ requests: [StartQueue.Request], _ secrets: [String: String], _ context: NodeContext, starting: Bool = true
    ) async -> NodeFailure? {
        let names = requests.map(\.service.name)
        let lines = LineGatherer { line, isError in
            let named = requests.filter { ComposeUp.names(line, $0.service.name) }
            for request in named.isEmpty ? requests : named { ComposeUp.report(line, isError, to: request) }
        }
        do throws(NodeFailure) {
            var arguments =
                try engine.composeArguments(requests.map(\.service), context.workspace)
                + ["up", starting ? "-d" : "--no-start", "--no-deps"]
            let traits = try engine.composeProgram().traits
            if context.settings.offline, let words = traits.withoutPull,
                requests.contains(where: { $0.service.mayPullAtStart })
            {
                arguments += words
            }
            if requests.contains(where: { $0.service.definition["build"] != nil }) { arguments.append("--build") }
            // One that was taken over is to say whose it is; Compose would leave it as it is.
            if requests.contains(where: isFromElsewhere) { arguments.append("--force-recreate") }
            let request = ProcessRequest(
                arguments + names,
                environment: engine.environment(host, secrets: secrets, of: requests[0].service.adopted),
                folder: requests[0].service.adopted?.request.folder ?? context.workspace.root,
                timeLimit: CallLimit.download, grace: context.settings.grace)
            let result: ProcessResult
            do throws(ProcessError) {
                result = try await host.processes.run(request) { stream, bytes in
                    lines.add(bytes, isError: stream == .error)
                }
            } catch { throw NodeFailure(.prerequisite, "Compose can't be started: \(error)") }
            lines.finish()
            if result.succeeded, traits.tellsFailures { return nil }
            if result.succeeded, await areThere(requests, running: starting, context) { return nil }
            if result.end == .cancelled { return NodeFailure(.cancelled, "cancelled") }
            if result.end == .timedOut { return ComposeErrors.hanging(after: CallLimit.download) }
            let text = context.values.mask.mask(result.errorText + result.text)
            return ComposeErrors.failure(text, services: names, engine: engine, host: host, context)
        } catch { return error }
    }

    private func isFromElsewhere(_ request: StartQueue.Request) -> Bool {
        guard let adopted = request.service.adopted else { return false }
        return containers.contains {
            $0.belongs(to: request.service, in: request.context.workspace) && !adopted.made($0)
        }
    }

    /// Whether a line names the service, or the container that Compose makes of it: `shop-db-1`, `shop_db_1`.
    private static func names(_ line: String, _ service: String) -> Bool {
        line.split { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }.contains { word in
            word == service || ["-", "_"].contains { word.hasSuffix("\($0)\(service)\($0)1") }
        }
    }

    /// Lines that name a service go to its node; those that name none go to all.
    private static func report(_ line: String, _ isError: Bool, to request: StartQueue.Request) {
        request.context.reporter.output(Array(line.utf8) + [UInt8(ascii: "\n")], false)
        let words = line.split(separator: " ").joined(separator: " ")
        let name = request.service.name
        if words.contains(name) || words.contains("Pull") || words.contains("Download") {
            request.context.reporter.progress(NodeProgress(words))
        }
    }
}
