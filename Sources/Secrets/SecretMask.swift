import Synchronization

/// The secrets of a run, and text without them. One value serves the whole run; every output passes through it.
public final class SecretMask: Sendable {
    /// Values shorter than this, in characters, are not masked: they would hide half of any output.
    public static let shortest = 6
    private let state = Mutex(State())

    private struct State {
        var patterns = MaskPatterns()
        var names: [String: String] = [:]
    }

    public init() {}

    /// Masks the value from now on, in every form in which programs are known to print it. False when it is too
    /// short to be masked, which the user should be warned about.
    @discardableResult
    public func add(_ value: String, name: String) -> Bool {
        guard value.unicodeScalars.count >= SecretMask.shortest else { return false }
        let forms = SecretForms.all(of: value)
        state.withLock { state in
            if state.names.updateValue(name, forKey: value) == nil { state.patterns.add(forms) }
        }
        return true
    }

    /// Whether nothing is masked, so that text may pass as it is.
    public var isEmpty: Bool { patterns.isEmpty }

    /// The text with `***` in place of each secret; secrets that overlap or touch are one.
    public func mask(_ text: String) -> String {
        let patterns = patterns
        if patterns.isEmpty { return text }
        let bytes = Array(text.utf8)
        let ranges = patterns.ranges(in: bytes[...])
        return ranges.isEmpty ? text : String(decoding: MaskPatterns.hide(ranges, in: bytes[...]), as: UTF8.self)
    }

    /// What is masked now; a value, so that searching holds no lock.
    var patterns: MaskPatterns { state.withLock { $0.patterns } }
}
