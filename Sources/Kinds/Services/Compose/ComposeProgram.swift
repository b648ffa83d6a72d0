import Base
import HostInterfaces

/// A program that makes containers from Compose files. There are three of them, and this is all in which they differ
/// for devinit.
struct ComposeProgram: Hashable, Sendable {
    enum Generation: String, CaseIterable, Hashable, Sendable {
        /// Compose 2, as a plugin of Docker's command line.
        case plugin
        /// A program that is named `docker-compose`: 1.29, or a 2.x that stands alone.
        case standalone
        /// podman-compose, 1.0.3 and newer.
        case podman
    }

    /// What a generation takes and does.
    struct Traits: Sendable {
        var title: String
        /// Before the command, so that its words can be read.
        var plain: [String] = ["--ansi", "never"]
        /// For `up`: no image is fetched. Nil where it can't be told, and the engine's own check has to do.
        var withoutPull: [String]?
        /// It takes the profiles and env files of existing projects, enters containers, restarts and removes them, and
        /// its exit status is theirs. Where it is not, devinit does these things itself.
        var isWhole = true
        /// Whether `up` makes a container anew whose definition or image is another.
        var replacesChanged = true
        /// Whether its `up` fails where a container does not start.
        var tellsFailures = true
        /// Whether values that are secret reach the engine without being an argument of a program.
        var hidesValues = true
    }

    /// The first words of a call.
    let words: [String]
    let generation: Generation

    /// What stands before a call's own words.
    var callWords: [String] { words + traits.plain }

    var traits: Traits {
        switch generation {
        case .plugin: Traits(title: "docker compose", withoutPull: ["--pull", "never"])
        case .standalone: Traits(title: "docker-compose")
        case .podman:
            Traits(
                title: "podman-compose", plain: [], isWhole: false, replacesChanged: false, tellsFailures: false,
                hidesValues: false)
        }
    }
}

extension EngineSearch {
    /// How Compose is called for an engine. Podman gets the program that `podman compose` would call, without that
    /// detour, which only newer ones have; a `docker` there may be Podman's own stand-in.
    func compose(forPodman: Bool) -> ComposeProgram? {
        if forPodman, let stated = environment["PODMAN_COMPOSE_PROVIDER"], !stated.isEmpty, let found = find(stated) {
            let name = Path(stated).name
            return ComposeProgram(
                words: [found.text], generation: name.hasPrefix("podman-compose") ? .podman : .standalone)
        }
        if let plugin {
            let docker = forPodman ? nil : find("docker")
            return ComposeProgram(words: docker.map { [$0.text, "compose"] } ?? [plugin.text], generation: .plugin)
        }
        if let found = find("docker-compose") { return ComposeProgram(words: [found.text], generation: .standalone) }
        guard forPodman, find("podman") != nil, let found = find("podman-compose") else { return nil }
        return ComposeProgram(words: [found.text], generation: .podman)
    }

    /// The plugin in one of the folders of Docker's plugins (docker/cli, cli-plugins/manager).
    private var plugin: Path? {
        var folders = [configurationFolder / "cli-plugins"]
        for extra in configuration?["cliPluginsExtraDirs"]?.array ?? [] {
            if let text = extra.string { folders.append(Path(text)) }
        }
        folders += [
            "/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins",
            "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins",
        ]
        return folders.map { $0 / "docker-compose" }.first { host.files.isFile($0) }
    }
}
