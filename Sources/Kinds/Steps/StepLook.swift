import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

/// One look at what a step depends on, as it is now.
struct StepLook {
    let node: StepNode
    let declaration: StepDeclaration
    let place: Path
    let context: NodeContext

    func fingerprint() async throws(NodeFailure) -> Fingerprint {
        var fingerprint = Fingerprint()
        fingerprint.definition = definition
        fingerprint.files = try inputs()
        fingerprint.inputs = digest(
            fingerprint.files.map { "\($0.hash) \($0.path)" }.joined(separator: "\n"), name: "inputs")
        fingerprint.values = try values()
        fingerprint.steps = declaration.inputSteps.map { text in
            (text.source, context.journal.lastDone(text.source).map { "\($0.at)" } ?? "never")
        }
        for tool in node.impliedTools {
            guard let known = context.workspace.node("tool", tool) as? any VersionedTool else { continue }
            if let version = await known.version(context) { fingerprint.tools.append((tool, version)) }
        }
        fingerprint.machine = String(context.host.digests.sha256(Array(context.host.machine.identity.utf8)).prefix(16))
        return fingerprint
    }

    /// What is done and how, key by key, so that a reason can name what changed.
    private var definition: [(name: String, hash: String)] {
        var parts: [(String, String)] = []
        switch declaration.work {
        case .run(let command):
            let words = command.arguments(shell: ShellChoice.arguments(declaration.shell ?? context.settings.shell))
            parts.append(("run", words.joined(separator: "\0")))
        case .wait(let rule): parts.append(("wait", rule.words))
        case .none: break
        }
        if let folder = node.folder.text { parts.append(("in", folder.source)) }
        if let inside = declaration.inside { parts.append(("inside", "\(inside.service.source) \(inside.start)")) }
        if let file = declaration.stdin { parts.append(("stdin", file.source)) }
        if let file = declaration.stdout { parts.append(("stdout", file.source)) }
        return parts.map { ($0.0, String(context.host.digests.sha256(Array($0.1.utf8)).prefix(16))) }
    }

    // MARK: Inputs

    /// Paths as people see them, with a hash of each content.
    private func inputs() throws(NodeFailure) -> [(path: String, hash: String)] {
        var found: [(path: String, hash: String)] = []
        let globs = try resolved(declaration.inputGlobs)
        if !globs.isEmpty {
            let set = GlobSet(globs)
            // Nearly all files are below the step's folder, which need be made short for people only once.
            let shown = context.display(place)
            let start = shown == "." ? "" : shown + "/"
            var files = set.files(in: place, boundaries: boundaries, on: context.host)
            // What the step itself makes is no reason to do it again, unless it is named without wildcards.
            let outputs = try resolved(declaration.outputs)
            if !outputs.isEmpty { files = set.files(files, without: GlobSet(outputs), in: place) }
            for file in files {
                let hash: String? =
                    if file.isOutside {
                        (try? context.host.files.linkTarget(of: file.path)).map { "link:\($0)" }
                    } else {
                        file.status.flatMap { context.parts.hashes.hash(of: file.path, $0) }
                    }
                let isBelow = file.path.isInside(place) && file.path != place
                let name = isBelow ? start + file.path.relative(below: place).text : context.display(file.path)
                found.append((name, hash ?? "missing"))
            }
        }
        for id in fileNodes {
            guard let path = context.workspace.nodes[id]?.place else { continue }
            let hash = context.parts.hashes.hash(of: path) ?? "missing"
            found.append((context.display(path), digest(hash, name: path.text)))
        }
        return found
    }

    /// Where the inputs of the record are named when they are many.
    var inputList: InputList {
        InputList(step: node.id.description, root: context.workspace.root, host: context.host)
    }

    /// Env files and files that devinit writes into the repository: what runs, builds and migrations read.
    var fileNodes: [NodeID] {
        if node.template?.purpose == .install { return [] }
        let repository = node.folder.repository(in: context.workspace)
        return ["env", "file"].flatMap { context.workspace.nodes(of: $0, inRepository: repository) }
    }

    /// Folders beyond which no link is followed: the workspace, and a checkout that was adopted elsewhere.
    private var boundaries: [Path] {
        [context.workspace.root, place].compactMap { try? context.host.files.resolve($0) }
    }

    private func resolved(_ texts: [Text]) throws(NodeFailure) -> [String] {
        var resolved: [String] = []
        for text in texts { resolved.append(try context.resolve(text).text) }
        return resolved
    }

    /// The first of its outputs that is not there; nil when all are.
    func missingOutput() throws(NodeFailure) -> String? {
        for output in try resolved(declaration.outputs)
        where GlobSet([output]).first(in: place, on: context.host) == nil {
            return output
        }
        return nil
    }

    // MARK: Values

    /// Keyed, because some are secret. While planning, what is not known yet has no hash.
    private func values() throws(NodeFailure) -> [(name: String, hash: String?)] {
        var values: [(name: String, hash: String?)] = []
        for (name, texts) in node.template?.parameters ?? [] {
            values.append((name, try hash(of: texts, name: name)))
        }
        for file in try resolved(declaration.environmentFiles) {
            let path = place.appending(Path(file)).normalized
            values.append((file, digest(context.parts.hashes.hash(of: path) ?? "missing", name: file)))
        }
        for (name, text) in declaration.environment { values.append((name, try hash(of: [text], name: name))) }
        return values
    }

    private func hash(of texts: [Text], name: String) throws(NodeFailure) -> String? {
        var parts: [String] = []
        for text in texts {
            do throws(NodeFailure) {
                parts.append(try context.resolveGiven(text)?.text ?? "")
            } catch {
                if context.isPlanning { return nil }
                throw error
            }
        }
        return String(digest(parts.joined(separator: "\n"), name: name).prefix(16))
    }

    /// Without a key, only while planning, nothing was ever recorded, so there is nothing to compare with.
    private func digest(_ text: String, name: String) -> String {
        context.parts.keyedHash?.hash(text, name: name) ?? ""
    }
}
