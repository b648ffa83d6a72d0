import Execution

/// The exit status of the program. The numbers are a promise to scripts.
public struct ExitStatus: Hashable, Sendable {
    public let code: Int32

    public init(code: Int32) { self.code = code }

    public static let done = ExitStatus(code: 0)
    /// A step, service or check failed, or several kinds of failure.
    public static let failed = ExitStatus(code: 1)
    /// Only `plan --detailed-exitcode`: there is work to do.
    public static let workToDo = ExitStatus(code: 2)
    public static let usage = ExitStatus(code: 64)
    public static let invalidManifest = ExitStatus(code: 65)
    public static let network = ExitStatus(code: 69)
    public static let locked = ExitStatus(code: 75)
    public static let notTrusted = ExitStatus(code: 77)
    public static let prerequisites = ExitStatus(code: 78)
    public static let timedOut = ExitStatus(code: 124)

    /// Ended by a signal: 128 and its number, as shells count.
    public static func signal(_ number: Int32) -> ExitStatus { ExitStatus(code: 128 + number) }

    /// The status of a run with these failures: that of their class when they are all of one.
    static func of(_ failures: [NodeFailure]) -> ExitStatus {
        guard let first = failures.first else { return .done }
        guard failures.allSatisfy({ $0.kind == first.kind }) else { return .failed }
        switch first.kind {
        case .failed: return .failed
        case .network: return .network
        case .prerequisite: return .prerequisites
        case .timedOut: return .timedOut
        case .notTrusted: return .notTrusted
        case .cancelled: return .signal(2)
        }
    }
}
