import HostInterfaces
import Base
import Foundation
import Testing

/// The built programs and what of the machine a test may need.
enum Programs {
    /// The program under test: it stands beside the test bundle, or where DEVINIT_E2E_PROGRAM says.
    static let devinit: Path = {
        if let stated = ProcessInfo.processInfo.environment["DEVINIT_E2E_PROGRAM"] { return Path(stated) }
        var folder = URL(filePath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        for candidate in CommandLine.arguments + [folder.path] {
            folder = URL(filePath: candidate).deletingLastPathComponent()
            while folder.path != "/" {
                let program = folder.appending(path: "devinit")
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder), !isFolder.boolValue,
                    FileManager.default.isExecutableFile(atPath: program.path)
                {
                    return Path(program.path)
                }
                folder.deleteLastPathComponent()
            }
        }
        return "/devinit-was-not-built"
    }()

    /// Whether the PATH of the tests themselves finds it.
    static func isOnPath(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    static func isThere(_ name: String) -> Bool {
        ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/opt/homebrew/bin"]
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}

/// Parts that not every machine has. Where one is missing its tests are skipped, saying so; with
/// DEVINIT_REQUIRE_LAB=1 (as CI sets it) they run and fail instead.
enum Part: String {
    case root = "root on Linux"
    case tmux = "tmux"
    case python = "python3 and a C compiler"
    case script = "script, of util-linux"
    case engine = "a container engine (Tests/Lab)"
    case browser = "a chromium (Tests/Lab)"
    case keyring = "secret-tool, gnome-keyring and dbus-run-session (Tests/Lab)"
    case podman = "Podman (Tests/Lab)"
    case rootless = "engines without root (Tests/Lab), and docker-compose 1.29"
    case oldCompose = "docker-compose 1.29 (Tests/Lab)"

    static let areRequired = ["1", "true"].contains(ProcessInfo.processInfo.environment["DEVINIT_REQUIRE_LAB"] ?? "")

    var isThere: Bool {
        switch self {
        case .root: Processes.isRoot && Programs.isThere("mount")
        case .tmux: Programs.isThere("tmux")
        case .python:
            // Both may have come with the toolchain or a version manager, so the whole PATH counts.
            Programs.isOnPath("python3") && (Programs.isOnPath("cc") || Programs.isOnPath("clang"))
        case .script: Programs.isThere("script") && FileManager.default.fileExists(atPath: "/proc/self")
        case .keyring: ["secret-tool", "gnome-keyring-daemon", "dbus-run-session"].allSatisfy(Programs.isThere)
        case .browser: Browser.program != nil
        case .engine: Lab.environment["DOCKER_HOST"] != nil
        case .podman: Lab.podman["XDG_RUNTIME_DIR"] != nil
        case .rootless: Lab.rootless["DEVINIT_LAB_USER"] != nil && Programs.isThere("docker-compose")
        case .oldCompose: Lab.environment["DOCKER_HOST"] != nil && Lab.environment["DEVINIT_LAB_COMPOSE1"] != nil
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where a part is missing, or lets it fail where parts are required.
    static func needs(_ part: Part) -> Self { .enabled(if: part.isThere || Part.areRequired, "needs \(part.rawValue)") }
}

/// To be called first by a test that needs a part, so that it fails plainly where parts are required.
func require(_ part: Part, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    try #require(part.isThere, "needs \(part.rawValue), which is not there", sourceLocation: sourceLocation)
}
