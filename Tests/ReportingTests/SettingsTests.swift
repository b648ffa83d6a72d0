import HostFakes
import HostInterfaces
import Reporting
import Testing

@Suite struct SettingsTests {
    private func settings(
        _ environment: [String: String], _ terminals: Set<TerminalStream> = [.output, .error],
        requested: ProgressMode = .auto, noColor: Bool = false, isQuiet: Bool = false
    ) -> ReportingSettings {
        ReportingSettings(
            requested: requested, noColor: noColor, isQuiet: isQuiet, environment: environment,
            terminal: FakeTerminal(terminals: terminals))
    }

    private let xterm = ["TERM": "xterm"]

    @Test func `the two streams are judged apart`() {
        let piped = settings(xterm, [.error])
        #expect(piped.progress == .tty && piped.error.isColored && !piped.output.isColored)
        let logged = settings(xterm, [.output])
        #expect(logged.progress == .plain && !logged.error.isColored && logged.output.isColored)
    }

    @Test(
        arguments: [
            (["TERM": "dumb"], false), ([:], false), (["TERM": "xterm", "NO_COLOR": "1"], false),
            (["TERM": "xterm", "NO_COLOR": ""], true), (["TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"], false),
            (["TERM": "dumb", "FORCE_COLOR": "1"], true), (["TERM": "xterm", "FORCE_COLOR": "0"], false),
            (["TERM": "dumb", "CLICOLOR_FORCE": "1"], true), (["TERM": "xterm", "CLICOLOR": "0"], false),
        ] as [([String: String], Bool)]) func `variables decide about colour`(
            environment: [String: String], isColored: Bool
        )
    {
        #expect(settings(environment).error.isColored == isColored)
    }

    @Test func `a pipe is coloured only when forced`() {
        #expect(!settings(xterm, []).error.isColored)
        #expect(settings(["FORCE_COLOR": "1"], []).error.isColored)
        #expect(!settings(["FORCE_COLOR": "1"], [], noColor: true).error.isColored)
    }

    @Test func `no live view where nobody watches or nothing can be drawn`() {
        #expect(settings(["TERM": "dumb"]).progress == .plain)
        #expect(settings(["TERM": "xterm", "CI": "true"]).progress == .plain)
        #expect(settings(["TERM": "xterm", "CI": "false"]).progress == .tty)
        #expect(settings(["TERM": "xterm", "CI": "true"], requested: .tty).progress == .tty)
        #expect(settings(xterm, [], requested: .tty).progress == .plain)
        #expect(settings(xterm, isQuiet: true).progress == .quiet)
        #expect(settings(xterm, requested: .json).progress == .json)
        #expect(settings(["GITHUB_ACTIONS": "true"], []).isGitHub)
    }

    @Test func `a locale that is no UTF-8 gets ASCII signs`() {
        #expect(settings(["LANG": "C"]).error.isUnicode == false)
        #expect(settings(["LANG": "C", "LC_ALL": "de_CH.UTF-8"]).error.isUnicode)
        #expect(settings([:]).error.isUnicode)
    }
}
