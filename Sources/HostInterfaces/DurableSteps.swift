/// The steps that replace a file as a whole or not at all. Their order stands here, so that the real machine and the one
/// that loses power in tests take the same.
public protocol FileReplacement: ~Copyable {
    /// Makes a new file beside and writes the content into it.
    func write() throws(SystemError)
    /// Returns once the new file's content would survive a loss of power.
    func synchronize() throws(SystemError)
    /// Gives the new file the name of the old one.
    func giveName() throws(SystemError)
    /// Takes the new file away again; it may not be there.
    func discard()
    /// Returns once the names in the folder would survive a loss of power.
    func synchronizeFolder() throws(SystemError)
}

extension FileReplacement where Self: ~Copyable {
    /// Takes the steps. After an error of the last one the new content is in place, but may be lost with the power.
    public func perform() throws(SystemError) {
        do throws(SystemError) {
            try write()
            // Before the name: else a loss of power may leave the name with no content.
            try synchronize()
            try giveName()
        } catch {
            discard()
            throw error
        }
        try synchronizeFolder()
    }
}

/// The steps that make what was appended to a file durable; their order stands here for the same reason.
public protocol FileSynchronization {
    /// Whether the file's name is known to be durable.
    var isNamed: Bool { get }
    /// Returns once the content would survive a loss of power.
    func synchronizeContent() throws(SystemError)
    /// Returns once the name would; `isNamed` from then on.
    func synchronizeName() throws(SystemError)
}

extension FileSynchronization {
    /// Takes the steps.
    public func perform() throws(SystemError) {
        try synchronizeContent()
        // The file may be new: without its name the content is lost too.
        if !isNamed { try synchronizeName() }
    }
}
