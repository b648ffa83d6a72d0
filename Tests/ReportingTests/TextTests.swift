import Testing

@testable import Reporting

@Suite struct TextTests {
    @Test(arguments: [
        ("plain", "plain"), ("\u{1B}[1;31mred\u{1B}[0m", "red"),
        ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{07}", "link"),
        ("10%\r20%\r", "20%"), ("abc\u{8}\u{8}d", "ad"), ("a\tb", "a       b"), ("1234567\tb", "1234567 b"),
        ("bell\u{7}", "bell^G"), ("\u{202E}evil", "<U+202E>evil"), ("\u{9B}2Jx", "x"), ("a\r\nb", "a b"),
        ("\u{1B}[", ""), ("日本", "日本"), ("del\u{7F}", "del^?"), ("\u{1B}(Bx", "x"), ("\u{85}x", " x"),
    ]) func `what could move the cursor is taken out or made visible`(raw: String, shown: String) {
        #expect(SafeText.line(raw) == shown)
        #expect(SafeText.line(SafeText.line(raw)) == shown)
    }

    @Test func `an endless line is cut`() {
        let text = SafeText.line(String(repeating: "é", count: 10_000))
        #expect(text.unicodeScalars.count == 4097 && text.hasSuffix("…"))
    }

    @Test func `lines are split at every kind of break`() {
        #expect(SafeText.lines("a\r\nb\n\nc\u{2028}d\n") == ["a", "b", "", "c", "d"])
        #expect(SafeText.lines("") == [])
    }

    @Test(arguments: [
        ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("❤️", 2), ("🇨🇭", 2), ("😀", 2), ("ｆ", 2), ("", 0), ("é", 1), ("한", 2),
    ]) func `width counts columns, not code points`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func `truncation never cuts through a character`() {
        #expect(DisplayWidth.truncate("日本語", to: 6, mark: "…") == "日本語")
        #expect(DisplayWidth.truncate("日本語", to: 5, mark: "…") == "日本…")
        #expect(DisplayWidth.truncate("日本語", to: 4, mark: "…") == "日…")
        #expect(DisplayWidth.truncate("e\u{301}e\u{301}e\u{301}", to: 2, mark: "…") == "e\u{301}…")
        #expect(DisplayWidth.truncate("abc", to: 2, mark: "...") == "..")
        #expect(DisplayWidth.truncate("abc", to: 0, mark: "…") == "")
    }

    @Test func `words are wrapped and a path is left whole`() {
        #expect(Wrapping.words("to be or not", columns: 5) == ["to be", "or", "not"])
        #expect(Wrapping.words("see /a/very/long/path now", columns: 8) == ["see", "/a/very/long/path", "now"])
        #expect(Wrapping.hard("日本語x", columns: 5) == ["日本", "語x"])
    }

    @Test func `a table aligns wide characters, cuts what may be cut and wraps the rest`() {
        var table = Table([
            Table.Column(overflow: .truncate(minimum: 4)), Table.Column(.right), Table.Column(overflow: .wrap),
        ])
        table.add(["日本", "1", "short"])
        table.add(["a-long-name", "12", "a reason that goes on for longer than there is room"])
        table.add(line: "across")
        #expect(
            utf.text(table.lines(width: nil, style: utf)) == """
                日本          1  short
                a-long-name  12  a reason that goes on for longer than there is room
                across

                """)
        #expect(
            utf.text(table.lines(width: 40, style: utf)) == """
                日本          1  short
                a-long-name  12  a reason that goes on
                                 for longer than there
                                 is room
                across

                """)
        #expect(
            utf.text(table.lines(width: 20, style: utf)) == """
                日本   1  short
                a-l…  12
                    a reason that
                    goes on for
                    longer than
                    there is room
                across

                """)
    }
}
