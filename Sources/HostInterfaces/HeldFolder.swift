/// A folder that is held open: what is done with a name in it happens there, whatever is put in the way of its path
/// meanwhile (POSIX.1-2024, openat).
public protocol HeldFolder: AnyObject, Sendable {
    /// Replaces the file as a whole or not at all, durably. Fails where a link or a folder has that name.
    func replace(_ name: String, with content: [UInt8], mode: UInt16) throws(SystemError)
    /// Makes a link; what has that name and is a link too is replaced, as a whole.
    func replaceLink(_ name: String, to target: String) throws(SystemError)
    /// Makes the folder; one that is there is fine, a link is not.
    func makeFolder(_ name: String, mode: UInt16) throws(SystemError)
    /// Permission bits of a file or folder; a link is refused.
    func setMode(of name: String, to mode: UInt16) throws(SystemError)
}
