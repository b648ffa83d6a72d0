/// Variables by which a file could have other programs run than those that were approved: what a shell or the loader
/// reads before the command, and where programs are looked for (bash(1), "ENVIRONMENT"; POSIX sh, `ENV`; ld.so(8);
/// dyld(1)). A file of variables may change after the approval, the manifest's own `env` may not.
enum ShellVariables {
    private static let names: Set<String> = [
        "PATH", "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PS4", "IFS", "CDPATH", "PROMPT_COMMAND",
        "BASH_LOADABLES_PATH", "GCONV_PATH",
    ]
    private static let starts = ["LD_", "DYLD_", "BASH_FUNC_"]

    static func change(_ name: String) -> Bool { names.contains(name) || starts.contains { name.hasPrefix($0) } }
}
