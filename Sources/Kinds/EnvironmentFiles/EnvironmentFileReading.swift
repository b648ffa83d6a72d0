import Base
import Dotenv
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

/// All that an env file is made from, as it stands now: the manifest's wishes, its source, who reads it.
struct EnvironmentFileReading {
    /// Larger files are no env files, in bytes.
    static let largestFile = 16 << 20

    let node: EnvironmentFileNode
    let context: NodeContext
    let source: Path?
    let wishes: OrderedMap<String, EnvironmentFileMerge.Wish>
    /// The `package.json` files that decide on dotenv-expand.
    private let packages: [Path]

    init(_ node: EnvironmentFileNode, _ context: NodeContext) throws(NodeFailure) {
        self.node = node
        self.context = context
        let declaration = node.declaration
        if let from = declaration.from {
            source = try from.path(in: context.workspace, context.values)
        } else {
            source = nil
        }
        wishes = try Self.wishes(declaration.set, context)
        packages = declaration.hasOwnDialects ? [] : Self.packages(above: declaration.place, context)
    }

    private var declaration: EnvironmentFileDeclaration { node.declaration }

    // MARK: Wishes

    private static func wishes(
        _ texts: OrderedMap<String, Text>, _ context: NodeContext
    ) throws(NodeFailure) -> OrderedMap<String, EnvironmentFileMerge.Wish> {
        context.recallSecrets(in: texts.map(\.value))
        let scope = context.comparingScope
        var wishes = OrderedMap<String, EnvironmentFileMerge.Wish>()
        for (key, text) in texts { wishes[key] = try wish(text, scope, context) }
        return wishes
    }

    private static func wish(
        _ text: Text, _ scope: Scope, _ context: NodeContext
    ) throws(NodeFailure) -> EnvironmentFileMerge.Wish {
        if let literal = text.literal { return .value(literal, isSecret: false) }
        do throws(SubstitutionError) {
            let found = try text.template.substituting(scope)
            if let value = found.text { return .value(value, isSecret: found.isSecret) }
            if let secret = found.template.references.first(where: { $0.namespace == SecretKind.namespace }) {
                return .open("\(SecretKind.name):\(secret.path.dropFirst().first ?? "")")
            }
            if context.isPlanning, let reference = found.template.references.first {
                return .open("\(reference)")
            }
        } catch {
            if error.kind == .unset, error.name.hasPrefix("\(SecretKind.namespace ?? "").") {
                return .notGiven
            }
            throw NodeFailure(.prerequisite, "\(text.location): \(error.message)")
        }
        _ = try context.workspace.resolve(text, context.values)
        return .notGiven
    }

    // MARK: Readers

    /// From the file's folder up to its repository, or to the workspace.
    private static func packages(above place: Path, _ context: NodeContext) -> [Path] {
        let holder = context.workspace.repository(containing: place).flatMap { context.workspace.nodes[$0]?.place }
        let top = holder ?? context.workspace.root
        var packages: [Path] = []
        var folder = place.parent
        while folder.isInside(top) {
            if context.host.files.isFile(folder / "package.json") { packages.append(folder / "package.json") }
            if folder == top { break }
            folder = folder.parent
        }
        return packages
    }

    /// next, vite and prisma expand `$` in every kind of quotes.
    var dialects: Set<Dialect> {
        let expanding: Set<String> = ["next", "vite", "prisma", "@prisma/client"]
        let expands = packages.contains { package in
            guard let bytes = try? context.host.files.read(package, limit: 4 << 20),
                let json = try? JSON(parsing: bytes)
            else { return false }
            return ["dependencies", "devDependencies"].contains { key in
                json[key]?.object?.contains { expanding.contains($0.key) } ?? false
            }
        }
        return expands ? declaration.dialects.union([.dotenvExpand]) : declaration.dialects
    }

    // MARK: Up to date

    /// What people decided about single keys, as recorded now.
    var choices: EnvironmentFileChoices { EnvironmentFileChoices(context.journal, node.choicesName) }

    private func hash(_ key: String, _ value: String) -> String? {
        context.parts.keyedHash?.hash(value, name: "\(node.factName)/\(key)")
    }

    /// A file's hash in a form that gives no short secret in it away.
    func seal(_ hash: String) -> String? { context.parts.keyedHash?.hash(hash, name: node.factName) }

    /// One hash over everything that decides on the file's content; nil while something of it is not known.
    var inputs: String? {
        var parts = [
            declaration.mode.map { String($0, radix: 8) } ?? "", declaration.unset.sorted().joined(separator: ","),
        ]
        if let source {
            guard let hash = context.parts.hashes.hash(of: source) else { return nil }
            parts.append(hash)
        }
        for (key, wish) in wishes {
            switch wish {
            case .value(let value, false): parts += [key, "=", value]
            case .value(let value, true):
                guard let hash = hash(key, value) else { return nil }
                parts += [key, "#", hash]
            case .notGiven: parts += [key, "-", ""]
            case .open: return nil
            }
        }
        for (new, old) in declaration.renamed { parts += [new, old] }
        parts += declaration.dialects.map(\.rawValue).sorted()
        parts += packages.map { context.parts.hashes.hash(of: $0) ?? "" }
        let choices = choices
        if !choices.isEmpty { parts.append(choices.json.text()) }
        var bytes: [UInt8] = []
        for part in parts {
            bytes += String(part.utf8.count).utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += part.utf8
        }
        return context.host.digests.sha256(bytes)
    }

    /// The quick answer: nothing that decides on the file changed, and the file is as it was left.
    func unchanged() -> (assessment: Assessment, kept: [String])? {
        guard let record = context.journal.lastDone("\(node.id)"), let inputs,
            record.fingerprint["inputs"]?.string == inputs, context.take == nil,
            let status = try? context.host.files.status(of: declaration.place, followingLinks: true),
            status.mode == record.fingerprint["mode"]?.integer.map(UInt16.init(truncatingIfNeeded:)),
            let hash = context.parts.hashes.hash(of: declaration.place, status),
            let sealed = seal(hash), record.fingerprint["file"]?.string == sealed
        else { return nil }
        let kept = record.fingerprint["kept"]?.array?.compactMap(\.string) ?? []
        return (.upToDate(EnvironmentFileLook.upToDate(kept: kept)), kept)
    }

    // MARK: The merge

    /// Everything that the merge is made from, but for what was written last.
    private func sides() throws(NodeFailure) -> EnvironmentFileShelf.Sides {
        let files = context.host.files
        do throws(SystemError) {
            let status = try files.status(of: declaration.place, followingLinks: true)
            let found = status == nil ? nil : try files.read(declaration.place, limit: Self.largestFile)
            var template: [UInt8]?
            if let source { template = try files.read(source, limit: Self.largestFile) }
            return EnvironmentFileShelf.Sides(
                source: template, found: found, status: status, wishes: wishes.map { ($0.key, $0.value) },
                choices: choices, dialects: dialects,
                side: context.take.flatMap(EnvironmentFiles.Side.init(rawValue:)))
        } catch {
            throw NodeFailure(.failed, "\(context.display(declaration.place)) can't be looked at: \(error)")
        }
    }

    private func merge(_ sides: EnvironmentFileShelf.Sides) -> EnvironmentFileMerge {
        EnvironmentFileMerge(
            source: sides.source.map { DotenvDocument(parsing: $0) }, wishes: wishes, unset: declaration.unset,
            renamed: declaration.renamed, found: sides.found.map { DotenvDocument(parsing: $0) },
            record: EnvironmentFileRecord(context.journal, node.factName), choices: sides.choices,
            dialects: sides.dialects, side: sides.side, hash: hash)
    }

    /// What the record would keep of that key as the manifest wants it; nil where it wants none.
    func written(_ key: String, _ look: EnvironmentFileLook) -> EnvironmentFileRecord.Written? {
        guard let wanted = look.result.wanted(key) else { return nil }
        return EnvironmentFileRecord.Written(wanted, at: key, hash)
    }

    /// Looks at every key. Nothing is written.
    func look() throws(NodeFailure) -> EnvironmentFileLook {
        let sides = try sides()
        var look = try context.parts.environmentFiles.look(node.id, sides) { () throws(NodeFailure) in
            let merge = merge(sides)
            let name = context.display(declaration.place)
            do throws(EnvironmentFileMerge.Failure) {
                let result = try merge.merged()
                return EnvironmentFileLook(
                    name: name, result: result, found: sides.found, content: result.document.bytes,
                    status: sides.status,
                    statedMode: declaration.mode, source: source.map { context.display($0) },
                    set: Set(wishes.keys), earlier: merge.record, hasNewChoices: sides.choices != result.choices,
                    isPlanning: context.isPlanning)
            } catch {
                throw NodeFailure(
                    .failed, "\(error.key) of \(name): \(error.message)",
                    remedy: "name in 'dialects' only those that read this file, or choose another value")
            }
        }
        look.isPlanning = context.isPlanning
        return look
    }
}
