import Base
import HostInterfaces
import State

/// What is known of tools from earlier runs: `.devinit/cache/tools`. It can always be made again, so a
/// damaged one is as good as none.
struct ToolCacheFile: Sendable {
    /// A version, and everything that it was told by.
    struct Version: Hashable, Sendable {
        /// The catalog's file, hashed.
        var recipe: String
        var version: String
        var programs: [ProgramIdentity]
    }

    private static let schema = "devinit.tools/1"

    var versions: [String: Version] = [:]

    init() {}

    init(in folder: WorkspaceFolder, host: Host) {
        guard let bytes = try? host.files.read(Self.path(folder), limit: 4 << 20),
            let json = try? JSON(parsing: bytes), json["schema"]?.string == Self.schema
        else { return }
        for member in json["tools"]?.object ?? [] {
            guard let recipe = member.value["recipe"]?.string, let version = member.value["version"]?.string,
                let list = member.value["programs"]?.array
            else { continue }
            let programs = list.compactMap { ProgramIdentity($0) }
            guard programs.count == list.count, !programs.isEmpty else { continue }
            versions[member.key] = Version(recipe: recipe, version: version, programs: programs)
        }
    }

    /// A failure costs time only, so it is no error.
    func save(in folder: WorkspaceFolder, host: Host) {
        let tools = versions.mapValues { entry -> JSON in
            [
                "recipe": .string(entry.recipe), "version": .string(entry.version),
                "programs": .array(entry.programs.map(\.json)),
            ]
        }
        let json: JSON = [
            "schema": .string(Self.schema), "tools": .sorted(tools),
        ]
        do {
            try folder.prepare(on: host)
            try host.files.makeFolder(Self.path(folder).parent, mode: 0o700)
            try host.files.replace(Self.path(folder), with: json.bytes(pretty: true), mode: 0o600)
        } catch {}
    }

    private static func path(_ folder: WorkspaceFolder) -> Path { folder.path / "cache" / "tools" }
}
