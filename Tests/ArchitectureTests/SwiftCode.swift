/// Swift source with comments and the contents of strings made blank; lines keep their places. What stands between
/// `\(` and `)` is code and stays. Bare regex literals are told by what stands before them.
struct SwiftCode {
    let text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    init(blanking source: String) {
        var scanner = Scanner(bytes: Array(source.utf8))
        scanner.code(untilParenthesis: false)
        text = String(decoding: scanner.output, as: UTF8.self)
    }

    private struct Scanner {
        let bytes: [UInt8]
        var output: [UInt8] = []
        var index = 0
        /// The last byte of code that is no space: tells a regex from a division.
        var last = UInt8(ascii: "\n")

        init(bytes: [UInt8]) {
            self.bytes = bytes
            output.reserveCapacity(bytes.count)
        }

        func at(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }

        mutating func keep() {
            let byte = bytes[index]
            output.append(byte)
            if byte != UInt8(ascii: " ") { last = byte }
            index += 1
        }

        mutating func blank(_ count: Int = 1) {
            for _ in 0..<count where index < bytes.count {
                output.append(bytes[index] == UInt8(ascii: "\n") ? bytes[index] : UInt8(ascii: " "))
                index += 1
            }
        }

        mutating func code(untilParenthesis nested: Bool) {
            var depth = 0
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "/") where at(1) == UInt8(ascii: "/"): lineComment()
                case UInt8(ascii: "/") where at(1) == UInt8(ascii: "*"): blockComment()
                case UInt8(ascii: "/") where beginsRegex: regex()
                case UInt8(ascii: "\""): string(pounds: 0)
                case UInt8(ascii: "#"):
                    var pounds = 0
                    while at(pounds) == UInt8(ascii: "#") { pounds += 1 }
                    if at(pounds) == UInt8(ascii: "\"") { string(pounds: pounds) } else { keep() }
                case UInt8(ascii: "("):
                    depth += 1
                    keep()
                case UInt8(ascii: ")"):
                    if nested, depth == 0 { return }
                    depth -= 1
                    keep()
                default: keep()
                }
            }
        }

        var beginsRegex: Bool {
            at(1) != UInt8(ascii: " ") && at(1) != UInt8(ascii: "\n") && "(,=:[{;#".utf8.contains(last)
        }

        mutating func lineComment() {
            while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { blank() }
        }

        mutating func blockComment() {
            var depth = 0
            repeat {
                if at(0) == UInt8(ascii: "/"), at(1) == UInt8(ascii: "*") {
                    depth += 1
                    blank(2)
                } else if at(0) == UInt8(ascii: "*"), at(1) == UInt8(ascii: "/") {
                    depth -= 1
                    blank(2)
                } else {
                    blank()
                }
            } while depth > 0 && index < bytes.count
        }

        mutating func regex() {
            blank()
            while index < bytes.count, bytes[index] != UInt8(ascii: "/"), bytes[index] != UInt8(ascii: "\n") {
                blank(bytes[index] == UInt8(ascii: "\\") ? 2 : 1)
            }
            blank()
        }

        mutating func string(pounds: Int) {
            blank(pounds)
            let quotes = at(1) == UInt8(ascii: "\"") && at(2) == UInt8(ascii: "\"") ? 3 : 1
            blank(quotes)
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "\\"), followed(byPounds: pounds, from: 1) {
                    blank(1 + pounds)
                    guard at(0) == UInt8(ascii: "(") else {
                        blank()
                        continue
                    }
                    blank()
                    code(untilParenthesis: true)
                    blank()
                } else if closes(quotes: quotes, pounds: pounds) {
                    blank(quotes + pounds)
                    last = UInt8(ascii: "\"")
                    return
                } else {
                    blank()
                }
            }
        }

        func closes(quotes: Int, pounds: Int) -> Bool {
            (0..<quotes).allSatisfy { at($0) == UInt8(ascii: "\"") } && followed(byPounds: pounds, from: quotes)
        }

        func followed(byPounds pounds: Int, from offset: Int) -> Bool {
            (0..<pounds).allSatisfy { at(offset + $0) == UInt8(ascii: "#") }
        }
    }
}
