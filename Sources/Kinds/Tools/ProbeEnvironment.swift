import HostInterfaces

/// The variables under which devinit asks a tool for its version: nothing is downloaded, updated, coloured or
/// translated, and nothing of the person's makes the tool load other code.
enum ProbeEnvironment {
    private static let set: [String: String] = [
        "LC_ALL": "C", "NO_COLOR": "1", "TERM": "dumb",
        "GOTOOLCHAIN": "local", "RUSTUP_AUTO_INSTALL": "0", "COREPACK_ENABLE_NETWORK": "0",
        "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", "UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never",
        "MISE_OFFLINE": "1", "MISE_AUTO_INSTALL": "0", "MISE_EXEC_AUTO_INSTALL": "0", "MISE_YES": "0",
        "HOMEBREW_NO_AUTO_UPDATE": "1", "HOMEBREW_NO_ANALYTICS": "1", "CHECKPOINT_DISABLE": "1",
        "NO_UPDATE_NOTIFIER": "1", "NPM_CONFIG_UPDATE_NOTIFIER": "false", "GH_NO_UPDATE_NOTIFIER": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1",
        "DOTNET_SKIP_FIRST_TIME_EXPERIENCE": "1", "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "AZURE_CORE_COLLECT_TELEMETRY": "0", "COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_NO_INTERACTION": "1",
    ]
    private static let removed = [
        "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "RUBYOPT", "PERL5OPT", "BASH_ENV",
        "ENV", "PYTHONSTARTUP", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_TRACE",
    ]

    static func variables(_ host: Host, path: String) -> [String: String] {
        var variables = host.environment
        for name in removed { variables[name] = nil }
        variables.merge(set) { $1 }
        variables["PATH"] = path
        return variables
    }
}
