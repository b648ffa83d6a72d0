import Base
import Execution
import HostInterfaces
import Versions

/// How a missing tool could be brought about on this machine.
enum ToolInstallation: Hashable, Sendable {
    /// The manifest's own command.
    case fix(CommandText)
    case packages([String], isCask: Bool, PackageManager, version: String?)
}

extension ToolNode {
    /// The first way that would bring a version in the range; nil when none is known. Only reads.
    func installation(_ context: NodeContext, _ range: VersionRange?) async -> ToolInstallation? {
        if let fix = declaration.fix { return .fix(fix) }
        let recipe = declaration.recipeName.flatMap(ToolCatalog.recipe)
        for manager in PackageManager.present(context.host) {
            if let own = declaration.packages[manager], !own.isEmpty {
                return .packages(own, isCask: false, manager, version: nil)
            }
        }
        guard let recipe else { return nil }
        for manager in PackageManager.present(context.host) {
            let packages = recipe.packages[manager] ?? []
            if let found = await choice(packages, manager, range, context) { return found }
        }
        return nil
    }

    /// The first package whose version, as the manager tells it, is in the range.
    private func choice(
        _ packages: [ToolRecipe.Package], _ manager: PackageManager, _ range: VersionRange?, _ context: NodeContext
    ) async -> ToolInstallation? {
        if manager == .mise {
            // mise takes a version's beginning; the range's least version names one that is in it.
            guard let tool = packages.first?.name else { return nil }
            let version = range?.minimum.map { "\($0.major)" } ?? "latest"
            return .packages(["\(tool)@\(version)"], isCask: false, .mise, version: nil)
        }
        let possible = packages.filter { package in
            guard let range, let series = package.series else { return true }
            return Self.mayMeet(series, range)
        }
        for isCask in [false, true] {
            let group = possible.filter { $0.isCask == isCask }
            guard !group.isEmpty else { continue }
            let known = await PackageCandidates(host: context.host).versions(
                of: group.map(\.name), casks: isCask, manager)
            for package in group {
                guard let candidate = known[package.name] else { continue }
                let version = ToolVersion.extract(from: candidate, pattern: #"^\D*(\d\S*)"#) ?? candidate
                // A name with a series tells more than the candidate: `openjdk-17-jdk` is 17.0.15+6.
                if range == nil || satisfies(version, range!) {
                    return .packages([package.name], isCask: isCask, manager, version: version)
                }
            }
        }
        return nil
    }

    /// Whether any version of a series can be in the range, so that managers are asked about few packages.
    private static func mayMeet(_ series: String, _ range: VersionRange) -> Bool {
        guard let both = try? VersionRange(parsing: series), both.isSatisfiable, let least = range.minimum,
            let lowest = both.minimum
        else { return true }
        return both.contains(least) || range.contains(lowest) || least < lowest
    }
}

extension ToolInstallation {
    /// As a person would type it.
    func command(_ host: Host) -> String {
        switch self {
        case .fix(let command): command.description
        case .packages(let packages, let isCask, let manager, _):
            Installer.command(manager.installation(of: packages, casks: isCask), manager, host)
        }
    }

    /// For the question whether it may be done.
    func words(_ name: String) -> String {
        switch self {
        case .fix: "run the fix of \(name)"
        case .packages(let packages, _, let manager, let version):
            "install \(packages.joined(separator: ", "))\(version.map { " \($0)" } ?? "") with \(manager.rawValue)"
        }
    }
}
