/// Variables by which a file could have other programs run than those that were approved: what a shell or the loader
/// reads before the command, and where programs are looked for (bash(1), "ENVIRONMENT"; POSIX sh, `ENV`; ld.so(8);
/// dyld(1)). A file of variables may change after the approval, the manifest's own `env` may not.
enum ShellVariables {
    private static let names: Set<String> = [
        "PATH", "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PS4", "IFS", "PROMPT_COMMAND", "BASH_LOADABLES_PATH",
        "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "GCONV_PATH", "DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH",
        "DYLD_FRAMEWORK_PATH",
    ]

    static func change(_ name: String) -> Bool { names.contains(name) || name.hasPrefix("BASH_FUNC_") }
}
