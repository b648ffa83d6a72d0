import HostInterfaces
import State

/// What every node of a run looks at alike. A class of its own, so that the context of one node among thousands holds
/// one reference to it and not a copy of each part.
final class RunSurroundings: Sendable {
    let host: Host
    let workspace: Workspace
    let values: Values
    let journal: Journal
    let settings: RunSettings
    let parts: RunParts

    init(
        host: Host, workspace: Workspace, values: Values, journal: Journal, settings: RunSettings, parts: RunParts
    ) {
        self.host = host
        self.workspace = workspace
        self.values = values
        self.journal = journal
        self.settings = settings
        self.parts = parts
    }
}
