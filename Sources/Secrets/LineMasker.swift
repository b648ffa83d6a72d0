/// Masks a stream that comes in pieces. Only whole lines come out, so a secret cut in two by a piece's end is
/// never shown; the rest waits for its newline.
public struct LineMasker: Sendable {
    /// A line longer than this comes out in parts, in bytes; what could be a secret's beginning is held back.
    public static let longestLine = 64 << 10
    private let mask: SecretMask
    private let limit: Int
    private var pending: [UInt8] = []
    /// How many bytes at the start of `pending` stand for a `***` that is out already.
    private var hidden = 0

    /// `limit`: the longest line, in bytes, that is kept whole.
    public init(_ mask: SecretMask, limit: Int = LineMasker.longestLine) {
        self.mask = mask
        self.limit = limit
    }

    /// Takes a piece and gives the lines that are whole now, masked, with their newlines; often nothing.
    public mutating func feed(_ chunk: [UInt8]) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        if pending.isEmpty, chunk.last == newline, mask.isEmpty { return chunk }
        var out: [UInt8] = []
        if let end = chunk.lastIndex(of: newline) {
            pending += chunk[...end]
            out = flush(upTo: pending.count)
            pending = Array(chunk[(end + 1)...])
        } else {
            pending += chunk
        }
        if pending.count > limit { out += overflow() }
        return out
    }

    /// What is left at the end of the stream: a last line without a newline.
    public mutating func finish() -> [UInt8] {
        defer { pending = [] }
        return flush(upTo: pending.count)
    }

    /// Gives out the start of a line that grows without end.
    private mutating func overflow() -> [UInt8] {
        let kept = max(0, mask.patterns.longest - 1)
        guard pending.count > kept else { return [] }
        let cut = pending.count - kept
        let out = flush(upTo: cut)
        pending = Array(pending[cut...])
        return out
    }

    /// Masks all that is pending and gives out what stands before `cut`; `hidden` then tells how far a secret that
    /// began before the cut reaches beyond it.
    private mutating func flush(upTo cut: Int) -> [UInt8] {
        var ranges = mask.patterns.ranges(in: pending[...])
        var start = 0
        if hidden > 0 {
            // This much was shown as `***`; a secret that overlaps it lengthens it.
            start = hidden
            while let first = ranges.first, first.lowerBound <= start {
                start = max(start, first.upperBound)
                ranges.removeFirst()
            }
            hidden = 0
        }
        if start >= cut {
            hidden = start - cut
            return []
        }
        ranges.removeAll { $0.lowerBound >= cut }
        if let last = ranges.last, last.upperBound > cut {
            hidden = last.upperBound - cut
            ranges[ranges.count - 1] = last.lowerBound..<cut
        }
        return MaskPatterns.hide(ranges, in: pending[start..<cut])
    }
}
