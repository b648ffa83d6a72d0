import Execution
import Secrets

/// What nodes say of themselves goes to views, records and documents: whatever its words are made of, no secret leaves with
/// them.
extension Assessment {
    func masked(by mask: SecretMask) -> Assessment {
        if mask.isEmpty { return self }
        return switch self {
        case .upToDate(let reason): .upToDate(mask.mask(reason))
        case .work(let action, let reason): .work(action, mask.mask(reason))
        case .unknown(let reason): .unknown(mask.mask(reason))
        case .skipped(let reason): .skipped(mask.mask(reason))
        case .blocked(let failure): .blocked(failure.masked(by: mask))
        }
    }
}

extension NodeFailure {
    func masked(by mask: SecretMask) -> NodeFailure {
        if mask.isEmpty { return self }
        var failure = self
        failure.message = mask.mask(message)
        failure.remedy = remedy.map(mask.mask)
        failure.output = output.map(mask.mask)
        return failure
    }
}
