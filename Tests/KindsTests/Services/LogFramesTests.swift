import Testing

@testable import Kinds

struct LogFramesTests {
    private static func frame(_ text: String) -> [UInt8] {
        let length = text.utf8.count
        return [1, 0, 0, 0, 0, 0, UInt8(length >> 8), UInt8(length & 255)] + text.utf8
    }

    /// A frame of ten bytes has a line end in its head.
    @Test(arguments: [1, 2, 3, 7, 8, 9, 4096])
    func `heads are taken off wherever the pieces end, also one that looks like a line end`(size: Int) {
        let text = ["123456789\n", "a\n", String(repeating: "x", count: 3000) + "\n", "", "end"]
        let bytes = text.flatMap(Self.frame)
        var frames = LogFrames()
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            out += frames.add(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(String(decoding: out, as: UTF8.self) == text.joined())
    }

    @Test(arguments: [1, 3, 4096])
    func `what a terminal shows has no heads and stays whole`(size: Int) {
        let bytes = Array("\u{1}\u{0}ready\r\n\u{2}".utf8)
        var frames = LogFrames()
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            out += frames.add(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(out == bytes)
    }
}
