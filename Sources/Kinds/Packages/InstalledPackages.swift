import Base
import HostInterfaces

/// Tells which packages are installed, as any user may.
struct InstalledPackages: Sendable {
    let host: Host

    /// How long the manager may take to answer from its own records.
    private static let timeLimit = Duration.seconds(20)

    /// Those of the names that are not installed, in their order; nil when the manager does not answer.
    func missing(of names: [String], _ manager: PackageManager) async -> [String]? {
        switch manager {
        case .apt: await missingDebian(names)
        case .brew: missingBrew(names)
        case .dnf: await missingRPM(names)
        case .pacman: await missingPacman(names)
        case .apk: await missingAlpine(names)
        case .mise: await missingMise(names)
        case .winget: nil
        }
    }

    /// What the manager's records are now: while it is the same, so is the answer. nil where that can't be told.
    func records(_ manager: PackageManager) -> JSON? {
        let places: [Path]
        switch manager {
        // What an interrupted dpkg did stands in `updates` alone.
        case .apt: places = ["/var/lib/dpkg/status", "/var/lib/dpkg/updates"]
        case .pacman: places = ["/var/lib/pacman/local"]
        case .apk: places = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]
        case .dnf: places = Self.rpmDatabases
        case .brew, .mise, .winget: return nil
        }
        var parts: [JSON] = []
        for place in places {
            guard let status = try? host.files.status(of: place, followingLinks: true) else { continue }
            parts += [
                .string(place.text), .integer(status.size), .integer(status.modified), .integer(status.changed),
                .integer(Int(bitPattern: UInt(status.inode))),
            ]
        }
        return parts.isEmpty ? nil : .array(parts)
    }

    private static let rpmDatabases: [Path] = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"].flatMap { folder in
        ["rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages"].map { Path(folder) / $0 }
    }

    // MARK: One manager each

    /// One call lists all, so that what another package provides counts too. `name:arch` asks for one architecture.
    private func missingDebian(_ names: [String]) async -> [String]? {
        let format = "${Package}\t${Architecture}\t${db:Status-Status}\t${Provides}\n"
        guard let result = await run(["dpkg-query", "-W", "-f", format]), result.succeeded else { return nil }
        var known: Set<String> = []
        for line in result.text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 4, fields[2] == "installed" else { continue }
            known.insert(String(fields[0]))
            known.insert("\(fields[0]):\(fields[1])")
            for provided in fields[3].split(separator: ",") {
                known.insert(String(provided.drop { $0 == " " }.prefix { $0 != " " && $0 != "(" }))
            }
        }
        return names.filter { !known.contains(String($0.prefix { $0 != "=" && $0 != "/" })) }
    }

    /// `opt` holds a link for each formula, for its aliases too; no process is needed.
    private func missingBrew(_ names: [String]) -> [String]? {
        guard let brew = PackageManager.brew.place(host) else { return nil }
        let prefix = brew.parent.parent
        return names.filter { name in
            let short = String(name.split(separator: "/").last ?? "")
            return !host.files.exists(prefix / "opt" / short) && !host.files.exists(prefix / "Caskroom" / short)
        }
    }

    private func missingRPM(_ names: [String]) async -> [String]? {
        guard let result = await run(["rpm", "-q", "--whatprovides"] + names) else { return nil }
        let lines = (result.text + result.errorText).split(separator: "\n").map(String.init)
        return names.filter { lines.contains("no package provides \($0)") }
    }

    /// `-T` prints those that nothing installed satisfies, and ends with 127 then.
    private func missingPacman(_ names: [String]) async -> [String]? {
        guard let result = await run(["pacman", "-T"] + names) else { return nil }
        guard result.succeeded || result.end == .exited(127) else { return nil }
        let lines = Set(result.text.split(separator: "\n").map(String.init))
        return names.filter { lines.contains($0) }
    }

    /// Prints those that are installed.
    private func missingAlpine(_ names: [String]) async -> [String]? {
        guard let result = await run(["apk", "info", "-e"] + names) else { return nil }
        let lines = Set(result.text.split(separator: "\n").map(String.init))
        return names.filter { name in
            let bare = String(name.prefix { !"<>=~".contains($0) })
            return !lines.contains(name) && !lines.contains(bare)
        }
    }

    private func missingMise(_ names: [String]) async -> [String]? {
        guard let result = await run(["mise", "ls", "--installed", "--json"]), result.succeeded,
            let json = try? JSON(parsing: result.output)
        else { return nil }
        return names.filter { name in
            let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
            let versions = json[parts[0]]?.array?.compactMap { $0["version"]?.string } ?? []
            guard parts.count == 2, parts[1] != "latest" else { return versions.isEmpty }
            return !versions.contains { $0 == parts[1] || $0.hasPrefix(parts[1] + ".") }
        }
    }

    private func run(_ arguments: [String]) async -> ProcessResult? {
        let request = ProcessRequest(
            arguments, environment: ProbeEnvironment.variables(host, path: host.environment["PATH"] ?? ""),
            folder: host.currentFolder, output: .captured(limit: 16 << 20), timeLimit: Self.timeLimit,
            grace: .milliseconds(200))
        return try? await host.processes.run(request, onOutput: nil)
    }
}
