import Kinds

/// What a command that runs nodes was asked for.
struct RunRequest: Sendable {
    var selection: Selection
    /// The command as the user would type it again.
    var words: String
    var trusts = false
    var mayInstall = false
    var failFast = false
    var rerun: [String] = []
    var take: String?
    var extraArguments: [String] = []

    init(selection: Selection, words: String) {
        self.selection = selection
        self.words = words
    }
}
