import Base
import Execution
import ManifestModel

/// Required tools as features of a container (containers.dev/features), as far as the specification's own project has
/// one.
struct DevContainerFeatures {
    /// By the tool's name: the feature, the option that says the version (nil where it takes none), and further options.
    private static let known: [String: (feature: String, version: String?, options: [JSON.Member])] = [
        "node": ("node:1", "version", []), "npm": ("node:1", nil, []), "yarn": ("node:1", nil, []),
        "pnpm": ("node:1", nil, []),
        "python": ("python:1", "version", []), "pip": ("python:1", nil, []), "pipx": ("python:1", nil, []),
        "go": ("go:1", "version", []), "ruby": ("ruby:1", "version", []), "bundler": ("ruby:1", nil, []),
        "rust": ("rust:1", "version", []), "cargo": ("rust:1", nil, []), "rustup": ("rust:1", nil, []),
        "php": ("php:1", "version", []), "composer": ("php:1", nil, []), "dotnet": ("dotnet:2", "version", []),
        "java": ("java:1", "version", []), "javac": ("java:1", "version", []),
        "maven": ("java:1", nil, [JSON.Member("installMaven", .bool(true))]),
        "gradle": ("java:1", nil, [JSON.Member("installGradle", .bool(true))]),
        "kubectl": ("kubectl-helm-minikube:1", "version", []), "helm": ("kubectl-helm-minikube:1", "helm", []),
        "minikube": ("kubectl-helm-minikube:1", "minikube", []), "terraform": ("terraform:1", "version", []),
        "aws": ("aws-cli:1", nil, []), "az": ("azure-cli:1", nil, []), "gh": ("github-cli:1", nil, []),
        "git": ("git:1", nil, []), "git-lfs": ("git-lfs:1", nil, []),
        "docker": ("docker-in-docker:2", nil, []), "docker-compose": ("docker-in-docker:2", nil, []),
    ]

    /// What every image of that sort has.
    private static let everywhere: Set = ["bash", "curl", "wget", "make", "openssl"]

    private(set) var all: [JSON.Member] = []
    private(set) var notes: [String] = []

    init(_ workspace: Workspace) {
        // Services need an engine, whether or not anybody says so.
        if !workspace.containerServices.isEmpty { add("docker-in-docker:2", []) }
        for case let tool as ToolNode in workspace.nodes(of: ToolKind.name) {
            let name = tool.declaration.tool?.literal ?? tool.declaration.name
            if let known = Self.known[name] {
                let version = known.version.flatMap { option in
                    tool.declaration.version?.literal.map {
                        JSON.Member(option, .string(Self.wanted($0)))
                    }
                }
                add(known.feature, [version].compactMap { $0 } + known.options)
            } else if tool.declaration.check != nil {
                notes.append("requires.\(name) has a check of its own, which must pass in the container")
            } else if !Self.everywhere.contains(name), tool.declaration.impliedBy == nil {
                notes.append("no feature is known for '\(name)': the image must have it, or devinit installs it there")
            }
        }
    }

    /// The options of a feature that several tools ask for are joined; the first that says a thing counts.
    private mutating func add(_ feature: String, _ options: [JSON.Member]) {
        let name = "ghcr.io/devcontainers/features/\(feature)"
        guard let index = all.firstIndex(where: { $0.key == name }) else {
            all.append(JSON.Member(name, .object(options)))
            return
        }
        guard case .object(var members) = all[index].value else { return }
        for option in options where !members.contains(where: { $0.key == option.key }) { members.append(option) }
        all[index].value = .object(members)
    }

    /// A version that a feature takes: the first that the range names, or the newest where the range has no upper end.
    static func wanted(_ range: String) -> String {
        let first = range.split(separator: "|").first.map(String.init) ?? range
        let isOpen = first.contains(">") && !first.contains("<")
        guard !isOpen, let found = first.firstMatch(of: #/\d+(\.\d+)*/#) else { return "latest" }
        return String(found.output.0)
    }
}
