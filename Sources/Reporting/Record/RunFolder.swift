public import Base
public import Execution

/// Where the record of one run stands: `.devinit/runs/ID/`.
public struct RunFolder: Hashable, Sendable {
    public let path: Path

    /// `runs`: the folder of all runs; `run`: the id of this one.
    public init(runs: Path, run: String) { path = runs / Self.fileName(run) }

    /// The events, a JSON document per line.
    public var events: Path { path / "events.ndjson" }
    /// The run as a Chrome trace, written at its end.
    public var trace: Path { path / "trace.json" }
    /// The output of one node.
    public func log(of id: NodeID) -> Path { path / (Self.fileName(id.description) + ".log") }

    /// A name that is one segment of a path. Two texts never share one unless they are longer than a file name
    /// may be and differ only in what is cut off.
    static func fileName(_ text: String) -> String {
        var name = ""
        for byte in text.utf8 {
            let isFirst = name.isEmpty
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "%"), 0..<0x20, 0x7F: name += escaped(byte)
            case UInt8(ascii: ".") where isFirst: name += escaped(byte)
            case 0x80...: name += escaped(byte)
            default: name.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        // 255 bytes are what file systems allow, an extension included.
        return name.utf8.count > 200 ? String(name.prefix(183)) + "~" + digest(text) : name
    }

    private static func escaped(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "%0" + digits : "%" + digits
    }

    /// FNV-1a, 64 bits.
    private static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}
