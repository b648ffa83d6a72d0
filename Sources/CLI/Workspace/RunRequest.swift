import Kinds

/// What a command that runs nodes was asked for.
struct RunRequest: Sendable {
    var selection: Selection
    /// The command as the user would type it again.
    var words: String
    var trusts = false
    var mayInstall = false
    var failFast = false
    /// Whether repositories are fetched before anything runs.
    var syncs = false
    var rerun: [String] = []
    var take: String?
    /// What becomes of containers and volumes of this workspace's name that were made elsewhere.
    var foreign: ForeignSettling.Choice?
    var extraArguments: [String] = []
    /// Whether what the nodes of `rerun` write goes to our own streams, as it comes.
    var showsOutput = false
    /// Whether it only brings what the graph is made of; the run that was asked for follows.
    var isPrelude = false

    /// The same with all that chose the nodes: what goes on where this run stopped.
    var wordsToContinue: String {
        let own =
            selection.profiles.flatMap { ["--profile", $0] } + selection.only.flatMap { ["--only", $0] }
            + selection.skip.flatMap { ["--skip", $0] }
        let targets = words.hasPrefix("run ") ? [] : selection.targets
        return ([words] + own + targets).joined(separator: " ")
    }

    init(selection: Selection, words: String) {
        self.selection = selection
        self.words = words
    }
}
