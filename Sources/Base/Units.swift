/// Spans of time as people write them: `250ms`, `90s`, `15m`, `1h30m`.
public enum TimeSpan {
    /// Milliseconds; nil when the text is no span. A bare number is none: it has no unit.
    public static func milliseconds(_ text: String) -> Int? {
        var total = 0
        var digits = ""
        var unit = ""
        let scale = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        func close(_ total: inout Int) -> Bool {
            guard let count = Int(digits), let factor = scale[unit] else { return false }
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            guard !overflow, total <= Int.max - product else { return false }
            total += product
            return true
        }
        for character in text.unicodeScalars {
            if ("0"..."9").contains(character) {
                if !unit.isEmpty {
                    guard close(&total) else { return nil }
                    digits = ""
                    unit = ""
                }
                digits.unicodeScalars.append(character)
            } else {
                unit.unicodeScalars.append(character)
            }
        }
        return close(&total) ? total : nil
    }

    /// A duration as the manifest writes it; nil for anything else. To the millisecond.
    public static func parse(_ text: String) -> Duration? { milliseconds(text).map { .milliseconds($0) } }

    /// `1h02m`, `3m05s`, `12.3s`, `250ms`: short, for people.
    public static func describe(seconds: Double) -> String {
        if seconds < 0.9995 { return "\(Int(seconds * 1000 + 0.5))ms" }
        if seconds < 59.95 { return "\(Int(seconds * 10 + 0.5) / 10).\(Int(seconds * 10 + 0.5) % 10)s" }
        let whole = Int(seconds + 0.5)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return whole < 3600 ? "\(whole / 60)m\(two(whole % 60))s" : "\(whole / 3600)h\(two(whole / 60 % 60))m"
    }
}

extension Duration {
    /// The whole span in seconds.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Sizes as people write them: `8GB` is 8 × 10⁹ bytes, `8GiB` is 8 × 2³⁰.
public enum ByteSize {
    private static let units: [(String, Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("kB", 1000), ("KB", 1000),
        ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ]

    /// Bytes; nil when the text is no size.
    public static func parse(_ text: String) -> Int? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)), number >= 0, number.isFinite else { return nil }
            let bytes = number * Double(factor)
            return bytes < Double(Int.max) ? Int(bytes) : nil
        }
        return nil
    }

    /// `1.2 GB`, `340 kB`: decimal, for people.
    public static func describe(_ bytes: Int) -> String {
        for (unit, factor) in [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)]
        where bytes >= factor {
            let tenths = bytes * 10 / factor
            return tenths >= 1000 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(bytes) B"
    }
}
