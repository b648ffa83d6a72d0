import Base
import Execution
import HostInterfaces
import ManifestModel
import State
import Versions

extension ToolNode {
    func assess(_ context: NodeContext) async -> Assessment {
        do throws(NodeFailure) {
            let state = try await state(context, mayExecute: !context.isPlanning)
            if !context.isPlanning { detection.save(context) }
            switch state {
            case .met(let found): return .upToDate(found ?? (declaration.check == nil ? "found" : "check passed"))
            case .unchecked: return .unknown("its check runs at up")
            case .unmet(let found, let words): return try await assessUnmet(found, words, context)
            }
        } catch { return .blocked(error) }
    }

    /// An optional tool that nobody needs is passed over.
    private func assessUnmet(
        _ found: String?, _ words: String, _ context: NodeContext
    ) async throws(NodeFailure) -> Assessment {
        if declaration.isOptional, !isNeeded(in: context.workspace) { return .skipped("optional: \(words)") }
        let installation = await installation(context, try wanted(context))
        if context.mayInstall, let installation {
            return .work(found == nil ? .create : .update, "\(words); \(installation.words(declaration.name))")
        }
        return .blocked(failure(words, installation, context))
    }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        // Between the look and now another node may have brought it.
        let range = try wanted(context)
        if case .met = try await state(context, mayExecute: true) { return }
        let start = context.host.clock.monotonicSeconds
        guard context.mayInstall, let installation = await installation(context, range) else {
            guard case .unmet(_, let words) = try await state(context, mayExecute: true) else { return }
            throw failure(words, await self.installation(context, range), context)
        }
        switch installation {
        case .fix(let command):
            try await CommandRunner(context).run(mending(command, context), what: "the fix of \(declaration.name)")
            addPersonalFolders(context)
        case .packages(let packages, let isCask, let manager, _):
            try await Installer(context: context).install(packages, casks: isCask, manager)
            addFolders(of: packages, manager, context)
        }
        let state = try await state(context, mayExecute: true)
        detection.save(context)
        guard case .met(let found) = state else {
            var words = "not found"
            if case .unmet(_, let now) = state { words = now }
            throw NodeFailure(
                .prerequisite, "\(declaration.name) was installed, but: \(words)",
                remedy: "check that the folder it went to is on PATH, then run 'devinit up' again")
        }
        let fingerprint: JSON = ["version": found.map { .string($0) } ?? .null]
        do throws(SystemError) {
            try context.journal.append(
                .done(
                    node: id.description, fingerprint: fingerprint,
                    seconds: context.host.clock.monotonicSeconds - start))
        } catch { throw NodeFailure(.failed, "the record can't be written: \(error)") }
    }

    /// Where installers of one program put it for one person, whether or not the shell's PATH has it yet.
    private func addPersonalFolders(_ context: NodeContext) {
        let home = context.host.machine.home
        for folder in [home / ".local" / "bin", home / "bin", home / ".cargo" / "bin", Path("/usr/local/bin")]
        where context.host.files.isFolder(folder) {
            context.values.addToSearchPath(folder)
        }
    }

    /// What was installed counts at once: Homebrew does not link every formula, and mise has a folder of its own.
    private func addFolders(of packages: [String], _ manager: PackageManager, _ context: NodeContext) {
        switch manager {
        case .brew:
            guard let brew = PackageManager.brew.place(context.host) else { return }
            let prefix = brew.parent.parent
            for package in packages { context.values.addToSearchPath(prefix / "opt" / package / "bin") }
            context.values.addToSearchPath(prefix / "bin")
        case .mise:
            let data =
                context.host.environment["MISE_DATA_DIR"].map { Path($0) }
                ?? (context.host.environment["XDG_DATA_HOME"].map { Path($0) }
                    ?? context.host.machine.home / ".local" / "share") / "mise"
            context.values.addToSearchPath(data / "shims")
        default: break
        }
    }

    private func failure(
        _ words: String, _ installation: ToolInstallation?, _ context: NodeContext
    ) -> NodeFailure {
        let name = declaration.name
        let message = words == "not found" ? "\(name) is not installed" : "\(name): \(words)"
        return NodeFailure(.prerequisite, message, remedy: remedy(installation, context))
    }

    /// The author's own words first, then what would do it on this machine.
    func remedy(_ installation: ToolInstallation?, _ context: NodeContext) -> String? {
        var parts: [String] = []
        if let hint = declaration.hint, let text = try? context.resolve(hint), !text.isSecret {
            parts.append(text.text)
        }
        if let installation { parts.append(installation.command(context.host)) }
        if parts.isEmpty, let page = declaration.recipeName.flatMap(ToolCatalog.recipe)?.homepage {
            let version = declaration.version.map { " (\($0.source))" } ?? ""
            parts.append("install it\(version): \(page)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// Whether another node waits for it.
    private func isNeeded(in workspace: Workspace) -> Bool {
        workspace.nodes.values.contains { node in
            node.id != id && !node.isManual && workspace.edges(of: node.id).contains { $0.need == id }
        }
    }
}

extension ToolNode: OfferingNode {
    /// A check is not run for an entry that nothing is known to mend: `up` runs it anyway.
    func offer(_ context: NodeContext) async -> InstallOffer? {
        guard hasInstallation, let state = try? await state(context, mayExecute: !context.isPlanning),
            case .unmet(let found, _) = state, !declaration.isOptional || isNeeded(in: context.workspace),
            let installation = await installation(context, (try? wanted(context)) ?? nil)
        else { return nil }
        return offer(installation, found, context)
    }

    private var hasInstallation: Bool {
        declaration.fix != nil || declaration.recipeName != nil
            || declaration.packages.values.contains { !$0.isEmpty }
    }

    private func offer(_ installation: ToolInstallation, _ found: String?, _ context: NodeContext) -> InstallOffer {
        let name = declaration.name
        let isFix = if case .fix = installation { true } else { false }
        return InstallOffer(
            node: id, words: "\(name): \(found.map { "\($0) is there; " } ?? "")\(installation.words(name))",
            command: installation.command(context.host), isFromManifest: isFix)
    }
}

extension ToolNode: DiagnosedNode {
    func diagnosis(_ context: NodeContext, mayExecute: Bool) async -> Diagnosis {
        let wantedText = declaration.version?.source
        do throws(NodeFailure) {
            switch try await state(context, mayExecute: mayExecute) {
            case .met(let found): return Diagnosis(.ok, found: found, wanted: wantedText, message: "found")
            case .unchecked:
                return Diagnosis(.skipped, wanted: wantedText, message: "not trusted", remedy: "devinit trust")
            case .unmet(let found, let words):
                let installation = await installation(context, try wanted(context))
                return Diagnosis(
                    declaration.isOptional ? .warning : .error, found: found, wanted: wantedText, message: words,
                    remedy: remedy(installation, context), offer: installation.map { offer($0, found, context) })
            }
        } catch {
            return Diagnosis(.error, wanted: wantedText, message: error.message, remedy: error.remedy)
        }
    }
}
