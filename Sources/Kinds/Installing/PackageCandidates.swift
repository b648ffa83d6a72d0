import Base
import HostInterfaces
import Versions

/// Asks a package manager which version of a package it would install, from its own lists on this machine.
struct PackageCandidates: Sendable {
    let host: Host

    /// How long a manager may take; brew reads large lists.
    private static let timeLimit = Duration.seconds(20)

    /// The version of each package that the manager knows; others are left out.
    func versions(of packages: [String], casks: Bool, _ manager: PackageManager) async -> [String: String] {
        switch manager {
        case .apt: apt(await text(["apt-cache", "policy"] + packages))
        case .brew:
            await each(packages) { package in
                let kind = casks ? "--cask" : "--formula"
                return brew(await text(["brew", "info", "--json=v2", kind, package]))
            }
        case .dnf:
            await each(packages) { package in
                let query = [
                    "dnf", "-q", "--cacheonly", "repoquery", "--latest-limit=1", "--qf", "%{version}\n", package,
                ]
                return await text(query).split(separator: "\n").last.map(String.init)
            }
        case .pacman:
            await each(packages) { package in
                Self.field("Version", in: await text(["pacman", "-Si", package]))
            }
        case .apk:
            await each(packages) { package in
                let lines = await text(["apk", "policy", package]).split(separator: "\n").dropFirst()
                return lines.first.map { line in
                    String(line.drop { $0 == " " }.prefix { $0 != ":" })
                }
            }
        case .winget, .mise: [:]
        }
    }

    private func each(
        _ packages: [String], _ version: @Sendable (String) async -> String?
    ) async -> [String: String] {
        var versions: [String: String] = [:]
        for package in packages { versions[package] = await version(package) }
        return versions.mapValues(Self.withoutEpoch)
    }

    private func text(_ arguments: [String]) async -> String {
        let request = ProcessRequest(
            arguments, environment: ProbeEnvironment.variables(host, path: host.environment["PATH"] ?? ""),
            folder: host.currentFolder, timeLimit: Self.timeLimit, grace: .milliseconds(200))
        guard let result = try? await host.processes.run(request, onOutput: nil), result.succeeded else { return "" }
        return result.text
    }

    /// `name:` begins a package, `  Candidate: 1:2.3-4` is what would come; `(none)` is nothing.
    private func apt(_ text: String) -> [String: String] {
        var versions: [String: String] = [:]
        var package = ""
        for line in text.split(separator: "\n") {
            if !line.hasPrefix(" "), line.hasSuffix(":") {
                package = String(line.dropLast())
            } else if let range = line.firstRange(of: "Candidate: ") {
                let version = String(line[range.upperBound...])
                if version != "(none)" { versions[package] = Self.withoutEpoch(version) }
            }
        }
        return versions
    }

    private func brew(_ text: String) -> String? {
        guard let json = try? JSON(parsing: text) else { return nil }
        return json["formulae"]?.array?.first?["versions"]?["stable"]?.string
            ?? json["casks"]?.array?.first?["version"]?.string
    }

    private static func field(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return nil
    }

    /// `1:2.3-4` is 2.3-4: what stands before the colon only orders packages (Debian policy 5.6.12).
    static func withoutEpoch(_ version: String) -> String {
        guard let colon = version.firstIndex(of: ":"), version[..<colon].allSatisfy(\.isNumber) else { return version }
        return String(version[version.index(after: colon)...])
    }
}
