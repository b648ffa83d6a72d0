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
}
