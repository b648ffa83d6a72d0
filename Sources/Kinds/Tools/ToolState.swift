import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import Versions

/// How a tool stands against what is wanted.
enum ToolState: Hashable, Sendable {
    case met(found: String?)
    /// A check was not run, and why.
    case unchecked(String)
    /// It falls short; the words complete a sentence that begins with its name.
    case unmet(found: String?, words: String)

    var found: String? {
        switch self {
        case .met(let found), .unmet(let found, _): found
        case .unchecked: nil
        }
    }
}

extension ToolNode {
    /// The range as written and read; nil for any version. A range that can't be read was reported before.
    func wanted(_ context: NodeContext) throws(NodeFailure) -> VersionRange? {
        guard let version = declaration.version else { return nil }
        let text = try context.resolve(version).text
        do throws(VersionRangeError) {
            let range = try VersionRange(parsing: text)
            return range.bounds.isEmpty ? nil : range
        } catch { throw NodeFailure(.prerequisite, "\(version.location): \(error)") }
    }

    /// Looks at the program, then at what the check says. The check runs only where `mayExecute` allows it.
    func state(_ context: NodeContext, mayExecute: Bool) async throws(NodeFailure) -> ToolState {
        let range = try wanted(context)
        var found: String?
        let hasProgram = declaration.recipeName != nil || declaration.impliedBy != nil
        if hasProgram {
            let state = judge(await find(context), range)
            guard case .met(let version) = state else { return state }
            found = version
        }
        guard let check = declaration.check else { return .met(found: found) }
        guard mayExecute else { return .unchecked("its check was not run") }
        let result: ProcessResult
        do throws(ProcessError) {
            result = try await context.host.processes.run(request(check, context), onOutput: nil)
        } catch { return .unmet(found: found, words: "its check can't be started: \(error)") }
        if result.end == .timedOut { return .unmet(found: found, words: "its check took longer than 5s") }
        guard result.succeeded else {
            return .unmet(found: found, words: "its check failed: \(lastWords(of: result, context))")
        }
        if hasProgram { return .met(found: found) }
        // A tool that only its check knows tells its version, where one is wanted, by the check's output.
        guard let range else { return .met(found: nil) }
        guard let version = ToolVersion.extract(from: result.text + "\n" + result.errorText, pattern: nil) else {
            return .unmet(found: nil, words: "its check tells no version")
        }
        return judge(.version(version, at: ""), range)
    }

    /// The finding against the range.
    private func judge(_ finding: ToolFinding, _ range: VersionRange?) -> ToolState {
        switch finding {
        case .missing: return .unmet(found: nil, words: "not found")
        case .stub: return .unmet(found: nil, words: "only the system's stand-in for it is there")
        case .noVersion(let words, _):
            return range == nil ? .met(found: nil) : .unmet(found: nil, words: words)
        case .version(let version, _):
            guard let range else { return .met(found: version) }
            return satisfies(version, range)
                ? .met(found: version) : .unmet(found: version, words: "\(version) is there, \(range) is wanted")
        }
    }

    /// The catalog is read only where the plain comparison fails.
    func satisfies(_ version: String, _ range: VersionRange) -> Bool {
        if ToolVersion.satisfies(version, range) == true { return true }
        guard let prefix = declaration.recipeName.flatMap(ToolCatalog.recipe)?.optionalPrefix else { return false }
        return ToolVersion.satisfies(version, range, optionalPrefix: prefix) == true
    }

    private func request(_ command: CommandText, _ context: NodeContext) -> ProcessRequest {
        var environment = context.host.environment
        environment["PATH"] = context.values.searchPath(context.host)
        return ProcessRequest(
            command.arguments(), environment: environment, folder: folder(context),
            output: .captured(limit: 64 << 10), timeLimit: ToolDetection.timeLimit, grace: .milliseconds(200))
    }

    /// The command that mends it, with no limit of its own.
    func mending(_ command: CommandText, _ context: NodeContext) -> ProcessRequest {
        var request = request(command, context)
        request.timeLimit = context.settings.timeLimit
        request.grace = context.settings.grace
        return request
    }

    private func lastWords(of result: ProcessResult, _ context: NodeContext) -> String {
        let text = result.errorText.isEmpty ? result.text : result.errorText
        let line = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return line.isEmpty ? "\(result.end)" : "\(result.end), \(context.values.mask.mask(line))"
    }
}
