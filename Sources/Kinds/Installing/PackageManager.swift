import Base
import HostInterfaces
import ManifestModel

/// A manager of packages, under the name that manifests and the catalog give it.
enum PackageManager: String, Sendable, CaseIterable, Hashable {
    case brew, apt, dnf, pacman, apk, winget, mise

    var key: Key<[Text]> {
        .names(rawValue, "Packages of \(rawValue).", availability: self == .winget ? .later : .works)
    }

    /// The program that must be on PATH for the manager to count; nil where it never does.
    private var program: String? {
        switch self {
        case .brew: "brew"
        case .apt: "apt-get"
        case .dnf: "dnf"
        case .pacman: "pacman"
        case .apk: "apk"
        case .winget: nil
        case .mise: "mise"
        }
    }

    /// Where its program is; nil where this machine has none. Those of Linux don't count elsewhere, where programs
    /// of the same name are something else (macOS had an `apt` of Java's).
    func place(_ host: Host) -> Path? {
        guard let program else { return nil }
        if self != .brew, self != .mise, host.machine.operatingSystem != "linux" { return nil }
        return host.processes.find(
            program, path: host.environment["PATH"] ?? "", folder: host.currentFolder)
    }

    /// Those of this machine, the one to ask first at the front.
    static func present(_ host: Host) -> [PackageManager] {
        let order: [PackageManager] =
            host.machine.operatingSystem == "macos" ? [.brew, .mise] : [.apt, .dnf, .pacman, .apk, .brew, .mise]
        return order.filter { $0.place(host) != nil }
    }

    /// Whether only root may install with it.
    var needsRoot: Bool {
        switch self {
        case .apt, .dnf, .pacman, .apk: true
        case .brew, .winget, .mise: false
        }
    }

    /// The words that install packages, without a question.
    func installation(of packages: [String], casks: Bool = false) -> [String] {
        switch self {
        case .brew: ["brew", "install"] + (casks ? ["--cask"] : []) + packages
        case .apt: ["apt-get", "install", "-y"] + packages
        case .dnf: ["dnf", "install", "-y"] + packages
        case .pacman: ["pacman", "-S", "--needed", "--noconfirm"] + packages
        case .apk: ["apk", "add"] + packages
        case .winget: ["winget", "install", "-e"] + packages
        case .mise: ["mise", "use", "--global"] + packages
        }
    }
}
