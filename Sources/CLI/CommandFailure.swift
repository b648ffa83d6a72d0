import Base
import ManifestModel

/// Why a command can't do its work: what happened, and what to do next.
struct CommandFailure: Error, Sendable {
    var status: ExitStatus
    /// Problems to show, with their places.
    var problems: Diagnostics
    /// The manifest whose lines the problems quote.
    var manifest: LoadedManifest?

    init(_ status: ExitStatus, _ problems: Diagnostics, in manifest: LoadedManifest? = nil) {
        self.status = status
        self.problems = problems
        self.manifest = manifest
    }

    init(_ status: ExitStatus, code: String, _ message: String, suggestion: String? = nil) {
        self.init(status, Diagnostics([Diagnostic(code: code, message, suggestion: suggestion)]))
    }
}
