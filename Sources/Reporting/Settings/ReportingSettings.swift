public import HostInterfaces

/// How the progress of a run is shown on standard error: `--progress`.
public enum ProgressMode: String, Hashable, Sendable, CaseIterable {
    /// `tty` on a terminal that can, else `plain`.
    case auto
    case tty, plain, json, quiet
}

/// What flags, variables and the two streams decide about output, each stream judged apart.
public struct ReportingSettings: Hashable, Sendable {
    /// Never `auto`.
    public var progress: ProgressMode
    /// For standard output.
    public var output: Style
    /// For standard error.
    public var error: Style
    /// Whether GitHub's workflow commands (`::error`) are understood by the reader.
    public var isGitHub: Bool
    public var isVerbose: Bool

    public init(progress: ProgressMode, output: Style, error: Style, isGitHub: Bool = false, isVerbose: Bool = false) {
        self.progress = progress
        self.output = output
        self.error = error
        self.isGitHub = isGitHub
        self.isVerbose = isVerbose
    }

    /// Resolves them. `--no-color` and `NO_COLOR` win over `FORCE_COLOR` and `CLICOLOR_FORCE`, which win over what
    /// the stream is. A terminal without `TERM`, or with `TERM=dumb`, gets neither colour nor a live view, and
    /// one in continuous integration gets no live view unless it is asked for by name.
    public init(
        requested: ProgressMode = .auto, noColor: Bool = false, isQuiet: Bool = false, isVerbose: Bool = false,
        environment: [String: String], terminal: any Terminal
    ) {
        func isOn(_ name: String) -> Bool { Self.isOn(environment[name]) }
        let isDumb = (environment["TERM"] ?? "").isEmpty || environment["TERM"] == "dumb"
        let isUnicode = Self.isUnicode(environment)
        func style(_ stream: TerminalStream) -> Style {
            Style(
                isColored: Self.isColored(
                    environment, noColor: noColor, isTerminal: terminal.isTerminal(stream), isDumb: isDumb),
                isUnicode: isUnicode)
        }
        let canDraw = terminal.isTerminal(.error) && !isDumb
        switch requested {
        case .auto:
            let isWatched = canDraw && !isOn("CI") && !isOn("GITHUB_ACTIONS")
            progress = isQuiet ? .quiet : isWatched ? .tty : .plain
        case .tty: progress = canDraw ? .tty : .plain
        case .plain, .json, .quiet: progress = requested
        }
        output = style(.output)
        error = style(.error)
        isGitHub = isOn("GITHUB_ACTIONS")
        self.isVerbose = isVerbose
    }

    /// Set, and to something else than nothing, `0` or `false`.
    private static func isOn(_ value: String?) -> Bool {
        guard let value else { return false }
        return !value.isEmpty && value != "0" && value.lowercased() != "false"
    }

    private static func isColored(
        _ environment: [String: String], noColor: Bool, isTerminal: Bool, isDumb: Bool
    ) -> Bool {
        // https://no-color.org: any value but the empty one counts.
        if noColor || !(environment["NO_COLOR"] ?? "").isEmpty { return false }
        if let forced = environment["FORCE_COLOR"], !forced.isEmpty { return isOn(forced) }
        if isOn(environment["CLICOLOR_FORCE"]) { return true }
        return isTerminal && !isDumb && environment["CLICOLOR"] != "0"
    }

    /// A locale that names another character set than UTF-8 gets ASCII signs; no locale at all is no evidence.
    private static func isUnicode(_ environment: [String: String]) -> Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let locale = environment[name]?.lowercased(), !locale.isEmpty else { continue }
            return locale.contains("utf-8") || locale.contains("utf8")
        }
        return true
    }
}
