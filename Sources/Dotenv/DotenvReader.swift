public import Base

/// Reads an env file as the real program of a dialect does, quirks included.
public enum DotenvReader {
    /// The values that the dialect's reader takes from the text, in the order in which keys first appear.
    ///
    /// - Parameter environment: what the process has already. It is looked up when `$NAME` is expanded and
    ///   wins over the file there, as it does in compose, python (`load_dotenv`), dotenv-expand and ruby; in sh
    ///   the file wins. It adds no keys of its own, save those that compose passes through (a bare `NAME` line).
    /// - Throws: only for compose and sh, which refuse a file as a whole, and for dotenv-expand and ruby where
    ///   they would run a command.
    public static func values(
        of text: String, dialect: Dialect, environment: [String: String] = [:]
    ) throws(DotenvError) -> OrderedMap<String, String> {
        switch dialect {
        case .compose: try ComposeReader.values(of: text, environment: environment)
        case .node: NodeReader.values(of: text)
        case .python: PythonReader.values(of: text, environment: environment)
        case .sh: try ShellReader.values(of: text, environment: environment)
        case .dotenvExpand:
            try DotenvExpansion.expanding(NodeReader.values(of: text), environment: environment)
        case .ruby: try RubyReader.values(of: text, environment: environment)
        }
    }
}
