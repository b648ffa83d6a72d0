import HostInterfaces

/// Why a secret can't be kept, or not be had though it was kept, and what to do about it.
public struct SecretStoreError: Error, Hashable, Sendable {
    public let message: String
    public let remedy: String

    public init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }

    /// The file of the store refused.
    init(_ error: SystemError) {
        self.init("the store of secrets can't be written: \(error)", remedy: "make that folder writable")
    }
}
