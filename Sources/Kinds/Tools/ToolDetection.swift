import Base
import HostInterfaces
import State
import Synchronization
import Versions

/// What a look for a tool found.
enum ToolFinding: Hashable, Sendable {
    case version(String, at: Path)
    /// It is there, but none of its probes told a version; the words say what happened.
    case noVersion(String, at: Path)
    case missing
    /// Only the platform's stand-in is there, which is never run.
    case stub
}

/// Finds tools and their versions, for all tool nodes of a workspace. A version is remembered between runs as long as
/// the program's file is the same, so that a run with nothing to do starts no process.
final class ToolDetection: Sendable {
    private let state = Mutex(State())

    private struct State {
        var cache: ToolCacheFile?
        var isChanged = false
        /// Probes that run now.
        var running = 0
    }

    /// How long a probe may take (manifest specification, "Units": probe 5 s).
    static let timeLimit = Duration.seconds(5)

    /// The tool as it is now. `recipe` names a file of the catalog; nil looks only whether `name` is on PATH.
    func find(_ name: String, recipe file: String?, path: String, folder: Path, _ context: NodeContext) async
        -> ToolFinding
    {
        let host = context.host
        guard let file, let text = ToolCatalog.text(of: file) else {
            return host.processes.find(name, path: path, folder: folder).map { .noVersion("", at: $0) } ?? .missing
        }
        let digest = host.digests.sha256(Array(text.utf8))
        let known = cached(file, context)
        if let known, known.recipe == digest, let place = known.place(host, path: path, folder: folder) {
            return .version(known.version, at: place)
        }
        guard let recipe = ToolCatalog.recipe(file) else { return .missing }
        let programs = ToolPrograms(host: host, path: path, folder: folder)
        if let known, known.recipe == digest, known.programs.contains(where: { $0.path != nil }),
            known.programs.allSatisfy({
                ProgramIdentity($0.program, at: programs.find($0.program, recipe).path, files: host.files) == $0
            }), let place = known.programs.lazy.compactMap(\.path).last
        {
            return .version(known.version, at: place)
        }
        return await probe(recipe, digest, programs, context)
    }

    /// Writes what was learned, for the next run.
    func save(_ context: NodeContext) {
        let cache = state.withLock { state -> ToolCacheFile? in
            guard state.isChanged else { return nil }
            state.isChanged = false
            return state.cache
        }
        cache?.save(in: WorkspaceFolder(root: context.workspace.root), host: context.host)
    }

    // MARK: Probing

    private struct Answer {
        var probe: ToolRecipe.Probe
        var identity: ProgramIdentity
        var version: String?
        var words: String
    }

    private func probe(
        _ recipe: ToolRecipe, _ digest: String, _ programs: ToolPrograms, _ context: NodeContext
    ) async -> ToolFinding {
        var answers: [Answer] = []
        var hasStub = false
        for probe in recipe.probes {
            let found = programs.find(probe.command[0], recipe)
            hasStub = hasStub || (found.hasStub && found.path == nil)
            let identity = ProgramIdentity(probe.command[0], at: found.path, files: context.host.files)
            var answer = Answer(probe: probe, identity: identity, version: nil, words: "")
            if found.path != nil { (answer.version, answer.words) = await run(probe, identity, programs, context) }
            answers.append(answer)
            if answer.version != nil, !recipe.choosesNewest { break }
        }
        let versions = answers.map { $0.version ?? "" }
        guard let index = ToolVersion.newest(versions), let version = answers[index].version,
            let place = answers[index].identity.path
        else {
            let there = answers.first { $0.identity.path != nil }
            if let there, let place = there.identity.path { return .noVersion(there.words, at: place) }
            return hasStub ? .stub : .missing
        }
        let isDecided = answers.allSatisfy { answer in
            answer.identity.isDecisive(context.host)
                && (answer.identity.path == nil || answer.probe.asksProgramAlone)
                && answer.identity.path == programs.find(answer.identity.program, recipe).path
        }
        remember(
            isDecided
                ? .init(recipe: digest, version: version, programs: answers.map(\.identity)) : nil,
            for: recipe.name)
        return .version(version, at: place)
    }

    private func run(
        _ probe: ToolRecipe.Probe, _ identity: ProgramIdentity, _ programs: ToolPrograms, _ context: NodeContext
    ) async -> (version: String?, words: String) {
        let request = ProcessRequest(
            [identity.path?.text ?? probe.command[0]] + probe.command.dropFirst(),
            environment: ProbeEnvironment.variables(context.host, path: programs.path), folder: programs.folder,
            output: .captured(limit: 64 << 10), timeLimit: Self.timeLimit, grace: .milliseconds(200))
        let isCrowded = state.withLock { state in
            state.running += 1
            return state.running > context.host.machine.cores
        }
        defer { state.withLock { $0.running -= 1 } }
        do {
            var result = try await context.host.processes.run(request, onOutput: nil)
            // On a machine that starts many probes at once a slow one deserves a second chance.
            if result.end == .timedOut, isCrowded {
                result = try await context.host.processes.run(request, onOutput: nil)
            }
            if result.end == .timedOut { return (nil, "did not tell its version within 5s") }
            let output = result.text + "\n" + result.errorText
            if let version = ToolVersion.extract(from: output, pattern: probe.pattern) { return (version, "") }
            return (nil, result.succeeded ? "its version can't be read" : "could not tell its version: \(result.end)")
        } catch {
            return (nil, "can't be started: \(error)")
        }
    }

    // MARK: Remembering

    private func cached(_ name: String, _ context: NodeContext) -> ToolCacheFile.Version? {
        cache(context).versions[name]
    }

    private func cache(_ context: NodeContext) -> ToolCacheFile {
        state.withLock { state in
            if let cache = state.cache { return cache }
            let cache = ToolCacheFile(in: WorkspaceFolder(root: context.workspace.root), host: context.host)
            state.cache = cache
            return cache
        }
    }

    private func remember(_ version: ToolCacheFile.Version?, for name: String) {
        state.withLock { state in
            guard state.cache?.versions[name] != version else { return }
            state.cache?.versions[name] = version
            state.isChanged = true
        }
    }
}

extension ToolCacheFile.Version {
    /// Where the tool is, when every program is still what it was; nil when anything changed.
    fileprivate func place(_ host: Host, path: String, folder: Path) -> Path? {
        var place: Path?
        for program in programs {
            let found = host.processes.find(program.program, path: path, folder: folder)
            guard ProgramIdentity(program.program, at: found, files: host.files) == program else { return nil }
            place = found ?? place
        }
        return place
    }
}
