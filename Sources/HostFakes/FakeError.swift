public import HostInterfaces

/// Error numbers by name, because only the real host knows the system's headers.
public enum FakeCode {
    public static let noEntry: Int32 = 2
    public static let inputOutput: Int32 = 5
    public static let noAccess: Int32 = 13
    public static let exists: Int32 = 17
    public static let notFolder: Int32 = 20
    public static let isFolder: Int32 = 21
    public static let invalid: Int32 = 22
    public static let tooBig: Int32 = 27
    public static let noSpace: Int32 = 28
    public static let readOnly: Int32 = 30
    #if os(Linux)
        public static let notSupported: Int32 = 38
        public static let notEmpty: Int32 = 39
        public static let linkLoop: Int32 = 40
    #else
        public static let notSupported: Int32 = 78
        public static let notEmpty: Int32 = 66
        public static let linkLoop: Int32 = 62
    #endif

    static func reason(_ code: Int32) -> String {
        switch code {
        case noEntry: "No such file or directory"
        case inputOutput: "Input/output error"
        case noAccess: "Permission denied"
        case exists: "File exists"
        case notFolder: "Not a directory"
        case isFolder: "Is a directory"
        case invalid: "Invalid argument"
        case tooBig: "File too large"
        case noSpace: "No space left on device"
        case readOnly: "Read-only file system"
        case notEmpty: "Directory not empty"
        case linkLoop: "Too many levels of symbolic links"
        default: "error \(code)"
        }
    }
}

extension SystemError {
    /// An error as the system would word it.
    public static func fake(_ call: String, _ subject: String, _ code: Int32) -> SystemError {
        SystemError(call: call, subject: subject, code: code, reason: FakeCode.reason(code))
    }
}
