public import Base
public import Kinds

/// What all checks found.
public struct DoctorReport: Sendable {
    /// In the order of the report: by group, then by check.
    public let checks: [CheckResult]

    public init(checks: [CheckResult]) { self.checks = checks }

    /// How many checks came out so.
    public func count(_ status: CheckResult.Status) -> Int { checks.count { $0.status == status } }

    /// The worst of all, `ok` where nothing is wrong.
    public var status: CheckResult.Status {
        if count(.error) > 0 { return .error }
        return count(.warning) > 0 ? .warning : .ok
    }

    /// 0 when nothing is wrong, else 1; warnings count only where they are to.
    public func exitStatus(strict: Bool) -> Int32 {
        switch status {
        case .error: 1
        case .warning: strict ? 1 : 0
        case .ok, .skipped: 0
        }
    }

    /// What devinit itself could do, in the order of the report.
    public var offers: [InstallOffer] { checks.filter { $0.status != .ok }.compactMap(\.offer) }

    /// The document `devinit.doctor/1`.
    public var json: JSON {
        let all: [CheckResult.Status] = [.ok, .warning, .error, .skipped]
        return [
            "schema": "devinit.doctor/1", "status": .string(status.rawValue),
            "checks": .array(checks.map(\.json)),
            "summary": .object(all.map { JSON.Member($0.rawValue, .integer(count($0))) }),
        ]
    }
}
