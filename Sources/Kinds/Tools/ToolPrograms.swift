import Base
import HostInterfaces

/// Finds the programs of a tool, never what only looks like one.
struct ToolPrograms: Sendable {
    let host: Host
    /// The PATH that counts.
    let path: String
    let folder: Path

    /// The first program of that name on PATH that is no stub of the platform.
    func find(_ program: String, _ recipe: ToolRecipe) -> (path: Path?, hasStub: Bool) {
        let stubs = recipe.stubs[host.machine.operatingSystem] ?? []
        guard let first = host.processes.find(program, path: path, folder: folder) else { return (nil, false) }
        guard !stubs.isEmpty, isStub(first, stubs) else { return (first, false) }
        if recipe.stubExceptions.contains(where: stands) { return (first, false) }
        for part in path.split(separator: ":") {
            guard let next = host.processes.find(program, path: String(part), folder: folder) else { continue }
            if !isStub(next, stubs) { return (next, true) }
        }
        return (nil, true)
    }

    /// A stub by its own path or, where a link leads to one, by the link's end.
    private func isStub(_ path: Path, _ stubs: [String]) -> Bool {
        let real = (try? host.files.resolve(path)) ?? path
        return stubs.contains { Self.matches(path.text, $0) || Self.matches(real.text, $0) }
    }

    /// Whether something stands at a path; `~` is the home folder, a last part of `*` is anything in a folder.
    private func stands(_ pattern: String) -> Bool {
        let place = pattern.hasPrefix("~/") ? host.machine.home / String(pattern.dropFirst(2)) : Path(pattern)
        guard place.name == "*" else { return host.files.exists(place) }
        return (try? host.files.entries(of: place.parent))?.isEmpty == false
    }

    /// `*` stands for any text, `/` too.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return text == pattern }
        guard text.hasPrefix(parts[0]), text.count >= parts[0].count + parts[parts.count - 1].count else {
            return false
        }
        var rest = text.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
