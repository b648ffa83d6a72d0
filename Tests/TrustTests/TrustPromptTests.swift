import Testing
import Trust

@Suite struct TrustPromptTests {
    private func item(_ node: String, _ text: String, in location: String = "here") -> ExecutableItem {
        ExecutableItem(node: node, location: location, what: "run", text: text)
    }

    @Test func `commands are grouped by where they run`() {
        let items = [item("step:a", "make"), item("step:b", "npm ci\nnpm test\n", in: "in api"), item("step:c", "x")]
        #expect(
            TrustPrompt.text(items, previous: nil) == """
                here:
                  step:a run
                      make
                  step:c run
                      x
                in api:
                  step:b run
                      npm ci
                      npm test

                """)
    }

    @Test func `after a change only the difference is shown, old above new`() {
        let before = [item("step:a", "make"), item("step:b", "old"), item("step:gone", "x")]
        let after = [item("step:a", "make"), item("step:b", "new"), item("step:more", "y")]
        #expect(
            TrustPrompt.text(after, previous: before) == """
                here:
                  - step:b run
                      - old
                  + step:b run
                      + new
                  + step:more run
                      + y
                  - step:gone run
                      - x

                """)
        #expect(TrustPrompt.text(after, previous: after) == "")
    }

    @Test func `escape characters and bidirectional overrides are seen, in every field`() {
        let nasty = "a\u{1B}[2K\r\u{8}b\u{202E}c\u{2066}\u{200B}\u{FEFF}\u{85}\u{9B}31m\u{2028}\u{A0}\u{E0041}\t\u{0}d"
        let text = TrustPrompt.text(
            [ExecutableItem(node: nasty, location: nasty, what: nasty, text: nasty)], previous: nil)
        for scalar in text.unicodeScalars where scalar != "\n" {
            #expect((0x20..<0x7F).contains(scalar.value), "\(scalar.value)")
        }
        #expect(text.contains("a<U+001B>[2K<U+000D><U+0008>b<U+202E>c<U+2066><U+200B><U+FEFF>"))
        #expect(text.contains("<U+0085><U+009B>31m<U+2028><U+00A0><U+E0041><U+0009><U+0000>d"))
    }

    @Test func `a carriage return before a newline hides no line`() {
        #expect(VisibleText.lines("rm x\r\n#ok") == ["rm x<U+000D>", "#ok"])
        #expect(VisibleText.lines("") == [""] && VisibleText.lines("a\n\nb\n") == ["a", "", "b"])
    }

    @Test func `words of any language stay readable`() {
        #expect(VisibleText.show("Größe 数据 עברית é🙂") == "Größe 数据 עברית é🙂")
    }
}
