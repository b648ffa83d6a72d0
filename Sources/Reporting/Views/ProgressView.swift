public import HostInterfaces

extension ReportingSettings {
    /// The view of a run that these settings ask for, on standard error.
    public func view(terminal: any Terminal, clock: any Clock) -> any RunView {
        switch progress {
        case .tty: LiveView(terminal: terminal, clock: clock, style: error, isVerbose: isVerbose)
        case .json: JSONLinesView(terminal: terminal)
        case .quiet: QuietView(terminal: terminal, style: error)
        case .plain, .auto:
            PlainView(terminal: terminal, style: error, isVerbose: isVerbose, isGitHub: isGitHub)
        }
    }
}
