/// A program family that reads env files its own way. The raw values are the names of the manifest's
/// `env_files.*.dialects`.
public enum Dialect: String, CaseIterable, Sendable, Hashable {
    /// Docker Compose: compose-go's own reader, with `$` expanded outside single quotes.
    case compose
    /// motdotla/dotenv, and Node's `--env-file`; neither expands `$`.
    case node
    /// python-dotenv, which expands `${…}` in every quoting.
    case python
    /// POSIX shell: `set -a; . ./file`.
    case sh
    /// motdotla/dotenv followed by dotenv-expand, as Next, Vite and Prisma do.
    case dotenvExpand = "dotenv-expand"
    /// Ruby's dotenv, as Rails applications use it: `$` expanded outside single quotes, backslashes taken out.
    case ruby

    /// The reader's name as people know it, for messages.
    public var reader: String {
        switch self {
        case .compose: "Docker Compose"
        case .node: "Node's dotenv"
        case .python: "python-dotenv"
        case .sh: "sh"
        case .dotenvExpand: "dotenv-expand"
        case .ruby: "Ruby's dotenv"
        }
    }
}
