import Base
import Foundation
import HostInterfaces
import POSIXHost

@testable import Kinds

/// Compose files in a folder of their own, and what the real Compose makes of them.
final class ComposeCases: Sendable {
    let folder: Path
    let files: [String]

    /// `files` are those for `-f`, in order; `contents` holds them and all others by path.
    init(_ contents: [String: String], files: [String]) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "devinit-compose-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        folder = try POSIXHost.host().files.resolve(Path(base.path))
        self.files = files
        for (path, content) in contents {
            let target = URL(filePath: (folder / path).text)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: target)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.text) }

    /// As devinit reads them.
    func read(
        _ environment: [String: String] = [:], environmentFiles: [String] = [], instance: AdoptedInstance? = nil
    ) -> ComposeProject {
        var host = POSIXHost.host()
        host.environment.merge(environment) { $1 }
        var request = ComposeProjectRequest(
            files: files.map { folder / $0 }, environmentFiles: environmentFiles.map { folder / $0 }, name: nil)
        request.instance = instance
        return ComposeProjectReader.read(request, host: host)
    }

    /// The services that devinit has for a profile, sorted.
    func names(profile: String?) -> [String] {
        let project = read()
        return project.services.filter { _, service in
            let labels = service.composeProfiles
            return labels.isEmpty || profile.map(labels.contains) == true
        }.map(\.key).sorted()
    }

    /// `config --services` of one generation, sorted; nil where it refuses the files.
    func realNames(_ compose: [String], profile: String?) -> [String]? {
        let words = compose + files.flatMap { ["-f", (folder / $0).text] } + (profile.map { ["--profile", $0] } ?? [])
        return ServiceLab.output(words + ["config", "--services"], ServiceLab.environment ?? [:])?
            .split(separator: "\n").map(String.init).sorted()
    }

    /// `config --format json` of Compose 2.
    func configuration(profiles: [String] = []) -> JSON? {
        let words =
            ["docker", "compose"] + files.flatMap { ["-f", (folder / $0).text] }
            + profiles.flatMap { ["--profile", $0] } + ["config", "--format", "json"]
        let text = ServiceLab.output(words, ServiceLab.environment ?? [:])
        return text.flatMap { try? JSON(parsing: Array($0.utf8)) }
    }
}
