import Base
import Execution

/// Small phrases that several views share.
enum Words {
    /// `0.42s`, `3.2s`, `32s`, `3m05s`: a time that has passed, seconds given.
    static func elapsed(_ seconds: Double) -> String {
        let seconds = seconds.isFinite ? max(0, seconds) : 0
        if seconds < 9.95 { return fixed(seconds, seconds < 0.995 ? 2 : 1) + "s" }
        return seconds < 59.5 ? "\(Int(seconds + 0.5))s" : TimeSpan.describe(seconds: min(seconds, 1e9))
    }

    /// With so many digits behind the point, 1 or 2.
    static func fixed(_ number: Double, _ digits: Int) -> String {
        let scale = digits == 1 ? 10 : 100
        let whole = Int(min(number, 1e9) * Double(scale) + 0.5)
        let rest = String(whole % scale)
        return "\(whole / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// `12 repos, 40 steps, 2 env files`.
    static func kinds(_ ids: some Sequence<NodeID>) -> String {
        var counts: [String: Int] = [:]
        for id in ids { counts[id.kind, default: 0] += 1 }
        let known = ["repo", "service", "step", "env", "file", "tool", "package", "secret"]
        let others = counts.keys.filter { !known.contains($0) }.sorted()
        return (known + others).compactMap { kind in
            counts[kind].map { count($0, kind == "env" ? "env file" : kind) }
        }.joined(separator: ", ")
    }

    /// `a, b, c and 4 more`.
    static func list(_ names: [String], most: Int) -> String {
        guard names.count > most + 1 else { return names.joined(separator: ", ") }
        return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }

    /// `receiving objects 40 %, 12.3 MB`.
    static func progress(_ progress: NodeProgress, withBytes: Bool = true) -> String {
        var parts: [String] = []
        if let percent = percent(progress) {
            parts.append("\(percent) %")
        } else if let done = progress.done {
            parts.append("\(done)")
        }
        let words = ([progress.words] + parts).filter { !$0.isEmpty }.joined(separator: " ")
        return words
            + ((withBytes ? progress.bytes : nil).map { ", " + ByteSize.describe(min(max(0, $0), Int.max / 10)) } ?? "")
    }

    /// 0 to 100; nil where there is no measure.
    static func percent(_ progress: NodeProgress) -> Int? {
        guard let done = progress.done, let total = progress.total, total > 0 else { return nil }
        return Int(max(0, min(1, Double(done) / Double(total))) * 100)
    }

    /// `this takes about 2m10s, longest: repo:api → step:api-deps`; nil where nothing is known, or it is over before it is
    /// read.
    static func estimate(_ estimate: RunEstimate) -> String? {
        guard let seconds = estimate.seconds, seconds >= 1 else { return nil }
        let time = "this takes about " + (seconds < 60 ? "\(Int(seconds + 0.5))s" : TimeSpan.describe(seconds: seconds))
        let path = estimate.criticalPath.map(\.description)
        guard !path.isEmpty else { return time }
        let shown = path.count > 4 ? path.prefix(2) + ["…"] + path.suffix(2) : path[...]
        return time + ", longest: " + shown.joined(separator: " → ")
    }

    static func status(_ status: NodeResult.Status) -> String {
        status == .upToDate ? "up to date" : status.rawValue
    }

    static func interrupted(by signal: Int32) -> String {
        "\(Self.signal(signal)): nothing new starts; a second one ends everything at once"
    }

    static func signal(_ number: Int32) -> String {
        switch number {
        case 1: "SIGHUP"
        case 2: "SIGINT"
        case 15: "SIGTERM"
        default: "signal \(number)"
        }
    }
}
