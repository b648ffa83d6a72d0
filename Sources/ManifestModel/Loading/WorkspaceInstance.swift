public import Base

/// Which of several set-ups of a workspace is meant: each has containers, volumes, ports and values of its own, so that two
/// branches run side by side.
public struct WorkspaceInstance: Hashable, Sendable {
    /// nil stands for the one that has no name: the main checkout, when nobody says otherwise.
    public var name: String?
    /// The name of the folder that gives a workspace its name where the manifest states none. nil: that of its root. A
    /// second working tree takes the main one's, so that all are called alike.
    public var folderName: String?
    /// The main working tree of the repository of which the root's is a second one; nil where it is none.
    public var repository: Path?

    public init(name: String? = nil, folderName: String? = nil, repository: Path? = nil) {
        self.name = name
        self.folderName = folderName
        self.repository = repository
    }

    /// The set-up that has no name.
    public static let main = WorkspaceInstance()
}
