public import Base
public import HostInterfaces

/// `config.yaml` of a person: settings for all workspaces of theirs.
public enum PersonalConfiguration {
    /// `$XDG_CONFIG_HOME/devinit/config.yaml`, or below `~/.config` (XDG Base Directory Specification 0.8).
    public static func path(_ host: Host) -> Path {
        let given = host.environment["XDG_CONFIG_HOME"] ?? ""
        let folder = given.hasPrefix("/") ? Path(given) : host.machine.home / ".config"
        return folder / "devinit" / "config.yaml"
    }

    /// The person's own, then those of the machine, as an organisation rolls them out: `devinit/config.yaml` in each of
    /// `$XDG_CONFIG_DIRS`, or in `/etc/xdg` (the same specification). Of the latter only `trust` counts.
    public static func all(_ host: Host) -> [Path] {
        let given = (host.environment["XDG_CONFIG_DIRS"] ?? "").split(separator: ":").filter { $0.first == "/" }
        let folders = given.isEmpty ? ["/etc/xdg"] : given.map(String.init)
        return [path(host)] + folders.map { Path($0) / "devinit" / "config.yaml" }
    }
}
